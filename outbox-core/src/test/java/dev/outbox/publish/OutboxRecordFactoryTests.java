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

package dev.outbox.publish;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.outbox.AbstractOutboxEvent;
import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.OutboxEvent;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxMessage.Builder;
import dev.outbox.OutboxRecord;
import dev.outbox.PayloadTooLargeException;
import dev.outbox.UnknownEventTypeException;
import dev.outbox.publish.TestEvents.OrderPlaced;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class OutboxRecordFactoryTests {

	private static final UUID ID = UUID.fromString("0190a6a1-0000-7000-8000-000000000001");

	private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

	@Test
	void theHeadersOfAnEventAreTheseByDefault() {
		OutboxMessage message = OutboxMessage.builder()
			.id(ID)
			.payload(new OrderPlaced("o-1"))
			.correlationId("c-1")
			.header("answer", 42)
			.build();
		OutboxRecord event = create(message);
		Map<String, Object> golden = new LinkedHashMap<>();
		golden.put("answer", 42);
		golden.put("ce_specversion", "1.0");
		golden.put("ce_id", ID.toString());
		golden.put("ce_type", "order.placed");
		golden.put("ce_source", "shop");
		golden.put("ce_time", "2026-11-21T05:06:07.123456Z");
		golden.put("ce_subject", "o-1");
		golden.put("event_version", 7);
		golden.put("aggregate_type", "order");
		golden.put("aggregate_id", "o-1");
		golden.put("correlation_id", "c-1");
		assertThat(event.headers()).containsExactlyEntriesOf(golden);
	}

	@Test
	void theHeadersCanBeNamedAsInHttp() {
		HeaderSettings settings = new HeaderSettings("shop", false, true, true, true, true, false,
				HeaderSettings.Style.HTTP);
		OutboxMessage message = OutboxMessage.builder()
			.id(ID)
			.payload(new OrderPlaced("o-1"))
			.correlationId("c-1")
			.build();
		assertThat(headers(settings, message))
			.isEqualTo(Map.of("X-Event-ID", ID.toString(), "X-Event-Type", "order.placed", "X-Event-Version", 7,
					"X-Aggregate-Type", "order", "X-Aggregate-ID", "o-1", "X-Correlation-ID", "c-1"));
	}

	@Test
	void allHeadersCanBeSwitchedOff() {
		HeaderSettings off = new HeaderSettings("shop", false, false, false, false, false, false,
				HeaderSettings.Style.SNAKE_CASE);
		assertThat(headers(off, new OrderPlaced("o-1"))).isEmpty();
	}

	@Test
	void allFieldsOfAMessageReachTheRecord() {
		Instant occurredAt = Instant.parse("2026-01-02T03:04:05.000001Z");
		OutboxMessage message = OutboxMessage.builder()
			.id(ID)
			.key("k")
			.aggregateType("order")
			.aggregateId("o-1")
			.eventType("order.placed")
			.version(7)
			.payload(new byte[] { 1, 2 })
			.contentType("application/x-protobuf")
			.transport("kafka")
			.destination("orders")
			.header("flag", true)
			.option("partition", 3)
			.occurredAt(occurredAt)
			.build();
		OutboxRecord event = create(message);
		assertThat(event.id()).isEqualTo(ID);
		assertThat(event.key()).isEqualTo("k");
		assertThat(event.aggregateType()).isEqualTo("order");
		assertThat(event.aggregateId()).isEqualTo("o-1");
		assertThat(event.eventType()).isEqualTo("order.placed");
		assertThat(event.eventVersion()).isEqualTo(7);
		assertThat(event.payload()).containsExactly(1, 2);
		assertThat(event.contentType()).isEqualTo("application/x-protobuf");
		assertThat(event.destination()).hasToString("kafka:orders");
		assertThat(event.headers()).containsEntry("flag", true);
		assertThat(event.options()).isEqualTo(Map.of("partition", 3));
		assertThat(event.createdAt()).isEqualTo(occurredAt);
	}

	@Test
	void theAggregateIsAlsoTheKey() {
		OutboxRecord event = create(OutboxMessage.of("order", "o-1", "order.placed", "{}"));
		assertThat(event.key()).isEqualTo("o-1");
		assertThat(event.destination().name()).isEqualTo("order-events");
		assertThat(event.id().version()).isEqualTo(7);
	}

	@Test
	void anEventWithoutKeyHasNone() {
		OutboxRecord event = create(message((builder) -> builder));
		assertThat(event.key()).isNull();
		assertThat(event.keyBytes()).isNull();
	}

	@Test
	void aBinaryKeyArrivesBitByBit() {
		byte[] key = { 0, -1, 127, -128 };
		assertThat(create(message((builder) -> builder.key(key))).keyBytes()).isEqualTo(key);
		assertThat(create(new Keyed<>(key)).keyBytes()).isEqualTo(key);
	}

	@Test
	void aTextKeyReplacesABinaryOne() {
		OutboxMessage message = message((builder) -> builder.key(new byte[] { 1 }).key("text"));
		assertThat(create(message).keyBytes()).asString().isEqualTo("text");
	}

	static Stream<Arguments> keys() {
		return Stream.of(arguments(17, "17"), arguments(ID, ID.toString()), arguments(Reason.TOO_LONG, "TOO_LONG"),
				arguments(new StringBuilder("b"), "b"), arguments(new OrderId(ID), ID.toString()), arguments('c', "c"));
	}

	@ParameterizedTest
	@MethodSource("keys")
	void aKeyMayBeOfAnyTypeThatHasOneText(Object key, String expected) {
		assertThat(create(new Keyed<>(key)).key()).isEqualTo(expected);
	}

	@Test
	void aKeyWhoseTextWouldDifferFromEventToEventIsRefused() {
		assertThat(reason(new Keyed<>(new Object()))).isEqualTo(Reason.UNSUPPORTED_VALUE);
	}

	@Test
	void aKeyThatIsNullIsRefusedForItsEventsWouldLoseTheirOrder() {
		assertThat(reason(new Keyed<@Nullable Object>(null))).isEqualTo(Reason.EMPTY_KEY);
	}

	@Test
	void idAndTimeOfAnEventAreThoseOfItsRecordAndHeaders() {
		Shipped event = new Shipped();
		OutboxRecord stored = create(event);
		assertThat(stored.id()).isEqualTo(event.eventId());
		assertThat(stored.createdAt()).isEqualTo(event.occurredAt());
		assertThat(stored.headers()).containsEntry("ce_id", event.eventId().toString())
			.containsEntry("ce_time", event.occurredAt().toString());
		assertThat(stored.payload()).asString().contains(event.eventId().toString(), event.occurredAt().toString());
	}

	static Stream<Arguments> invalidMessages() {
		String tooLong = "x".repeat(257);
		return Stream.of(invalid(Reason.EMPTY_KEY, (builder) -> builder.key("")),
				invalid(Reason.BLANK_TEXT, (builder) -> builder.key(" ")),
				invalid(Reason.TOO_LONG, (builder) -> builder.key(tooLong)),
				invalid(Reason.ILLEGAL_CHARACTER, (builder) -> builder.key("a\u0000b")),
				invalid(Reason.ILLEGAL_CHARACTER, (builder) -> builder.key("a\nb")),
				invalid(Reason.ILLEGAL_CHARACTER, (builder) -> builder.key("a\ud83d")),
				invalid(Reason.TOO_LONG, (builder) -> builder.aggregateId(tooLong)),
				invalid(Reason.ILLEGAL_CHARACTER, (builder) -> builder.aggregateId("a\tb")),
				invalid(Reason.TOO_LONG, (builder) -> builder.aggregateType(tooLong)),
				invalid(Reason.TOO_LONG, (builder) -> builder.eventType(tooLong)),
				invalid(Reason.BLANK_TEXT, (builder) -> builder.eventType(" ")),
				invalid(Reason.TOO_LONG, (builder) -> builder.correlationId(tooLong)),
				invalid(Reason.BLANK_TEXT, (builder) -> builder.idempotencyKey("")),
				invalid(Reason.TOO_LONG, (builder) -> builder.idempotencyKey(tooLong)),
				invalid(Reason.TOO_LONG, (builder) -> builder.destination(tooLong)),
				invalid(Reason.BLANK_DESTINATION, (builder) -> builder.destination("")),
				invalid(Reason.TOO_LONG, (builder) -> builder.contentType(tooLong)),
				invalid(Reason.OUT_OF_RANGE, (builder) -> builder.version(0)),
				invalid(Reason.OUT_OF_RANGE, (builder) -> builder.deliverAfter(Duration.ofSeconds(-1))),
				invalid(Reason.UNSUPPORTED_VALUE, (builder) -> builder.header("h", new BigDecimal("1"))),
				invalid(Reason.UNSUPPORTED_VALUE, (builder) -> builder.header("h", (short) 1)),
				invalid(Reason.UNSUPPORTED_VALUE, (builder) -> builder.header("h", Double.NaN)),
				invalid(Reason.UNSUPPORTED_VALUE, (builder) -> builder.option("o", new Object())),
				invalid(Reason.UNSUPPORTED_VALUE, (builder) -> builder.headers(nullValue())),
				invalid(Reason.BLANK_TEXT, (builder) -> builder.header("", "v")),
				invalid(Reason.TOO_LONG, (builder) -> builder.header(tooLong, "v")),
				invalid(Reason.CONTRADICTION, (builder) -> builder.option("outbox.other", "v")),
				invalid(Reason.CONTRADICTION, (builder) -> builder.option("outbox.key-encoding", "hex")),
				invalid(Reason.CONTRADICTION, (builder) -> builder.header("ce_id", "another")),
				invalid(Reason.CONTRADICTION, (builder) -> builder.header("content-type", "text/html")),
				invalid(Reason.CONTRADICTION, (builder) -> builder.payload(new Shipped()).id(ID)),
				invalid(Reason.CONTRADICTION, (builder) -> builder.payload(new Shipped()).occurredAt(Instant.EPOCH)));
	}

	@ParameterizedTest
	@MethodSource("invalidMessages")
	void anInvalidFieldIsRefusedWithItsReason(Reason reason, UnaryOperator<Builder> fields) {
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> create(message(fields)))
			.withMessageContaining("stored")
			.extracting(InvalidMessageException::reason)
			.isEqualTo(reason);
	}

	@Test
	void aMessageWithoutPayloadIsRefused() {
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> OutboxMessage.builder().build())
			.extracting(InvalidMessageException::reason)
			.isEqualTo(Reason.NO_PAYLOAD);
	}

	@Test
	void aMessageWithoutTypeIsRefused() {
		OutboxMessage message = OutboxMessage.builder().payload("p").destination("d").build();
		assertThatExceptionOfType(UnknownEventTypeException.class).isThrownBy(() -> create(message))
			.withMessageContaining("eventType");
	}

	@Test
	void headersThatAConsumerForwardsMayRepeatWhatTheOutboxSends() {
		OutboxMessage message = message((builder) -> builder.id(ID)
			.header("ce_id", ID.toString())
			.header("content-type", "text/plain;charset=utf-8")
			.header("ce_source", "elsewhere"));
		assertThat(create(message).headers()).containsEntry("ce_source", "elsewhere").doesNotContainKey("content-type");
	}

	@Test
	void aPayloadAboveTheLimitIsRefused() {
		assertThat(create(message((builder) -> builder.payload(new byte[1000]))).payload()).hasSize(1000);
		assertThatExceptionOfType(PayloadTooLargeException.class)
			.isThrownBy(() -> create(message((builder) -> builder.payload(new byte[1001]))))
			.withMessageContaining("1001 bytes")
			.withMessageContaining("outbox.write.max-payload-size");
	}

	@Test
	void theTraceIsStoredAndReplacesThatOfAForwardedMessage() {
		OutboxRecordFactory traced = TestEvents.factory(TestEvents.settings(), OutboxRouting.none(),
				(type, destination) -> Map.of("traceparent", TRACE));
		OutboxMessage message = message(
				(builder) -> builder.header("traceparent", "old").header("tracestate", "of the old one"));
		assertThat(traced.create(message, Map.of()).orElseThrow().record().headers())
			.containsEntry("traceparent", TRACE)
			.doesNotContainKey("tracestate");
	}

	@Test
	void withoutTracingTheCallersTraceparentPasses() {
		assertThat(create(message((builder) -> builder.header("traceparent", TRACE))).headers())
			.containsEntry("traceparent", TRACE);
	}

	@Test
	void anEventIsDueAtOnceUnlessItsTimeIsInTheFuture() {
		Instant now = Instant.parse("2026-11-21T05:06:07.123456Z");
		assertThat(due((builder) -> builder)).isNull();
		assertThat(due((builder) -> builder.deliverAt(now.minusSeconds(1)))).isNull();
		assertThat(due((builder) -> builder.deliverAfter(Duration.ZERO))).isNull();
		assertThat(due((builder) -> builder.deliverAfter(Duration.ofSeconds(2)))).isEqualTo(now.plusSeconds(2));
		assertThat(due((builder) -> builder.deliverAt(now.plusSeconds(3)))).isEqualTo(now.plusSeconds(3));
	}

	private static @Nullable Instant due(UnaryOperator<Builder> fields) {
		return TestEvents.factory().create(message(fields), Map.of()).orElseThrow().deliverAt();
	}

	private static Arguments invalid(Reason reason, UnaryOperator<Builder> fields) {
		return arguments(reason, fields);
	}

	private static Map<String, @Nullable Object> nullValue() {
		Map<String, @Nullable Object> headers = new HashMap<>();
		headers.put("h", null);
		return headers;
	}

	private static OutboxMessage message(UnaryOperator<Builder> fields) {
		return fields.apply(OutboxMessage.builder().eventType("x").destination("d").payload("p")).build();
	}

	private static OutboxRecord create(Object event) {
		return TestEvents.factory().create(event, Map.of()).orElseThrow().record();
	}

	private static Map<String, Object> headers(HeaderSettings headers, Object event) {
		WriteSettings defaults = TestEvents.settings();
		WriteSettings settings = new WriteSettings(1000, defaults.transport(), defaults.transports(), Map.of(),
				headers);
		return TestEvents.factory(settings, OutboxRouting.none(), (type, destination) -> Map.of())
			.create(event, Map.of())
			.orElseThrow()
			.record()
			.headers();
	}

	private static Reason reason(Object event) {
		try {
			create(event);
		}
		catch (InvalidMessageException ex) {
			return ex.reason();
		}
		throw new AssertionError("was accepted");
	}

	@OutboxEvent(destination = "d", key = "key")
	record Keyed<T extends @Nullable Object>(T key) {

	}

	record OrderId(UUID value) {

	}

	@OutboxEvent(destination = "d")
	static class Shipped extends AbstractOutboxEvent {

	}

}
