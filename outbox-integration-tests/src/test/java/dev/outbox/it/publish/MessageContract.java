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

package dev.outbox.it.publish;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

import dev.outbox.EventSerializationException;
import dev.outbox.InvalidMessageException;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.it.publish.Events.OrderPlaced;
import dev.outbox.it.publish.Events.OrderPriced;
import dev.outbox.it.publish.Events.ParcelShipped;
import dev.outbox.it.publish.Events.Unserializable;
import dev.outbox.listener.TraceContext;
import dev.outbox.publish.TransactionalOutboxPublisher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of the fields of a message, whatever writes the business rows.
 */
abstract class MessageContract {

	static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

	static final TraceContext TRACED = (eventType, destination) -> Map.of("traceparent", TRACE);

	abstract WriteSide side();

	abstract AbstractPlatformTransactionManager manager();

	abstract TransactionalOutboxPublisher publisher();

	/**
	 * Publisher that opens a transaction where there is none.
	 */
	abstract TransactionalOutboxPublisher ownPublisher();

	/**
	 * Writes a business row in the running transaction.
	 */
	abstract void saveOrder(String id);

	@BeforeEach
	@AfterEach
	void clear() {
		side().clear();
	}

	final TransactionTemplate transaction() {
		return new TransactionTemplate(manager());
	}

	final TransactionTemplate requiresNew() {
		TransactionTemplate template = transaction();
		template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		return template;
	}

	final void place(String id) {
		saveOrder(id);
		publisher().publish(new OrderPlaced(id));
	}

	// W5

	@Test
	void randomBytesArriveBitByBit() {
		byte[] payload = new byte[4097];
		byte[] key = new byte[33];
		Random random = new Random(4);
		random.nextBytes(payload);
		random.nextBytes(key);
		OutboxRecord stored = publish(
				OutboxMessage.builder().eventType("x").destination("d").payload(payload).key(key).build());
		assertThat(stored.payload()).isEqualTo(payload);
		assertThat(stored.keyBytes()).isEqualTo(key);
	}

	// W6

	@Test
	void idAndTimeOfAnEventAreThoseOfItsRowAndHeaders() {
		ParcelShipped event = new ParcelShipped();
		OutboxRecord stored = publish(event);
		assertThat(stored.id()).isEqualTo(event.eventId());
		assertThat(stored.createdAt()).isEqualTo(event.occurredAt());
		assertThat(stored.headers()).containsEntry("ce_id", event.eventId().toString())
			.containsEntry("ce_time", event.occurredAt().toString());
	}

	// W7, W8, W9, E3, E7

	/**
	 * Trap 14: options are lost when they are stored, or numbers change their type.
	 */
	@Test
	void everyFieldOfAMessageIsInItsRow() {
		Instant occurredAt = Instant.parse("2026-01-02T03:04:05.678901Z");
		UUID id = UUID.fromString("0190a6a1-0000-7000-8000-000000000001");
		OutboxRecord stored = publish(OutboxMessage.builder()
			.id(id)
			.aggregateType("basket")
			.aggregateId("b-1")
			.key("k")
			.eventType("basket.filled")
			.version(7)
			.payload("{ \"b\": 1,  \"a\": 2 }")
			.contentType("application/json")
			.destination("baskets")
			.correlationId("c-1")
			.header("int", 5)
			.header("long", 5_000_000_000L)
			.header("double", 0.5)
			.header("boolean", true)
			.header("text", "ä\n\u0000😀")
			.header("bytes", new byte[] { 0, -1 })
			.option("priority", 9)
			.option("durable", true)
			.option("name", "x")
			.occurredAt(occurredAt)
			.build());
		assertThat(stored.id()).isEqualTo(id);
		assertThat(stored.aggregateType()).isEqualTo("basket");
		assertThat(stored.aggregateId()).isEqualTo("b-1");
		assertThat(stored.key()).isEqualTo("k");
		assertThat(stored.eventType()).isEqualTo("basket.filled");
		assertThat(stored.eventVersion()).isEqualTo(7);
		assertThat(stored.payload()).asString(StandardCharsets.UTF_8).isEqualTo("{ \"b\": 1,  \"a\": 2 }");
		assertThat(stored.contentType()).isEqualTo("application/json");
		assertThat(stored.destination()).hasToString("kafka:baskets");
		assertThat(stored.createdAt()).isEqualTo(occurredAt);
		assertThat(stored.options()).isEqualTo(Map.of("priority", 9, "durable", true, "name", "x"));
		assertThat(stored.headers()).usingRecursiveComparison()
			.isEqualTo(Map.ofEntries(Map.entry("int", 5), Map.entry("long", 5_000_000_000L), Map.entry("double", 0.5),
					Map.entry("boolean", true), Map.entry("text", "ä\n\u0000😀"),
					Map.entry("bytes", new byte[] { 0, -1 }), Map.entry("ce_specversion", "1.0"),
					Map.entry("ce_id", id.toString()), Map.entry("ce_type", "basket.filled"),
					Map.entry("ce_source", "shop"), Map.entry("ce_time", "2026-01-02T03:04:05.678901Z"),
					Map.entry("ce_subject", "b-1"), Map.entry("event_version", 7),
					Map.entry("aggregate_type", "basket"), Map.entry("aggregate_id", "b-1"),
					Map.entry("correlation_id", "c-1"), Map.entry("traceparent", TRACE)));
	}

	@Test
	void aHeaderThatCannotBeStoredRollsTheTransactionBack() {
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> transaction().executeWithoutResult((status) -> {
				saveOrder("o-1");
				publisher().publish(OutboxMessage.builder()
					.eventType("x")
					.destination("d")
					.payload("p")
					.header("metadata", new Object())
					.build());
			}));
		assertThat(side().orders()).isEmpty();
		assertThat(side().keys()).isEmpty();
	}

	// W12

	@Test
	void invalidInputLeavesTheTransactionAndTheDatabaseAsTheyWere() {
		transaction().executeWithoutResult((status) -> {
			assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> publisher()
				.publish(OutboxMessage.builder().eventType("x").destination(" ").payload("p").build()));
			assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> publisher()
				.publish(OutboxMessage.builder().eventType("x").destination("d").key("").payload("p").build()));
			place("o-1");
		});
		assertThat(side().keys()).containsExactly("o-1");
	}

	// E4, E6

	@Test
	void anObjectBecomesJson() {
		OutboxRecord stored = publish(
				new OrderPriced(new BigDecimal("12.30"), Instant.parse("2026-01-02T03:04:05Z"), null));
		assertThat(stored.contentType()).isEqualTo("application/json");
		assertThat(stored.payload()).asString(StandardCharsets.UTF_8)
			.isEqualTo("{\"total\":12.30,\"at\":\"2026-01-02T03:04:05Z\",\"coupon\":null}");
		assertThat(stored.key()).isNull();
	}

	@Test
	void anObjectThatCannotBeSerializedStoresNoRow() {
		assertThatExceptionOfType(EventSerializationException.class)
			.isThrownBy(() -> transaction().executeWithoutResult((status) -> {
				saveOrder("o-1");
				publisher().publish(new Unserializable());
			}));
		assertThat(side().orders()).isEmpty();
		assertThat(side().keys()).isEmpty();
	}

	private OutboxRecord publish(Object event) {
		transaction().executeWithoutResult((status) -> publisher().publish(event));
		List<OutboxRecord> stored = side().stored();
		assertThat(stored).hasSize(1);
		return stored.get(0);
	}

}
