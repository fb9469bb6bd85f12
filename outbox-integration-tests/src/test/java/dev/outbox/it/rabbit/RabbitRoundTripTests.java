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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.rabbitmq.client.BuiltinExchangeType;
import dev.outbox.FailureKind;
import dev.outbox.InvalidMessageException;
import dev.outbox.OutboxMessage;
import dev.outbox.archive.OutboxArchive;
import dev.outbox.fixtures.net.FaultProxy;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.fixtures.rabbit.EnabledIfRabbit;
import dev.outbox.fixtures.rabbit.RabbitRecord;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.it.rabbit.ShopApplication.Failure;
import dev.outbox.it.rabbit.ShopApplication.Failures;
import dev.outbox.it.rabbit.ShopApplication.Shop;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchiveStore;
import dev.outbox.transport.rabbit.RabbitOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * From a transaction to a queue, through an application that has RabbitMQ.
 */
@EnabledIfRabbit
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RabbitRoundTripTests {

	@RegisterExtension
	static final RabbitVirtualHost RABBIT = RabbitVirtualHost.fresh();

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String TYPE = "order.placed";

	@RegisterExtension
	final PostgresDatabase database = PostgresDatabase.fresh();

	private ConfigurableApplicationContext context;

	private Shop shop;

	@BeforeAll
	void start() {
		this.database.sql("CREATE TABLE counter (name varchar(100) PRIMARY KEY, n integer NOT NULL)");
		this.context = application(this.database)
			.with("outbox.published.mode=archive", "outbox.published.retention=7d",
					"outbox.relay.max-destination-pause=1s", "outbox.retry.max-interval=1s")
			.run();
		this.shop = this.context.getBean(Shop.class);
	}

	@AfterAll
	void stop() {
		this.context.close();
	}

	@Test
	void whatIsCommittedArrivesWithTheHeadersOfTheOutboxAndWhatIsRolledBackDoesNot() {
		String queue = bound("golden", BuiltinExchangeType.TOPIC, "order.*");
		UUID id = UUID.randomUUID();
		Instant occurred = Instant.parse("2026-11-21T10:15:30Z");
		assertThatIllegalStateException()
			.isThrownBy(() -> this.shop.publishAndFail(message("golden", "rolled back").key("o-1")));
		this.shop.publish(OutboxMessage.builder()
			.id(id)
			.key("o-1")
			.aggregateType("order")
			.aggregateId("1")
			.eventType(TYPE)
			.version(3)
			.destination("golden")
			.correlationId("request-7")
			.occurredAt(occurred)
			.header("count", 5)
			.header("flag", true)
			.header("text", "x")
			.payload("{\"total\":7}")
			.contentType("application/json"));
		RabbitRecord record = RABBIT.await(queue, 1, PATIENCE).get(0);
		assertThat(record.text()).isEqualTo("{\"total\":7}");
		assertThat(record.exchange()).isEqualTo("golden");
		assertThat(record.routingKey()).isEqualTo(TYPE);
		Map<String, Object> golden = new HashMap<>(Map.of("count", 5, "flag", true, "text", "x"));
		golden
			.putAll(Map.of("cloudEvents_specversion", "1.0", "cloudEvents_id", id.toString(), "cloudEvents_type", TYPE,
					"cloudEvents_source", "shop", "cloudEvents_time", occurred.toString(), "cloudEvents_subject", "1"));
		golden.putAll(Map.of("event_version", 3, "aggregate_type", "order", "aggregate_id", "1", "correlation_id",
				"request-7"));
		assertThat(record.headers()).isEqualTo(golden);
		assertThat(record.properties().getMessageId()).isEqualTo(id.toString());
		assertThat(record.properties().getType()).isEqualTo(TYPE);
		assertThat(record.properties().getContentType()).isEqualTo("application/json");
		assertThat(record.properties().getCorrelationId()).isEqualTo("request-7");
		assertThat(record.properties().getTimestamp()).isEqualTo(Date.from(occurred));
		assertThat(record.properties().getDeliveryMode()).isEqualTo(2);
		awaitNothingLeft("golden");
		assertThat(RABBIT.countMessages(queue)).isZero();
	}

	@Test
	void eventsOfAKeyArriveInTheirOrderAlthoughManyThreadsWrite() {
		String queue = bound("ordered", BuiltinExchangeType.FANOUT, "");
		List<String> keys = List.of("a", "b", "c");
		keys.forEach((key) -> this.database.update("INSERT INTO counter VALUES (?, 0)", key));
		int rounds = 40;
		List<CompletableFuture<Void>> writers = IntStream.range(0, 3)
			.mapToObj((writer) -> CompletableFuture.runAsync(() -> {
				for (int n = 0; n < rounds; n++) {
					this.shop.count(keys.get((n + writer) % keys.size()), message("ordered", ""));
				}
			}, (task) -> new Thread(task, "writer-" + writer).start()))
			.toList();
		assertThat(writers).allSatisfy((writer) -> assertThat(writer).succeedsWithin(PATIENCE));
		List<RabbitRecord> records = RABBIT.await(queue, 3 * rounds, PATIENCE);
		assertThat(records).hasSize(3 * rounds);
		for (String key : keys) {
			assertThat(records).filteredOn((record) -> key.equals(record.headers().get("cloudEvents_subject")))
				.map((record) -> Integer.parseInt(record.text()))
				.containsExactlyElementsOf(IntStream.rangeClosed(1, rounds).boxed().toList());
		}
	}

	@Test
	void trap7AnEventThatNoQueueTakesStaysInTheOutboxUntilOneIsBound() {
		RABBIT.onChannel((channel) -> channel.exchangeDeclare("unbound", BuiltinExchangeType.TOPIC, true));
		this.shop.publish(message("unbound", "x").key("unbound-1"));
		awaitError("unbound", "312 NO_ROUTE");
		await().atMost(PATIENCE).until(() -> !failures("unbound-1").isEmpty());
		assertThat(failures("unbound-1").get(0)).satisfies((failure) -> {
			assertThat(failure.kind()).isEqualTo(FailureKind.RETRIABLE);
			assertThat(failure.attempts()).isOne();
		});
		String queue = bound("unbound", BuiltinExchangeType.TOPIC, "#");
		assertThat(RABBIT.await(queue, 1, PATIENCE)).map(RabbitRecord::text).containsExactly("x");
		awaitNothingLeft("unbound");
	}

	@Test
	void anEventThatTheBrokerDoesNotAcceptIsTriedAgain() {
		RABBIT.onChannel((channel) -> channel.queueDeclare("small", true, false, false,
				Map.of("x-max-length", 1, "x-overflow", "reject-publish")));
		RabbitOptions options = RabbitOptions.builder().defaultExchange().build();
		this.shop.publish(message("small", "1").options(options.asMap()).key("small-1"));
		await().atMost(PATIENCE).until(() -> RABBIT.countMessages("small") == 1);
		this.shop.publish(message("small", "2").options(options.asMap()).key("small-2"));
		awaitError("small", "nack");
		await().atMost(PATIENCE).until(() -> !failures("small-2").isEmpty());
		assertThat(failures("small-2").get(0)).satisfies((failure) -> {
			assertThat(failure.kind()).isEqualTo(FailureKind.RETRIABLE);
			assertThat(failure.attempts()).isOne();
		});
		assertThat(RABBIT.await("small", 2, PATIENCE)).map(RabbitRecord::text).containsExactly("1", "2");
		awaitNothingLeft("small");
		assertThat(failures("small-1")).isEmpty();
	}

	@Test
	void anExchangeThatIsMissingCountsNoAttemptAndGetsItsEventsWhenItIsThere() {
		this.shop.publish(message("late", "1").key("late-1"), message("late", "2").key("late-1"));
		await().atMost(PATIENCE).until(() -> !failures("late-1").isEmpty());
		assertThat(failures("late-1").get(0)).satisfies((failure) -> {
			assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
			assertThat(failure.message()).contains("404", "'late'");
			assertThat(failure.attempts()).isZero();
		});
		assertThat(left("late")).isEqualTo(2);
		String queue = bound("late", BuiltinExchangeType.FANOUT, "");
		assertThat(RABBIT.await(queue, 2, PATIENCE)).map(RabbitRecord::text).containsExactly("1", "2");
		awaitNothingLeft("late");
	}

	@Test
	void trap14OptionsArriveAsTheyWereSetAlsoFromTheArchive() {
		String queue = bound("options", BuiltinExchangeType.DIRECT, "by.hand");
		RabbitOptions options = RabbitOptions.builder()
			.routingKey("by.hand")
			.priority(5)
			.expiration(Duration.ofMinutes(10))
			.persistent(false)
			.build();
		this.shop.publish(message("options", "x").key("options-1")
			.options(options.asMap())
			.header("int", 5)
			.header("long", 1L << 40)
			.header("double", 0.5)
			.header("boolean", true)
			.header("text", "x"));
		RabbitRecord first = RABBIT.await(queue, 1, PATIENCE).get(0);
		awaitNothingLeft("options");
		OutboxArchive archive = this.context.getBean(OutboxArchive.class);
		assertThat(archive.replay("options", ArchiveFilter.all().withKey("options-1"))).isOne();
		RabbitRecord second = RABBIT.await(queue, 1, PATIENCE).get(0);
		assertThat(second.headers()).containsEntry(ArchiveStore.REPLAY_HEADER, "options");
		assertThat(second.properties().getMessageId()).isEqualTo(first.properties().getMessageId());
		for (RabbitRecord record : List.of(first, second)) {
			assertThat(record.routingKey()).isEqualTo("by.hand");
			assertThat(record.properties().getPriority()).isEqualTo(5);
			assertThat(record.properties().getExpiration()).isEqualTo("600000");
			assertThat(record.properties().getDeliveryMode()).isEqualTo(1);
			assertThat(record.headers()).containsEntry("int", 5)
				.containsEntry("long", 1L << 40)
				.containsEntry("double", 0.5)
				.containsEntry("boolean", true)
				.containsEntry("text", "x");
		}
	}

	@Test
	void optionsThatRabbitHasNotOrThatContradictEachOtherAreRefusedWhenPublishing() {
		assertThat(refused(message("refused", "x").option("partition", 3))).hasMessageContaining("'rabbit'")
			.hasMessageContaining("'partition'");
		assertThat(refused(message("refused", "x").option("priority", 256))).hasMessageContaining("priority");
		assertThat(refused(message("refused", "x").option("priority", "high"))).hasMessageContaining("priority");
		assertThat(refused(message("refused", "x").option("exchange", "").option("routing-key", "other")))
			.hasMessageContaining("default exchange")
			.hasMessageContaining("routing-key");
		assertThat(refused(message("refused", "x").option("exchange-durable", true)))
			.hasMessageContaining("exchange-type");
		assertThat(left("refused")).isZero();
	}

	/**
	 * Also for longer than an event may be failing.
	 */
	@Test
	void aBrokerThatIsAwayAtTheStartAndHangsLaterCostsNoEvent() {
		String queue = bound("away", BuiltinExchangeType.FANOUT, "");
		try (FaultProxy proxy = FaultProxy.to(RABBIT.port()); PostgresDatabase own = PostgresDatabase.fresh()) {
			proxy.refuse();
			try (ConfigurableApplicationContext application = application(own)
				.with("spring.rabbitmq.port=" + proxy.port(), "outbox.publish-timeout=1s",
						"outbox.relay.destination-pause=100ms", "outbox.relay.max-destination-pause=200ms",
						"outbox.retry.max-age=1s", "outbox.retry.max-attempts=1")
				.run()) {
				Failures failures = application.getBean(Failures.class);
				Shop publisher = application.getBean(Shop.class);
				publisher.publish(message("away", "1").key("away-1"));
				await().atMost(PATIENCE)
					.untilAsserted(() -> assertThat(failures.of("away-1")).extracting(Failure::message)
						.anySatisfy((message) -> assertThat(message).contains("No connection to RabbitMQ")));
				proxy.restore();
				await().atMost(PATIENCE).until(() -> own.number("SELECT count(*) FROM outbox_event") == 0);
				proxy.blackhole();
				publisher.publish(message("away", "2").key("away-2"), message("away", "3").key("away-2"));
				await().atMost(PATIENCE).until(() -> failures.of("away-2").size() >= 3);
				proxy.restore();
				await().atMost(PATIENCE).until(() -> own.number("SELECT count(*) FROM outbox_event") == 0);
				List<Failure> all = new ArrayList<>(failures.of("away-1"));
				all.addAll(failures.of("away-2"));
				assertThat(all).allSatisfy((failure) -> {
					assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
					assertThat(failure.attempts()).isZero();
				});
				assertThat(own.number("SELECT count(*) FROM outbox_dead_letter")).isZero();
			}
		}
		assertThat(RABBIT.drain(queue)).map(RabbitRecord::text).containsSubsequence("1", "2", "3");
	}

	private InvalidMessageException refused(OutboxMessage.Builder message) {
		return this.shop.publishIfPossible(message);
	}

	private List<Failure> failures(String key) {
		return this.context.getBean(Failures.class).of(key);
	}

	private void awaitError(String exchange, String text) {
		await().atMost(PATIENCE)
			.until(() -> this.database.number("SELECT count(*) FROM outbox_event WHERE destination = '" + exchange
					+ "' AND attempts > 0 AND last_error LIKE '%" + text + "%'") == 1);
	}

	private void awaitNothingLeft(String exchange) {
		await().atMost(PATIENCE).until(() -> left(exchange) == 0);
	}

	private long left(String exchange) {
		return this.database.number("SELECT count(*) FROM outbox_event WHERE destination = '" + exchange + "'");
	}

	private static TestApplication application(PostgresDatabase database) {
		return TestApplication.of(ShopApplication.class, database)
			.on(RABBIT)
			.with(TestApplication.WITHOUT_JPA + "," + BothBrokersTests.WITHOUT_KAFKA, TestApplication.WITHOUT_FLYWAY,
					ShopApplication.WITHOUT_DECLARATIONS, "outbox.transport=rabbit");
	}

	private static OutboxMessage.Builder message(String exchange, String payload) {
		return OutboxMessage.builder().eventType(TYPE).destination(exchange).payload(payload).contentType("text/plain");
	}

	private static String bound(String exchange, BuiltinExchangeType type, String bindingKey) {
		return RabbitTransports.bound(RABBIT, exchange, type, bindingKey);
	}

}
