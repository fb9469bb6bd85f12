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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import com.rabbitmq.client.BuiltinExchangeType;
import dev.outbox.FailureKind;
import dev.outbox.SendResult;
import dev.outbox.fixtures.rabbit.EnabledIfRabbit;
import dev.outbox.fixtures.rabbit.RabbitRecord;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.test.contract.RecordedDelivery;
import dev.outbox.transport.TopologyMode;
import dev.outbox.transport.rabbit.RabbitOptions;
import dev.outbox.transport.rabbit.RabbitTransport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

@EnabledIfRabbit
class RabbitTransportTests {

	@RegisterExtension
	static final RabbitVirtualHost RABBIT = RabbitVirtualHost.fresh();

	private static final Duration DEADLINE = Duration.ofSeconds(30);

	@RegisterExtension
	final RabbitTransports transports = new RabbitTransports();

	@Test
	void anEventArrivesWithItsPropertiesPayloadAndTypedHeaders() {
		String queue = bound("properties", BuiltinExchangeType.TOPIC, "order.*");
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put("ce_id", "42");
		headers.put("correlation_id", "request-7");
		headers.put("count", 5);
		headers.put("big", 1L << 40);
		headers.put("flag", true);
		headers.put("ratio", 0.5);
		headers.put("raw", new byte[] { 1, 2 });
		byte[] payload = { 0, 1, -1, 127, -128 };
		RecordedDelivery delivery = RabbitTransports.to("properties", payload, Map.of(), headers);
		this.transports.to(RABBIT).send(List.of(delivery));
		SendResult result = delivery.await();
		assertThat(result.failure()).isNull();
		assertThat(result.completedAt()).isEqualTo(RabbitTransports.NOW);
		RabbitRecord record = RABBIT.await(queue, 1, DEADLINE).get(0);
		assertThat(record.exchange()).isEqualTo("properties");
		assertThat(record.routingKey()).isEqualTo("order.placed");
		assertThat(record.body()).isEqualTo(payload);
		assertThat(record.properties().getMessageId()).isEqualTo(delivery.record().id().toString());
		assertThat(record.properties().getType()).isEqualTo("order.placed");
		assertThat(record.properties().getContentType()).isEqualTo("text/plain");
		assertThat(record.properties().getCorrelationId()).isEqualTo("request-7");
		assertThat(record.properties().getTimestamp()).isEqualTo(Date.from(Instant.EPOCH));
		assertThat(record.properties().getDeliveryMode()).isEqualTo(2);
		assertThat(record.headers())
			.containsOnlyKeys("cloudEvents_id", "correlation_id", "count", "big", "flag", "ratio", "raw")
			.containsEntry("cloudEvents_id", "42")
			.containsEntry("count", 5)
			.containsEntry("big", 1L << 40)
			.containsEntry("flag", true)
			.containsEntry("ratio", 0.5)
			.containsEntry("raw", new byte[] { 1, 2 });
	}

	@Test
	void fourTypesOfExchangesRouteAsTheyShould() {
		String direct = bound("direct", BuiltinExchangeType.DIRECT, "a.b");
		String fanout = bound("fanout", BuiltinExchangeType.FANOUT, "ignored");
		String topic = bound("topic", BuiltinExchangeType.TOPIC, "order.#");
		String headers = RABBIT.onChannel((channel) -> {
			channel.exchangeDeclare("headers", BuiltinExchangeType.HEADERS, true);
			channel.queueDeclare("headers-queue", true, false, false, Map.of());
			channel.queueBind("headers-queue", "headers", "", Map.of("x-match", "all", "tenant", "north", "tier", 2));
			return "headers-queue";
		});
		List<RecordedDelivery> routed = List.of(
				RabbitTransports.to("direct", "d", RabbitOptions.builder().routingKey("a.b")),
				RabbitTransports.to("fanout", "f"),
				RabbitTransports.to("topic", "t", RabbitOptions.builder().routingKey("order.placed.eu")),
				RabbitTransports.to("headers", "h".getBytes(StandardCharsets.UTF_8), Map.of(),
						Map.of("tenant", "north", "tier", 2)));
		List<RecordedDelivery> returned = List.of(
				RabbitTransports.to("direct", "d", RabbitOptions.builder().routingKey("a.c")),
				RabbitTransports.to("topic", "t", RabbitOptions.builder().routingKey("invoice.paid")),
				RabbitTransports.to("headers", "h".getBytes(StandardCharsets.UTF_8), Map.of(),
						Map.of("tenant", "north", "tier", 3)));
		RabbitTransport transport = this.transports.to(RABBIT);
		transport.send(routed);
		transport.send(returned);
		assertThat(routed).allSatisfy((delivery) -> assertThat(delivery.await().failure()).isNull());
		assertThat(returned)
			.allSatisfy((delivery) -> assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.RETRIABLE));
		assertThat(List.of(direct, fanout, topic, headers)).map((queue) -> RABBIT.await(queue, 1, DEADLINE))
			.allSatisfy((records) -> assertThat(records).hasSize(1));
	}

	@Test
	void theDefaultExchangeDeliversToTheQueueThatIsTheDestination() {
		RABBIT.onChannel((channel) -> channel.queueDeclare("letters", true, false, false, Map.of()));
		RecordedDelivery delivery = RabbitTransports.to("letters", "l", RabbitOptions.builder().defaultExchange());
		this.transports.to(RABBIT).send(List.of(delivery));
		assertThat(delivery.await().failure()).isNull();
		assertThat(RABBIT.await("letters", 1, DEADLINE)).singleElement()
			.satisfies((record) -> assertThat(record.exchange()).isEmpty());
	}

	@Test
	void theDestinationIsTheRoutingKeyOfAnExchangeThatIsAnOption() {
		String queue = bound("named", BuiltinExchangeType.DIRECT, "user.created");
		RecordedDelivery delivery = RabbitTransports.to("user.created", "u", RabbitOptions.builder().exchange("named"));
		this.transports.to(RABBIT).send(List.of(delivery));
		assertThat(delivery.await().failure()).isNull();
		assertThat(RABBIT.await(queue, 1, DEADLINE)).hasSize(1);
	}

	@Test
	void trap7AnEventThatNoQueueTakesIsNotDelivered() {
		RABBIT.onChannel((channel) -> channel.exchangeDeclare("unbound", BuiltinExchangeType.TOPIC, true));
		RecordedDelivery unbound = RabbitTransports.to("unbound", "lost?");
		RecordedDelivery noQueue = RabbitTransports.to("no-queue", "lost?", RabbitOptions.builder().defaultExchange());
		RabbitTransport transport = this.transports.to(RABBIT);
		transport.send(List.of(unbound, noQueue));
		assertThat(unbound.awaitFailure()).isEqualTo(FailureKind.RETRIABLE);
		assertThat(message(unbound)).contains("312 NO_ROUTE", "'unbound'", "'order.placed'", "Bind a queue");
		assertThat(noQueue.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(message(noQueue)).contains("312 NO_ROUTE", "no queue 'no-queue'");
		String queue = bound("unbound", BuiltinExchangeType.TOPIC, "#");
		RecordedDelivery again = RabbitTransports.to("unbound", "now");
		transport.send(List.of(again));
		assertThat(again.await().failure()).isNull();
		assertThat(RABBIT.await(queue, 1, DEADLINE)).map(RabbitRecord::text).containsExactly("now");
	}

	@Test
	void anEventThatAFullQueueRejectsIsRetriable() {
		RABBIT.onChannel((channel) -> channel.queueDeclare("full", true, false, false,
				Map.of("x-max-length", 1, "x-overflow", "reject-publish")));
		RabbitTransport transport = this.transports.to(RABBIT);
		RecordedDelivery first = RabbitTransports.to("full", "1", RabbitOptions.builder().defaultExchange());
		transport.send(List.of(first));
		assertThat(first.await().failure()).isNull();
		RecordedDelivery second = RabbitTransports.to("full", "2", RabbitOptions.builder().defaultExchange());
		transport.send(List.of(second));
		assertThat(second.awaitFailure()).isEqualTo(FailureKind.RETRIABLE);
		assertThat(message(second)).contains("nack", "queue 'full'");
		RABBIT.drain("full");
		RecordedDelivery third = RabbitTransports.to("full", "2", RabbitOptions.builder().defaultExchange());
		transport.send(List.of(third));
		assertThat(third.await().failure()).isNull();
	}

	@Test
	void anExchangeThatIsMissingFailsNoOther() {
		String queue = bound("beside", BuiltinExchangeType.FANOUT, "");
		List<RecordedDelivery> good = new ArrayList<>();
		List<RecordedDelivery> bad = new ArrayList<>();
		List<RecordedDelivery> all = new ArrayList<>();
		for (int n = 0; n < 200; n++) {
			RecordedDelivery delivery = RabbitTransports.to((n % 10 == 3) ? "nowhere" : "beside", String.valueOf(n));
			all.add(delivery);
			((n % 10 == 3) ? bad : good).add(delivery);
		}
		this.transports.to(RABBIT).send(all);
		assertThat(good).allSatisfy((delivery) -> assertThat(delivery.await().failure()).isNull());
		assertThat(bad)
			.allSatisfy((delivery) -> assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE));
		assertThat(message(bad.get(0))).contains("404", "'nowhere'");
		assertThat(RABBIT.await(queue, good.size(), DEADLINE)).map(RabbitRecord::text)
			.containsExactlyElementsOf(good.stream().map((sent) -> new String(sent.record().payload())).toList());
	}

	@Test
	void anExchangeThatIsDeletedIsUnavailableUntilItIsThereAgain() {
		bound("coming", BuiltinExchangeType.FANOUT, "");
		RabbitTransport transport = this.transports.to(RABBIT);
		RecordedDelivery first = RabbitTransports.to("coming", "1");
		transport.send(List.of(first));
		assertThat(first.await().failure()).isNull();
		RABBIT.onChannel((channel) -> channel.exchangeDelete("coming"));
		RecordedDelivery second = RabbitTransports.to("coming", "2");
		transport.send(List.of(second));
		assertThat(second.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		bound("coming", BuiltinExchangeType.FANOUT, "");
		RecordedDelivery third = RabbitTransports.to("coming", "3");
		transport.send(List.of(third));
		assertThat(third.await().failure()).isNull();
	}

	@Test
	void anExchangeThatTheUserMayNotWriteToIsUnavailable() {
		RABBIT.onChannel(
				(channel) -> channel.exchangeDeclare("inner", BuiltinExchangeType.FANOUT, true, false, true, Map.of()));
		RecordedDelivery delivery = RabbitTransports.to("inner", "x");
		this.transports.to(RABBIT).send(List.of(delivery));
		assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(message(delivery)).contains("403", "internal exchange");
	}

	@Test
	void aRoutingKeyThatTheUserMayNotUseIsRetriableAndCostsThoseBesideItAnAttemptAtMost() {
		String queue = bound("guarded", BuiltinExchangeType.TOPIC, "#");
		RABBIT.permitTopics("guarded", "^order\\.");
		RabbitOptions.Builder forbidden = RabbitOptions.builder().routingKey("secret.order");
		RabbitTransport transport = this.transports.to(RABBIT);
		RecordedDelivery culprit = RabbitTransports.to("guarded", "culprit", forbidden);
		List<RecordedDelivery> beside = IntStream.range(0, 20)
			.mapToObj((n) -> RabbitTransports.to("guarded", String.valueOf(n)))
			.toList();
		List<RecordedDelivery> all = new ArrayList<>(beside);
		all.add(10, culprit);
		transport.send(all);
		// The right may come back: a backlog must not be given up meanwhile.
		assertThat(culprit.awaitFailure()).isEqualTo(FailureKind.RETRIABLE);
		assertThat(message(culprit)).startsWith("RabbitMQ refuses").contains("403", "access to topic 'secret.order'");
		List<RecordedDelivery> failed = beside.stream()
			.filter((delivery) -> !delivery.await().isAcknowledged())
			.toList();
		assertThat(failed).allSatisfy((delivery) -> {
			assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.RETRIABLE);
			assertThat(message(delivery)).contains("because of another message");
		});
		List<RecordedDelivery> again = failed.stream().map(RecordedDelivery::again).toList();
		transport.send(again);
		assertThat(again).allSatisfy((delivery) -> assertThat(delivery.await().failure()).isNull());
		assertThat(RABBIT.await(queue, beside.size(), DEADLINE)).map(RabbitRecord::text)
			.containsAll(IntStream.range(0, 20).mapToObj(String::valueOf).toList())
			.doesNotContain("culprit");
	}

	@Test
	void tenThousandEventsUseOneChannelForEachExchangeAndKeepTheirOrder() {
		String one = bound("one", BuiltinExchangeType.FANOUT, "");
		String two = bound("two", BuiltinExchangeType.FANOUT, "");
		RabbitTransport transport = this.transports.to(RABBIT);
		List<RecordedDelivery> deliveries = IntStream.range(0, 10_000)
			.mapToObj((n) -> RabbitTransports.to((n % 2 == 0) ? "one" : "two", String.valueOf(n)))
			.toList();
		for (int from = 0; from < deliveries.size(); from += 500) {
			transport.send(deliveries.subList(from, from + 500));
		}
		assertThat(deliveries).allSatisfy((delivery) -> assertThat(delivery.await().failure()).isNull());
		assertThat(deliveries).allSatisfy((delivery) -> assertThat(delivery.results()).hasSize(1));
		Awaitility.await().atMost(DEADLINE).untilAsserted(() -> {
			assertThat(RABBIT.channels()).hasSize(2);
			assertThat(RABBIT.connections()).hasSize(1);
		});
		for (String queue : List.of(one, two)) {
			assertThat(RABBIT.await(queue, 5000, DEADLINE)).map((record) -> Integer.valueOf(record.text()))
				.hasSize(5000)
				.isSorted();
		}
	}

	@Test
	void anExchangeWhoseTypeAnEventNamesIsCreatedOnceAndAgainAfterAReconnect() {
		RabbitOptions.Builder options = RabbitOptions.builder().exchangeType("topic").exchangeDurable(false);
		RabbitTransport transport = this.transports.to(RABBIT, TopologyMode.CREATE);
		List<RecordedDelivery> unbound = List.of(RabbitTransports.to("declared", "1", options),
				RabbitTransports.to("declared", "2", options));
		transport.send(unbound);
		// It is there, but nobody is bound to it.
		assertThat(unbound)
			.allSatisfy((delivery) -> assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.RETRIABLE));
		assertThat(RABBIT.exchanges()).filteredOn((exchange) -> exchange.name().equals("declared"))
			.singleElement()
			.satisfies((exchange) -> {
				assertThat(exchange.type()).isEqualTo("topic");
				assertThat(exchange.durable()).isFalse();
				assertThat(exchange.autoDelete()).isFalse();
			});
		RABBIT.onChannel((channel) -> channel.exchangeDelete("declared"));
		RABBIT.closeConnections();
		// The transport may learn of the lost connection by an event only.
		Awaitility.await()
			.atMost(DEADLINE)
			.until(() -> kindOfNext(transport, options), (kind) -> kind == FailureKind.RETRIABLE);
	}

	private static FailureKind kindOfNext(RabbitTransport transport, RabbitOptions.Builder options) {
		RecordedDelivery delivery = RabbitTransports.to("declared", "3", options);
		transport.send(List.of(delivery));
		return delivery.awaitFailure();
	}

	@Test
	void anExchangeThatIsMissingOrOfAnotherTypeIsReportedAndLeftAlone() {
		bound("checked", BuiltinExchangeType.DIRECT, "order.placed");
		RabbitTransport transport = this.transports.to(RABBIT, TopologyMode.VALIDATE);
		RecordedDelivery right = RabbitTransports.to("checked", "1", RabbitOptions.builder().exchangeType("direct"));
		RecordedDelivery other = RabbitTransports.to("checked", "2", RabbitOptions.builder().exchangeType("topic"));
		RecordedDelivery missing = RabbitTransports.to("unknown", "3", RabbitOptions.builder().exchangeType("topic"));
		transport.send(List.of(right, other, missing));
		assertThat(right.await().failure()).isNull();
		assertThat(other.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(message(other)).contains("406", "'checked'", "type");
		assertThat(missing.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(message(missing)).contains("404", "'unknown'");
		assertThat(RABBIT.exchanges()).noneMatch((exchange) -> exchange.name().equals("unknown"));
		RABBIT.onChannel((channel) -> {
			channel.exchangeDeclare("rich", BuiltinExchangeType.FANOUT, true, false,
					Map.of("alternate-exchange", "amq.fanout"));
			channel.queueDeclare("rich", true, false, false, Map.of());
			return channel.queueBind("rich", "rich", "");
		});
		RecordedDelivery rich = RabbitTransports.to("rich", "5", RabbitOptions.builder().exchangeType("fanout"));
		transport.send(List.of(rich));
		assertThat(rich.await().failure()).isNull();
		RecordedDelivery unchecked = RabbitTransports.to("checked", "4", RabbitOptions.builder().exchangeType("topic"));
		this.transports.to(RABBIT, TopologyMode.NONE).send(List.of(unchecked));
		assertThat(unchecked.await().failure()).isNull();
	}

	@Test
	void twoHundredExchangesShareFewerChannels() {
		List<RecordedDelivery> deliveries = new ArrayList<>();
		RABBIT.onChannel((channel) -> {
			channel.queueDeclare("funnel", true, false, false, Map.of());
			for (int n = 0; n < 200; n++) {
				channel.exchangeDeclare("tenant-" + n, BuiltinExchangeType.FANOUT, true);
				channel.queueBind("funnel", "tenant-" + n, "");
			}
			return null;
		});
		CachingConnectionFactory factory = this.transports.factory(RABBIT, RABBIT.port(), RABBIT.password());
		factory.getRabbitConnectionFactory().setRequestedChannelMax(40);
		RabbitTransport transport = this.transports.with(factory, DEADLINE);
		for (int n = 0; n < 200; n++) {
			RecordedDelivery delivery = RabbitTransports.to("tenant-" + n, "x");
			deliveries.add(delivery);
			transport.send(List.of(delivery));
			assertThat(delivery.await().failure()).isNull();
		}
		assertThat(RABBIT.await("funnel", 200, DEADLINE)).hasSize(200);
		Awaitility.await().atMost(DEADLINE).untilAsserted(() -> assertThat(RABBIT.channels()).hasSizeBetween(10, 40));
	}

	@Test
	void aHigherPriorityOvertakesAndAnExpiredEventIsDropped() {
		RABBIT.onChannel((channel) -> channel.queueDeclare("ranked", true, false, false, Map.of("x-max-priority", 9)));
		RabbitTransport transport = this.transports.to(RABBIT);
		RabbitOptions.Builder low = RabbitOptions.builder().defaultExchange().priority(1);
		List<RecordedDelivery> deliveries = List.of(
				RabbitTransports.to("ranked", "expired", low.expiration(Duration.ZERO)),
				RabbitTransports.to("ranked", "low", RabbitOptions.builder().defaultExchange().priority(1)),
				RabbitTransports.to("ranked", "high", RabbitOptions.builder().defaultExchange().priority(5)));
		transport.send(deliveries);
		assertThat(deliveries).allSatisfy((delivery) -> assertThat(delivery.await().failure()).isNull());
		List<RabbitRecord> records = RABBIT.await("ranked", 2, DEADLINE);
		assertThat(records).map(RabbitRecord::text).containsExactly("high", "low");
		assertThat(records).map((record) -> record.properties().getPriority()).containsExactly(5, 1);
	}

	@Test
	void aConnectionThatIsClosedCostsNoEvent() {
		String queue = bound("interrupted", BuiltinExchangeType.FANOUT, "");
		RabbitTransport transport = this.transports.to(RABBIT);
		RecordedDelivery first = RabbitTransports.to("interrupted", "1");
		transport.send(List.of(first));
		assertThat(first.await().failure()).isNull();
		RABBIT.closeConnections();
		RecordedDelivery second = RabbitTransports.to("interrupted", "2");
		transport.send(List.of(second));
		SendResult result = second.await();
		if (!result.isAcknowledged()) {
			assertThat(second.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
			second = RabbitTransports.to("interrupted", "2");
			transport.send(List.of(second));
			assertThat(second.await().failure()).isNull();
		}
		assertThat(RABBIT.await(queue, 2, DEADLINE)).map(RabbitRecord::text).contains("1", "2");
	}

	@Test
	void aStreamIsAQueueLikeAnyOther() {
		RABBIT.onChannel(
				(channel) -> channel.queueDeclare("stream", true, false, false, Map.of("x-queue-type", "stream")));
		RabbitTransport transport = this.transports.to(RABBIT);
		List<RecordedDelivery> deliveries = IntStream.range(0, 500)
			.mapToObj(
					(n) -> RabbitTransports.to("stream", String.valueOf(n), RabbitOptions.builder().defaultExchange()))
			.toList();
		transport.send(deliveries);
		assertThat(deliveries).allSatisfy((delivery) -> assertThat(delivery.await().failure()).isNull());
		List<String> read = new CopyOnWriteArrayList<>();
		RABBIT.onChannel((channel) -> {
			channel.basicQos(100);
			channel.basicConsume("stream", false, Map.of("x-stream-offset", "first"), (tag, message) -> {
				read.add(new String(message.getBody()));
				channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
			}, (tag) -> {
			});
			Awaitility.await().atMost(DEADLINE).until(() -> read.size() == 500);
			return null;
		});
		assertThat(read).containsExactlyElementsOf(IntStream.range(0, 500).mapToObj(String::valueOf).toList());
	}

	@Test
	void anEventThatCannotBeWrittenIsFatalAndFailsNoOther() {
		String queue = bound("strict", BuiltinExchangeType.FANOUT, "");
		List<RecordedDelivery> good = new ArrayList<>();
		List<RecordedDelivery> bad = new ArrayList<>();
		RabbitTransport transport = this.transports.to(RABBIT);
		for (int n = 0; n < 100; n++) {
			RecordedDelivery next = RabbitTransports.to("strict", String.valueOf(n));
			RecordedDelivery tooLong = RabbitTransports.to("strict", new byte[0], Map.of(),
					Map.of("huge", "x".repeat(200_000)));
			good.add(next);
			bad.add(tooLong);
			transport.send(List.of(next, tooLong));
		}
		assertThat(good).allSatisfy((delivery) -> assertThat(delivery.await().failure()).isNull());
		assertThat(bad).allSatisfy((delivery) -> {
			assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.FATAL);
			assertThat(message(delivery)).contains("frame");
		});
		assertThat(RABBIT.await(queue, 100, DEADLINE)).map((record) -> Integer.valueOf(record.text()))
			.containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
	}

	/**
	 * Who has stored it had no transport that would have refused it.
	 */
	@Test
	void anEventThatWouldCloseTheChannelIsFatalAndFailsNoOther() {
		String queue = bound("copied", BuiltinExchangeType.FANOUT, "");
		RecordedDelivery before = RabbitTransports.to("copied", "before");
		RecordedDelivery copies = RabbitTransports.to("copied", new byte[0], Map.of(), Map.of("CC", "elsewhere"));
		RecordedDelivery after = RabbitTransports.to("copied", "after");
		this.transports.to(RABBIT).send(List.of(before, copies, after));
		assertThat(copies.awaitFailure()).isEqualTo(FailureKind.FATAL);
		assertThat(message(copies)).contains("header CC");
		assertThat(before.await().failure()).isNull();
		assertThat(after.await().failure()).isNull();
		assertThat(RABBIT.await(queue, 2, DEADLINE)).map(RabbitRecord::text).containsExactly("before", "after");
	}

	@Test
	void closingLeavesTheConnectionFactoryToTheApplication() {
		bound("closing", BuiltinExchangeType.FANOUT, "");
		CachingConnectionFactory factory = this.transports.factory(RABBIT, RABBIT.port(), RABBIT.password());
		RabbitTransport transport = this.transports.with(factory, Duration.ofSeconds(30));
		RecordedDelivery delivery = RabbitTransports.to("closing", "1");
		transport.send(List.of(delivery));
		transport.close();
		assertThat(delivery.await()).isNotNull();
		assertThat(factory.createConnection().isOpen()).isTrue();
		RecordedDelivery later = RabbitTransports.to("closing", "3");
		this.transports.with(factory, Duration.ofSeconds(30)).send(List.of(later));
		assertThat(later.await().failure()).isNull();
	}

	private static String message(RecordedDelivery delivery) {
		return Objects.requireNonNull(delivery.await().failure()).message();
	}

	private static String bound(String exchange, BuiltinExchangeType type, String bindingKey) {
		return RabbitTransports.bound(RABBIT, exchange, type, bindingKey);
	}

}
