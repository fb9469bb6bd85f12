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

package dev.outbox.it.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.outbox.InvalidEventTypeException;
import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.topology.Topology;
import dev.outbox.transport.BrokerUnavailableException;
import dev.outbox.transport.DestinationInspector.Found;
import dev.outbox.transport.DestinationInspector.Inspection;
import dev.outbox.transport.TopologyDifference;
import dev.outbox.transport.TopologyMode;
import dev.outbox.transport.kafka.KafkaTopic;
import dev.outbox.transport.kafka.KafkaTopology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaAdmin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What Kafka makes of declared topics.
 */
class KafkaTopologyTests {

	private static final String ORDERS = "topology-orders";

	private static final String PLAIN = "topology-plain";

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final Topics topics = new Topics(KAFKA);

	private final KafkaTopology topology = topology(KAFKA.bootstrapServers());

	@AfterEach
	void deleteTopics() throws Exception {
		this.topics.delete(ORDERS, PLAIN);
	}

	@Test
	void aMissingTopicIsCreatedAsItIsDeclared() throws Exception {
		assertThat(this.topology.create(List.of(OrderPlaced.class, Plain.class))).isEmpty();
		this.topics.awaitPartitions(ORDERS, 3);
		assertThat(this.topics.config(ORDERS, "retention.ms")).isEqualTo("86400000");
		assertThat(this.topics.config(ORDERS, "compression.type")).isEqualTo("zstd");
		assertThat(this.topics.config(ORDERS, "cleanup.policy")).isEqualTo("compact,delete");
		assertThat(this.topics.config(ORDERS, "max.message.bytes")).isEqualTo("2097152");
		assertThat(this.topics.config(ORDERS, "segment.ms")).isEqualTo("3600000");
		assertThat(this.topics.config(ORDERS, "min.insync.replicas")).isEqualTo("1");
		await().until(() -> this.topics.exists(PLAIN));
		assertThat(this.topology.validate(List.of(OrderPlaced.class, Plain.class))).isEmpty();
	}

	@Test
	void comparingCreatesNothing() throws Exception {
		assertThat(this.topology.validate(List.of(OrderPlaced.class, Plain.class)))
			.extracting(TopologyDifference::toString)
			.containsExactlyInAnyOrder("Kafka topic 'topology-orders' is missing",
					"Kafka topic 'topology-plain' is missing");
		assertThat(this.topics.exists(ORDERS)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void everyDifferenceIsFoundAndNothingIsChanged(boolean create) throws Exception {
		KAFKA.createTopic(ORDERS, 1, Map.of("retention.ms", "1000", "cleanup.policy", "delete,compact"));
		List<Class<?>> classes = List.of(OrderPlaced.class);
		assertThat(create ? this.topology.create(classes) : this.topology.validate(classes))
			.extracting(TopologyDifference::toString)
			.containsExactlyInAnyOrder("Kafka topic 'topology-orders': partitions is 1, but 3 is declared",
					"Kafka topic 'topology-orders': retention.ms is 1000, but 86400000 is declared",
					"Kafka topic 'topology-orders': compression.type is producer, but zstd is declared",
					"Kafka topic 'topology-orders': max.message.bytes is 1048588, but 2097152 is declared",
					"Kafka topic 'topology-orders': segment.ms is 604800000, but 3600000 is declared");
		assertThat(this.topics.partitions(ORDERS)).isOne();
		assertThat(this.topics.config(ORDERS, "retention.ms")).isEqualTo("1000");
	}

	@Test
	void whatIsLeftOutIsNotCompared() {
		KAFKA.createTopic(PLAIN, 7, Map.of("retention.ms", "1000"));
		assertThat(this.topology.validate(List.of(Plain.class))).isEmpty();
	}

	@Test
	void instancesThatStartAtOnceDoNotDisturbEachOther() throws Exception {
		List<CompletableFuture<List<TopologyDifference>>> starts = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			starts.add(CompletableFuture.supplyAsync(
					() -> topology(KAFKA.bootstrapServers()).create(List.of(OrderPlaced.class, Plain.class)),
					(task) -> new Thread(task).start()));
		}
		for (CompletableFuture<List<TopologyDifference>> start : starts) {
			assertThat(start.get()).isEmpty();
		}
		this.topics.awaitPartitions(ORDERS, 3);
	}

	@Test
	void aTopicThatCannotBeCreatedIsReportedWithTheReason() throws Exception {
		assertThat(this.topology.create(List.of(TooManyReplicas.class, Plain.class))).singleElement()
			.asString()
			.startsWith("Kafka topic 'topology-orders' is missing and could not be created"
					+ " (InvalidReplicationFactorException");
		await("the others are created").until(() -> this.topics.exists(PLAIN));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aNameThatIsNotAllowedHidesNothingElse(boolean create) throws Exception {
		List<Class<?>> classes = List.of(Illegal.class, TooManyReplicas.class);
		assertThat(create ? this.topology.create(classes) : this.topology.validate(classes))
			.extracting(TopologyDifference::toString)
			.satisfiesExactlyInAnyOrder(
					(difference) -> assertThat(difference)
						.startsWith("Kafka topic 'topology orders' is not to be looked at (InvalidTopicException"),
					(difference) -> assertThat(difference).startsWith("Kafka topic 'topology-orders' is missing"));
	}

	@Test
	void valuesAreTheSameHoweverTheyAreWritten() {
		assertThat(this.topology.create(List.of(OddlyWritten.class))).isEmpty();
		assertThat(this.topology.create(List.of(OddlyWritten.class))).as("second start").isEmpty();
	}

	@Test
	void severalClassesMayDeclareOneTopicTogether() throws Exception {
		assertThat(this.topology.create(List.of(OrderNamed.class, OrderPlaced.class))).isEmpty();
		this.topics.awaitPartitions(ORDERS, 3);
	}

	@Test
	void declarationsThatContradictEachOtherAreRefusedBeforeAnythingIsCreated() throws Exception {
		assertThatExceptionOfType(InvalidEventTypeException.class)
			.isThrownBy(() -> this.topology.create(List.of(Plain.class, OrderPlaced.class, OrderSpread.class)))
			.withMessageContaining(OrderSpread.class.getName())
			.withMessageContaining("partitions=6")
			.withMessageContaining("3 is declared");
		assertThat(this.topics.exists(PLAIN)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(classes = { WrongRetention.class, WrongPartitions.class, WrongConfig.class, WrongSize.class,
			WrongReplicas.class, Composing.class })
	void aDeclarationThatCannotBeReadIsRefused(Class<?> wrong) {
		assertThatExceptionOfType(InvalidEventTypeException.class)
			.isThrownBy(() -> this.topology.validate(List.of(wrong)))
			.withMessageContaining(wrong.getName());
	}

	@Test
	void aBrokerThatDoesNotAnswerIsUnavailable() {
		assertThatExceptionOfType(BrokerUnavailableException.class)
			.isThrownBy(() -> topology("127.0.0.1:1").create(List.of(Plain.class)))
			.withMessageContaining("127.0.0.1:1");
	}

	@Test
	void whatBecomesOfDeclaredTopicsIsFoundByTheDoctor() throws Exception {
		try (Topology started = new Topology(TopologyMode.CREATE, List.of(this.topology), (type, transport) -> true,
				Duration.ofSeconds(1))) {
			started.start(List.of(OrderPlaced.class));
			this.topics.awaitPartitions(ORDERS, 3);
			Examination examination = started.examination();
			assertThat(examination.examine()).isEmpty();
			this.topics.change(ORDERS, 4, "retention.ms", "1000");
			this.topics.awaitPartitions(ORDERS, 4);
			await().untilAsserted(() -> assertThat(examination.examine()).extracting(Finding::code)
				.containsExactlyInAnyOrder("partition-count-changed", "destination-differs"));
			this.topics.delete(ORDERS);
			assertThat(examination.examine()).extracting(Finding::code).containsExactly("destination-missing");
		}
	}

	@Test
	void topicsOfOthersAreLookedAtAndNotCreated() throws Exception {
		KAFKA.createTopic(PLAIN, 7, Map.of("min.insync.replicas", "1"));
		assertThat(this.topology.inspect(List.of(PLAIN, ORDERS, "not allowed")))
			.isEqualTo(new Inspection(Map.of(PLAIN, new Found(7, 1, 1)), Set.of(ORDERS)));
		assertThat(this.topics.exists(ORDERS)).isFalse();
	}

	private static KafkaTopology topology(String servers) {
		Map<String, Object> settings = Map.of("bootstrap.servers", servers);
		return KafkaTopology.of(new DefaultKafkaProducerFactory<>(settings), new KafkaAdmin(settings));
	}

	@KafkaTopic(name = ORDERS, partitions = 3, replicas = 1, retention = "1d", compression = "zstd",
			cleanupPolicy = "compact,delete", minInsyncReplicas = 1, maxMessageSize = "2MB",
			configs = "segment.ms=3600000")
	record OrderPlaced() {

	}

	@KafkaTopic(name = ORDERS)
	record OrderNamed() {

	}

	@KafkaTopic(name = ORDERS, partitions = 6)
	record OrderSpread() {

	}

	@KafkaTopic(name = ORDERS, replicas = 5)
	record TooManyReplicas() {

	}

	@KafkaTopic(name = PLAIN)
	record Plain() {

	}

	@KafkaTopic(name = PLAIN, retention = "a day")
	record WrongRetention() {

	}

	@KafkaTopic(name = PLAIN, partitions = 0)
	record WrongPartitions() {

	}

	@KafkaTopic(name = PLAIN, replicas = 65_537)
	record WrongReplicas() {

	}

	@KafkaTopic(name = PLAIN)
	@interface Composing {

	}

	@KafkaTopic(name = "topology orders")
	record Illegal() {

	}

	@KafkaTopic(name = PLAIN, configs = { "min.cleanable.dirty.ratio=0.50", "preallocate=FALSE",
			"cleanup.policy=delete, compact", "segment.ms=0360000" })
	record OddlyWritten() {

	}

	@KafkaTopic(name = PLAIN, configs = "segment.ms")
	record WrongConfig() {

	}

	@KafkaTopic(name = PLAIN, maxMessageSize = "large")
	record WrongSize() {

	}

}
