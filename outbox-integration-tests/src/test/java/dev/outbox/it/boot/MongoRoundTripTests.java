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

package dev.outbox.it.boot;

import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

import dev.outbox.actuate.OutboxHealthIndicator;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.fixtures.process.ForkedJvm;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.store.CommitSignals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Round trips through MongoDB.
 */
@ExtendWith(OutputCaptureExtension.class)
class MongoRoundTripTests extends DeliveryContract {

	private final MongoTestDatabase database = MongoTestDatabase.fresh();

	@BeforeEach
	void createBusinessCollection() {
		this.database.database().createCollection("orders");
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void instancesShareThePartitions() {
		try (ConfigurableApplicationContext one = application().run();
				ConfigurableApplicationContext other = application().run()) {
			await()
				.untilAsserted(() -> assertThat(List.of(partitions(one), partitions(other))).containsExactly(32, 32));
			for (int number = 1; number <= 20; number++) {
				((number % 2 == 0) ? one : other).getBean(Orders.class).place("o-" + number % 4, number);
			}
			awaitDelivered(20);
			for (int key = 0; key < 4; key++) {
				assertThat(numbers("o-" + key))
					.containsExactlyElementsOf(IntStream.rangeClosed(1, 20).filter(ofKey(key)).boxed().toList());
			}
		}
	}

	private static IntPredicate ofKey(int key) {
		return (number) -> number % 4 == key;
	}

	private static int partitions(ConfigurableApplicationContext context) {
		return context.getBean(OutboxRelay.class).status().lanes().get("kafka").partitions().size();
	}

	private List<Integer> numbers(String key) {
		return KAFKA.readAll(topic())
			.stream()
			.filter((event) -> event.key().equals(key))
			.map(KafkaRecord::text)
			.map((text) -> Integer.valueOf(text.replaceAll(".*:(\\d+)}", "$1")))
			.toList();
	}

	/**
	 * By the change stream, which goes on after the first of them.
	 */
	@Test
	void anInstanceThatListensHearsOfEventsOfOthers(CapturedOutput output) {
		try (ConfigurableApplicationContext writer = application().with("outbox.relay.enabled=false").run();
				ConfigurableApplicationContext relay = application().with("outbox.relay.poll-interval=1h").run()) {
			await().until(relay.getBean(CommitSignals.class)::isListening);
			for (int number = 1; number <= 3; number++) {
				writer.getBean(Orders.class).place("o-1", number);
				awaitDelivered(number);
			}
			assertThat(numbers("o-1")).containsExactly(1, 2, 3);
			assertThat(output).doesNotContain("The change stream of outbox_event has ended");
		}
	}

	@Test
	void anInstanceThatDoesNotListenPolls() {
		try (ConfigurableApplicationContext writer = application().with("outbox.relay.enabled=false").run();
				ConfigurableApplicationContext relay = application()
					.with("outbox.relay.datasource.listen=false", "outbox.relay.poll-interval=50ms")
					.run()) {
			writer.getBean(Orders.class).place("o-1", 1);
			awaitDelivered(1);
			await().untilAsserted(() -> assertThat(relay.getBean(OutboxHealthIndicator.class).health().getStatus())
				.isEqualTo(Status.UP));
		}
	}

	/**
	 * With the classes that are not there really missing.
	 */
	@Test
	void anApplicationNeedsNothingOfRelationalDatabases() {
		try (ForkedJvm application = ForkedJvm.of(MongoApplication.class)
			.classPath(NonRelational.classPath())
			.arguments("spring.mongodb.uri=" + this.database.uri(),
					"spring.kafka.bootstrap-servers=" + KAFKA.bootstrapServers(), "spring.main.keep-alive=true",
					"outbox.routes.[order.placed].destination=" + topic())
			.start()) {
			awaitDelivered(1);
			assertThat(application.isAlive()).isTrue();
		}
	}

	@Override
	TestApplication application() {
		return TestApplication.of(MongoApplication.class)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_DATA_SOURCE, "spring.mongodb.uri=" + this.database.uri(),
					"outbox.routes.[order.placed].destination=" + topic());
	}

	@Override
	long orders() {
		return this.database.database().getCollection("orders").countDocuments();
	}

	@Override
	long count(String table) {
		return this.database.database().getCollection("outbox_" + table).countDocuments();
	}

}
