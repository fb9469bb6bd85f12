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

package dev.outbox.it.rabbit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import com.rabbitmq.client.BuiltinExchangeType;
import dev.outbox.OutboxEvent;
import dev.outbox.OutboxMessage;
import dev.outbox.actuate.OutboxHealthIndicator;
import dev.outbox.autoconfigure.transport.kafka.OutboxKafkaAutoConfiguration;
import dev.outbox.autoconfigure.transport.rabbit.OutboxRabbitAutoConfiguration;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.net.FaultProxy;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.fixtures.rabbit.EnabledIfRabbit;
import dev.outbox.fixtures.rabbit.RabbitRecord;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.it.rabbit.ShopApplication.Shop;
import dev.outbox.transport.kafka.KafkaTopic;
import dev.outbox.transport.rabbit.RabbitTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Applications that have Kafka and RabbitMQ: {@code order.placed} goes to the one, and
 * {@code order.paid} to the other.
 */
@EnabledIfRabbit
class BothBrokersTests {

	static final String WITHOUT_KAFKA = OutboxKafkaAutoConfiguration.class.getName();

	private static final String WITHOUT_RABBIT = OutboxRabbitAutoConfiguration.class.getName();

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	@RegisterExtension
	static final RabbitVirtualHost RABBIT = RabbitVirtualHost.fresh();

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final PostgresDatabase database = PostgresDatabase.fresh();

	private String topic;

	private String queue;

	@BeforeEach
	void createDestinations() {
		this.topic = KAFKA.uniqueTopic(1);
		this.queue = exchange(this.topic);
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void trap15AStoredEventGoesToItsOwnBrokerAndDestinationAlthoughTheRoutesHaveChanged() {
		try (ConfigurableApplicationContext writer = both().with("outbox.relay.enabled=false").run()) {
			writer.getBean(Shop.class).publish(placed("1"), paid("2"));
		}
		String otherTopic = KAFKA.uniqueTopic(1);
		String otherQueue = exchange(otherTopic);
		try (ConfigurableApplicationContext relay = both().with(route("order.placed", "rabbit", otherTopic))
			.with(route("order.paid", "kafka", otherTopic))
			.run()) {
			relay.getBean(Shop.class).publish(placed("3"), paid("4"));
			await().atMost(PATIENCE).until(() -> left() == 0);
		}
		assertThat(KAFKA.readAll(this.topic)).map(KafkaRecord::text).containsExactly("1");
		assertThat(RABBIT.drain(this.queue)).map(RabbitRecord::text).containsExactly("2");
		assertThat(RABBIT.drain(otherQueue)).map(RabbitRecord::text).containsExactly("3");
		assertThat(KAFKA.readAll(otherTopic)).map(KafkaRecord::text).containsExactly("4");
	}

	@Test
	void aStoredEventGoesWhereItsClassSaidThenAlthoughTheDeclarationHasChanged() {
		KAFKA.createTopic("moved-before", 1, Map.of());
		KAFKA.createTopic("returned-after", 1, Map.of());
		String returnedBefore = exchange("returned-before");
		String movedAfter = exchange("moved-after");
		try (ConfigurableApplicationContext writer = application().with("outbox.relay.enabled=false").run()) {
			writer.getBean(Shop.class).publishEvents(new MovedBefore("1"), new ReturnedBefore("2"));
		}
		try (ConfigurableApplicationContext relay = application().run()) {
			relay.getBean(Shop.class).publishEvents(new MovedAfter("3"), new ReturnedAfter("4"));
			await().atMost(PATIENCE).until(() -> left() == 0);
		}
		assertThat(KAFKA.readAll("moved-before")).map(KafkaRecord::text).containsExactly("{\"orderId\":\"1\"}");
		assertThat(RABBIT.drain(returnedBefore)).map(RabbitRecord::text).containsExactly("{\"orderId\":\"2\"}");
		assertThat(RABBIT.drain(movedAfter)).map(RabbitRecord::text).containsExactly("{\"orderId\":\"3\"}");
		assertThat(KAFKA.readAll("returned-after")).map(KafkaRecord::text).containsExactly("{\"orderId\":\"4\"}");
	}

	@Test
	void aBrokerThatIsAwayDoesNotHoldUpTheOther() {
		try (FaultProxy proxy = FaultProxy.to(RABBIT.port());
				ConfigurableApplicationContext application = both()
					.with("spring.rabbitmq.port=" + proxy.port(), "outbox.publish-timeout=6s")
					.run()) {
			Shop shop = application.getBean(Shop.class);
			proxy.refuse();
			shop.publish(paid("1"), placed("2"));
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(KAFKA.readAll(this.topic)).map(KafkaRecord::text).containsExactly("2"));
			assertThat(left()).isPositive();
			awaitPause(application, "rabbit", "No connection to RabbitMQ");
			proxy.restore();
			await().atMost(PATIENCE).until(() -> left() == 0);
			awaitNoPause(application);
			KAFKA.stop();
			shop.publish(placed("3"), paid("4"));
			assertThat(RABBIT.await(this.queue, 2, PATIENCE)).map(RabbitRecord::text).containsExactly("1", "4");
			assertThat(left()).isPositive();
			awaitPause(application, "kafka", "Kafka");
			KAFKA.start();
			await().atMost(PATIENCE).until(() -> left() == 0);
			awaitNoPause(application);
			assertThat(KAFKA.readAll(this.topic)).map(KafkaRecord::text).containsExactly("2", "3");
		}
	}

	@Test
	void anInstanceWithoutABrokerLeavesItsEventsToOneThatHasIt() {
		try (ConfigurableApplicationContext writer = both().with("outbox.relay.enabled=false").run();
				ConfigurableApplicationContext kafkaOnly = application().with(without(WITHOUT_RABBIT)).run()) {
			assertThat(kafkaOnly.isRunning()).isTrue();
			writer.getBean(Shop.class).publish(paid("1"), placed("2"));
			await().atMost(PATIENCE).until(() -> left() == 1);
			assertThat(KAFKA.readAll(this.topic)).map(KafkaRecord::text).containsExactly("2");
			assertThat(this.database.query("SELECT DISTINCT transport FROM outbox_partition WHERE owner IS NOT NULL"))
				.extracting((row) -> row.get("transport"))
				.containsExactly("kafka");
			try (ConfigurableApplicationContext rabbitOnly = application()
				.with(without(WITHOUT_KAFKA), "outbox.transport=rabbit")
				.run()) {
				assertThat(rabbitOnly.isRunning()).isTrue();
				assertThat(RABBIT.await(this.queue, 1, PATIENCE)).map(RabbitRecord::text).containsExactly("1");
				await().atMost(PATIENCE).until(() -> left() == 0);
			}
		}
	}

	/**
	 * The outbox is up although a broker is away, and says which destination waits and
	 * why.
	 */
	private void awaitPause(ConfigurableApplicationContext application, String transport, String reason) {
		await().atMost(PATIENCE).untilAsserted(() -> {
			Map<String, Map<String, String>> paused = pausedDestinations(application);
			assertThat(paused.remove(transport)).containsOnlyKeys(this.topic)
				.hasEntrySatisfying(this.topic, (why) -> assertThat(why).contains(reason));
			assertThat(paused.values()).containsExactly(Map.of());
		});
	}

	private void awaitNoPause(ConfigurableApplicationContext application) {
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(pausedDestinations(application).values()).hasSize(2).containsOnly(Map.of()));
	}

	/**
	 * Returns what the health component tells of each transport.
	 */
	@SuppressWarnings("unchecked")
	private static Map<String, Map<String, String>> pausedDestinations(ConfigurableApplicationContext application) {
		Health health = application.getBean(OutboxHealthIndicator.class).health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		Map<String, Map<String, String>> paused = new LinkedHashMap<>();
		((Map<String, Map<String, Object>>) health.getDetails().get("transports")).forEach(
				(transport, details) -> paused.put(transport, (Map<String, String>) details.get("pausedDestinations")));
		return paused;
	}

	private long left() {
		return this.database.number("SELECT count(*) FROM outbox_event");
	}

	private TestApplication both() {
		return application().with(route("order.placed", "kafka", this.topic))
			.with(route("order.paid", "rabbit", this.topic));
	}

	private TestApplication application() {
		return TestApplication.of(ShopApplication.class, this.database)
			.on(KAFKA)
			.on(RABBIT)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, ShopApplication.WITHOUT_DECLARATIONS,
					"outbox.relay.max-destination-pause=1s");
	}

	private static String without(String autoConfiguration) {
		return TestApplication.WITHOUT_JPA + "," + autoConfiguration;
	}

	private static String[] route(String type, String transport, String destination) {
		String name = "outbox.routes.[" + type + "].";
		return new String[] { name + "transport=" + transport, name + "destination=" + destination };
	}

	private static OutboxMessage.Builder placed(String payload) {
		return OutboxMessage.builder().key("o-1").eventType("order.placed").payload(payload).contentType("text/plain");
	}

	private static OutboxMessage.Builder paid(String payload) {
		return OutboxMessage.builder().key("o-1").eventType("order.paid").payload(payload).contentType("text/plain");
	}

	private static String exchange(String name) {
		return RabbitTransports.bound(RABBIT, name, BuiltinExchangeType.TOPIC, "order.*");
	}

	@OutboxEvent(type = "order.moved")
	@KafkaTopic(name = "moved-before", key = "orderId")
	record MovedBefore(String orderId) {

	}

	@OutboxEvent(type = "order.moved")
	@RabbitTopic(exchange = "moved-after", type = "topic", routingKey = "order.moved", key = "orderId")
	record MovedAfter(String orderId) {

	}

	@OutboxEvent(type = "order.returned")
	@RabbitTopic(exchange = "returned-before", type = "topic", routingKey = "order.returned", key = "orderId")
	record ReturnedBefore(String orderId) {

	}

	@OutboxEvent(type = "order.returned")
	@KafkaTopic(name = "returned-after", key = "orderId")
	record ReturnedAfter(String orderId) {

	}

}
