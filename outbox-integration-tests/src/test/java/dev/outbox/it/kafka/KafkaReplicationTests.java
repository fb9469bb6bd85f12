/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.it.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.test.contract.RecordedDelivery;
import dev.outbox.topology.DestinationExamination;
import dev.outbox.transport.kafka.KafkaTopology;
import dev.outbox.transport.kafka.KafkaTransport;
import kafka.server.KafkaBroker;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What only a cluster of several brokers shows.
 */
class KafkaReplicationTests {

	private static final String TOPIC = "orders";

	private final KafkaClusterTestKit cluster;

	KafkaReplicationTests() throws Exception {
		TestKitNodes nodes = new TestKitNodes.Builder().setCombined(false)
			.setNumControllerNodes(1)
			.setNumBrokerNodes(3)
			.build();
		KafkaClusterTestKit.Builder builder = new KafkaClusterTestKit.Builder(nodes);
		Map.of("num.network.threads", "1", "num.io.threads", "2").forEach(builder::setConfigProp);
		this.cluster = builder.build();
	}

	@BeforeEach
	void start() throws Exception {
		this.cluster.format();
		this.cluster.startup();
		this.cluster.waitForReadyBrokers();
		createTopic(TOPIC, List.of(0, 1), "2");
	}

	@AfterEach
	void stop() throws Exception {
		this.cluster.close();
	}

	@Test
	void trap6NothingCountsAsSentThatTooFewReplicasHave() {
		try (KafkaTransport transport = transport(this.cluster.bootstrapServers())) {
			untilAcknowledged(transport, "replicated");
			KafkaBroker second = this.cluster.brokers().get(1);
			second.shutdown();
			second.awaitShutdown();
			RecordedDelivery alone = KafkaDeliveries.to(TOPIC, "key", "alone");
			transport.send(List.of(alone));
			assertThat(alone.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
			second.startup();
			untilAcknowledged(transport, "again");
		}
	}

	/**
	 * Sends until the cluster is there, which has just started.
	 */
	private static void untilAcknowledged(KafkaTransport transport, String text) {
		Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> {
			RecordedDelivery delivery = KafkaDeliveries.to(TOPIC, "key", text);
			transport.send(List.of(delivery));
			return delivery.await().isAcknowledged();
		});
	}

	/**
	 * What is acknowledged would be lost with one machine.
	 */
	@Test
	void aTopicOfWhichOneReplicaAcknowledgesIsNamedByTheDoctor() throws Exception {
		createTopic("payments", List.of(0, 1, 2), "1");
		createTopic("bills", List.of(0, 1, 2), "2");
		Map<String, Object> settings = Map.of("bootstrap.servers", this.cluster.bootstrapServers());
		Set<Destination> used = Set.of(new Destination("kafka", TOPIC), new Destination("kafka", "payments"),
				new Destination("kafka", "bills"));
		DestinationExamination examination = new DestinationExamination(
				List.of(KafkaTopology.of(new DefaultKafkaProducerFactory<>(settings), new KafkaAdmin(settings))),
				Set::of, () -> used);
		// Which broker answers, and whether it has heard of all topics, is anybody's
		// guess.
		Awaitility.await()
			.untilAsserted(() -> assertThat(examination.examine()).singleElement().satisfies((finding) -> {
				assertThat(finding.code()).isEqualTo("one-replica-acknowledges");
				assertThat(finding.subject()).isEqualTo("kafka:payments");
			}));
	}

	private void createTopic(String name, List<Integer> replicas, String insync) throws Exception {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.cluster.bootstrapServers()))) {
			// The first of the replicas leads: the one that stays.
			NewTopic topic = new NewTopic(name, Map.of(0, replicas)).configs(Map.of("min.insync.replicas", insync));
			admin.createTopics(List.of(topic)).all().get();
		}
	}

	private static KafkaTransport transport(String bootstrapServers) {
		return new KafkaTransport(new DefaultKafkaProducerFactory<>(Map.of("bootstrap.servers", bootstrapServers)),
				Duration.ofSeconds(6), 1 << 20, Clock.systemUTC());
	}

}
