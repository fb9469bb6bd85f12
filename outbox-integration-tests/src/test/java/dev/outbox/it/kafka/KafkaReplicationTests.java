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

import dev.outbox.FailureKind;
import dev.outbox.it.transport.RecordedDelivery;
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

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What only a cluster of two brokers shows.
 */
class KafkaReplicationTests {

	private static final String TOPIC = "orders";

	private final KafkaClusterTestKit cluster;

	KafkaReplicationTests() throws Exception {
		TestKitNodes nodes = new TestKitNodes.Builder().setCombined(false)
			.setNumControllerNodes(1)
			.setNumBrokerNodes(2)
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
		createTopic(this.cluster.bootstrapServers());
	}

	@AfterEach
	void stop() throws Exception {
		this.cluster.close();
	}

	@Test
	void trap6NothingCountsAsSentThatTooFewReplicasHave() {
		try (KafkaTransport transport = transport(this.cluster.bootstrapServers())) {
			RecordedDelivery replicated = RecordedDelivery.to(TOPIC, "key", "replicated");
			transport.send(List.of(replicated));
			assertThat(replicated.await().failure()).isNull();
			KafkaBroker second = this.cluster.brokers().get(1);
			second.shutdown();
			second.awaitShutdown();
			RecordedDelivery alone = RecordedDelivery.to(TOPIC, "key", "alone");
			transport.send(List.of(alone));
			assertThat(alone.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
			second.startup();
			Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> {
				RecordedDelivery again = RecordedDelivery.to(TOPIC, "key", "again");
				transport.send(List.of(again));
				return again.await().isAcknowledged();
			});
		}
	}

	private static void createTopic(String bootstrapServers) throws Exception {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
			// The first of the replicas leads: the one that stays.
			NewTopic topic = new NewTopic(TOPIC, Map.of(0, List.of(0, 1))).configs(Map.of("min.insync.replicas", "2"));
			admin.createTopics(List.of(topic)).all().get();
		}
	}

	private static KafkaTransport transport(String bootstrapServers) {
		return new KafkaTransport(new DefaultKafkaProducerFactory<>(Map.of("bootstrap.servers", bootstrapServers)),
				Duration.ofSeconds(6), 1 << 20, Clock.systemUTC());
	}

}
