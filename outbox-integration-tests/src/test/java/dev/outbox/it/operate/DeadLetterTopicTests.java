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

package dev.outbox.it.operate;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.deadletter.DeadLetters;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.listener.DeadLetterAlert;
import dev.outbox.listener.OutboxEventDead;
import dev.outbox.listener.OutboxEventPublished;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who is told of dead letters: two instances, a real database and a real broker that
 * refuses events.
 */
class DeadLetterTopicTests {

	private static final Duration LONGEST = Duration.ofSeconds(60);

	private static final int EVENTS = 20;

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final PostgresDatabase database = PostgresDatabase.fresh();

	private final String topic = "topic-" + UUID.randomUUID();

	private final List<ConfigurableApplicationContext> instances = new ArrayList<>();

	@BeforeEach
	void createTopic() {
		KAFKA.createTopic(this.topic, 1, Map.of("max.message.bytes", "1000"));
	}

	@AfterEach
	void stop() {
		this.instances.forEach(ConfigurableApplicationContext::close);
		this.database.close();
	}

	private void start(String... properties) {
		this.instances.add(TestApplication.of(Told.class, this.database)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.relay.lease=2s",
					"outbox.dead-letter.topic.interval=100ms")
			.with(properties)
			.run());
	}

	@Test
	void eachDeadLetterIsCopiedAndAlertedOfOnceInTheCluster() {
		KAFKA.createTopic(this.topic + ".dlq", 1);
		start("outbox.dead-letter.topic.name={destination}.dlq");
		start("outbox.dead-letter.topic.name={destination}.dlq");
		IntStream.range(0, EVENTS).forEach((i) -> publish("key-" + i, 5_000));
		publish("small", 10);
		List<KafkaRecord> copies = await().atMost(LONGEST)
			.until(() -> KAFKA.readAll(this.topic + ".dlq"), (found) -> found.size() >= EVENTS);
		assertThat(copies).extracting(KafkaRecord::key).doesNotHaveDuplicates().doesNotContain("small");
		List<DeadLetter> letters = letters();
		assertThat(letters).hasSize(EVENTS);
		for (DeadLetter letter : letters) {
			assertThat(copies).filteredOn((copy) -> letter.event().id().toString().equals(copy.headers().get("ce_id")))
				.singleElement()
				.satisfies((copy) -> {
					assertThat(copy.text()).hasSize(5_000);
					assertThat(copy.headers()).containsEntry("x-original-topic", this.topic)
						.containsEntry("x-original-transport", "kafka")
						.containsEntry("x-event-id", letter.event().id().toString())
						.containsEntry("x-error-fingerprint", letter.fingerprint())
						.containsEntry("x-died-at", letter.diedAt().toString())
						.containsEntry("x-attempts", String.valueOf(letter.attempts()))
						.containsKey("x-error-message");
				});
		}
		await().atMost(LONGEST).untilAsserted(() -> assertThat(alerts()).hasSize(EVENTS));
		assertThat(alerts()).extracting((dead) -> dead.event().id())
			.containsExactlyInAnyOrderElementsOf(letters.stream().map((letter) -> letter.event().id()).toList());
		assertThat(alerts()).allSatisfy((dead) -> assertThat(dead.event().payload()).isEmpty());
		await().atMost(LONGEST).untilAsserted(() -> assertThat(all(Told::heard)).hasSize(EVENTS));
		assertThat(all(Told::published)).isEmpty();
	}

	/**
	 * The row stays, for a topic that refuses the event may refuse its copy too.
	 */
	@Test
	void aCopyThatTheBrokerRefusesLeavesTheDeadLetterWhereItIs() {
		KAFKA.createTopic(this.topic + ".dlq", 1, Map.of("max.message.bytes", "1000"));
		start("outbox.dead-letter.topic.name={destination}.dlq", "outbox.dead-letter.topic.max-retries=1");
		publish("a", 5_000);
		await().atMost(LONGEST).untilAsserted(() -> {
			assertThat(letters()).hasSize(1);
			assertThat(this.database.number("SELECT count(*) FROM outbox_dead_letter WHERE forward_at IS NOT NULL"))
				.isZero();
		});
		assertThat(KAFKA.readAll(this.topic + ".dlq")).isEmpty();
	}

	@Test
	void whatIsTooOldIsNotCopied() {
		KAFKA.createTopic(this.topic + ".dlq", 1);
		start("outbox.dead-letter.topic.name={destination}.dlq", "outbox.dead-letter.topic.ttl=1ms");
		publish("a", 5_000);
		await().atMost(LONGEST).untilAsserted(() -> {
			assertThat(letters()).hasSize(1);
			assertThat(this.database.number("SELECT count(*) FROM outbox_dead_letter WHERE forward_at IS NOT NULL"))
				.isZero();
		});
		assertThat(KAFKA.readAll(this.topic + ".dlq")).isEmpty();
	}

	@Test
	void withoutATopicNothingIsCopiedAndDeliveriesAreToldIfWanted() {
		start("outbox.application-events=all");
		publish("a", 5_000);
		publish("small", 10);
		await().atMost(LONGEST).untilAsserted(() -> {
			assertThat(all(Told::heard)).hasSize(1);
			assertThat(all(Told::published)).extracting((told) -> told.event().key()).containsExactly("small");
		});
		assertThat(this.database.number("SELECT count(*) FROM outbox_dead_letter WHERE forward_at IS NOT NULL"))
			.isZero();
	}

	private List<DeadLetter> letters() {
		return this.instances.get(0).getBean(DeadLetterStore.class).list(DeadLetterFilter.all(), 0, 1000);
	}

	private List<OutboxEventDead> alerts() {
		return all(Told::alerts);
	}

	private <T> List<T> all(Function<Told, Queue<T>> what) {
		return this.instances.stream()
			.map((context) -> context.getBean(Told.class))
			.flatMap((told) -> what.apply(told).stream())
			.toList();
	}

	private void publish(String key, int size) {
		this.instances.get(0)
			.getBean(OutboxTemplate.class)
			.publishTransactional(OutboxMessage.builder()
				.eventType("order.placed")
				.key(key)
				.destination(this.topic)
				.payload("x".repeat(size).getBytes(StandardCharsets.UTF_8))
				.build());
	}

	/**
	 * An application that wants to know.
	 */
	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Told {

		private final Queue<OutboxEventDead> alerts = new ConcurrentLinkedQueue<>();

		private final Queue<OutboxEventDead> heard = new ConcurrentLinkedQueue<>();

		private final Queue<OutboxEventPublished> published = new ConcurrentLinkedQueue<>();

		/**
		 * An alert may want to publish or to act.
		 */
		@Bean
		DeadLetterAlert alert(OutboxPublisher publisher, DeadLetters letters) {
			assertThat(publisher).isNotNull();
			assertThat(letters).isNotNull();
			return (dead, leftOut) -> this.alerts.add(dead);
		}

		@EventListener
		void onDead(OutboxEventDead dead) {
			this.heard.add(dead);
		}

		@EventListener
		void onPublished(OutboxEventPublished done) {
			this.published.add(done);
		}

		Queue<OutboxEventDead> alerts() {
			return this.alerts;
		}

		Queue<OutboxEventDead> heard() {
			return this.heard;
		}

		Queue<OutboxEventPublished> published() {
			return this.published;
		}

	}

}
