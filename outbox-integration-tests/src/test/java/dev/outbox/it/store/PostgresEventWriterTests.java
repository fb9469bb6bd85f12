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

package dev.outbox.it.store;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.store.StoreHarness.Transaction;
import dev.outbox.store.NewEvent;
import dev.outbox.store.ReadScope;
import dev.outbox.store.StoredEvent;
import dev.outbox.store.jdbc.JdbcEventStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What is written is what is read.
 */
class PostgresEventWriterTests {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private StoreHarness harness;

	@BeforeEach
	void empty() {
		this.harness = new StoreHarness(database);
	}

	/**
	 * Rule 20: the numbers ascend in the order of the list, by one statement.
	 */
	@Test
	void numbersAscendInTheOrderOfTheList() {
		List<NewEvent> events = new ArrayList<>();
		for (int i = 0; i < 3000; i++) {
			events.add(StoreHarness.event("k" + i % 7, "e" + i));
		}
		try (Transaction transaction = this.harness.begin()) {
			transaction.append(events);
			assertThat(database.number("SELECT count(*) FROM outbox_event")).isZero();
			transaction.commit();
		}
		assertThat(this.harness.scan().drain(1000))
			.containsExactlyElementsOf(IntStream.range(0, 3000).mapToObj((i) -> "e" + i).toList());
	}

	@Test
	void everyFieldIsReadAsItWasWritten() {
		byte[] payload = new byte[1001];
		new Random(1).nextBytes(payload);
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put("text", "späte \"Ehre\" \\ \u0001 {} , NULL \uD83D\uDE00");
		headers.put("int", 7);
		headers.put("long", 7L);
		headers.put("big", Long.MIN_VALUE);
		headers.put("double", 0.1);
		headers.put("whole", 1.0);
		headers.put("true", true);
		headers.put("bytes", new byte[] { 0, -1, 127 });
		OutboxRecord written = new OutboxRecord(UUID.randomUUID(), "Schlüssel,{}\"NULL\"", "order", "", "order.placed",
				3, new Destination("kafka", "orders"), Map.of("partition", 3), "application/octet-stream", headers,
				payload, Instant.parse("2026-11-21T10:15:30.123456999Z"));
		OutboxRecord alone = new OutboxRecord(UUID.randomUUID(), "k", "order", "1", "order.placed", 3,
				written.destination(), Map.of("partition", 3), "application/octet-stream", Map.of("long", 7L), payload,
				written.createdAt());
		OutboxRecord bare = new OutboxRecord(UUID.randomUUID(), null, null, null, "NULL", 1,
				new Destination("kafka", "orders"), Map.of(), "text/plain", Map.of(), new byte[0],
				Instant.parse("1969-12-31T23:59:59Z"));
		try (Transaction transaction = this.harness.begin()) {
			transaction.append(List.of(new NewEvent(written, 5, null), new NewEvent(bare, 6, null)));
			transaction.append(List.of(new NewEvent(alone, 5, null)));
			transaction.append(List.of(new NewEvent(bare, 6, null)));
			transaction.commit();
		}
		List<StoredEvent> rows = new Scan(this.harness.relay(), new ReadScope("kafka", Set.of(5, 6), Set.of(), null))
			.step(Long.MAX_VALUE, 10, Long.MAX_VALUE)
			.events();
		OutboxRecord read = rows.get(0).event();
		assertThat(rows.get(0).part()).isEqualTo(5);
		assertThat(read).usingRecursiveComparison().ignoringFields("createdAt", "headers").isEqualTo(written);
		assertThat(read.createdAt()).isEqualTo(Instant.parse("2026-11-21T10:15:30.123456Z"));
		assertThat(read.headers().keySet()).containsExactlyElementsOf(headers.keySet());
		headers.forEach((name, value) -> assertThat(read.headers().get(name)).isEqualTo(value));
		assertThat(rows.get(1).event()).usingRecursiveComparison().isEqualTo(bare);
		assertThat(rows.get(2).event()).usingRecursiveComparison().ignoringFields("createdAt").isEqualTo(alone);
		assertThat(rows.get(2).event().createdAt()).isEqualTo(read.createdAt());
		assertThat(rows.get(3).event()).usingRecursiveComparison().isEqualTo(bare);
		assertThat(rows.get(1).payloadLoaded()).isTrue();
		assertThat(database.value("SELECT headers FROM outbox_event WHERE seq = 1").toString())
			.contains("\"int\":7,\"long\":{\"long\":7}");
	}

	/**
	 * Rule 4: a row carries the number of the transaction that wrote it, also inside a
	 * savepoint.
	 */
	@Test
	void aRowCarriesTheNumberOfItsTransaction() {
		try (Transaction transaction = this.harness.begin()) {
			transaction.insert("a", "1").sql("SAVEPOINT s").insert("a", "2");
			transaction.sql("CREATE TABLE number_of AS SELECT pg_current_xact_id()::text AS xid");
			transaction.commit();
		}
		assertThat(database.number("SELECT count(*) FROM outbox_event e JOIN number_of n ON e.xid::text = n.xid"))
			.isEqualTo(2);
		database.sql("DROP TABLE number_of");
	}

	@Test
	void anEmptyKeyIsRefused() {
		try (Transaction transaction = this.harness.begin()) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> transaction.insert("", "1"))
				.withRootCauseInstanceOf(SQLException.class);
		}
	}

	/**
	 * The server describes a row that it refuses by all its values.
	 */
	@Test
	void anErrorDoesNotTellWhatIsInTheRow() {
		String secret = "\\x" + HexFormat.of().formatHex("secret".getBytes(StandardCharsets.UTF_8));
		for (List<NewEvent> refused : List.of(List.of(StoreHarness.event("", "secret")),
				List.of(StoreHarness.event("", "secret"), StoreHarness.event("a", "secret")))) {
			try (Transaction transaction = this.harness.begin()) {
				assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> transaction.append(refused))
					.satisfies((ex) -> assertThat(ex.getCause()).hasNoCause()
						.isInstanceOf(SQLException.class)
						.hasMessageContaining("event_key")
						.hasMessageNotContaining(secret));
			}
		}
	}

	@Test
	void aRowThatNobodyCouldReadIsRefused() {
		for (String headers : List.of("[]", "no json", "{\"a\":")) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> database.update("""
					INSERT INTO outbox_event (id, part, event_type, event_version, transport, destination, content_type,
						payload, headers) VALUES (gen_random_uuid(), 1, 't', 1, 'test', 'orders', 'x', '', ?)""",
					headers));
		}
	}

	@Test
	void eventsThatAreNotDueAreWrittenApart() {
		DataSourceTransactionManager transactions = new DataSourceTransactionManager(database.dataSource());
		JdbcEventStore store = new JdbcEventStore(transactions.getDataSource(), this.harness.writer());
		Instant due = Instant.parse("2126-01-01T00:00:00.000001Z");
		new TransactionTemplate(transactions).executeWithoutResult((status) -> {
			store.append(List.of(StoreHarness.event("a", "now"),
					StoreHarness.event(StoreHarness.ORDERS, "a", "later".getBytes(StandardCharsets.UTF_8), due)));
			assertThat(database.number("SELECT count(*) FROM outbox_scheduled")).isZero();
		});
		assertThat(this.harness.scan().poll()).containsExactly("now");
		assertThat(database.query("SELECT convert_from(payload, 'UTF8') AS payload,"
				+ " deliver_at = '2126-01-01 00:00:00.000001+00' AS due FROM outbox_scheduled"))
			.containsExactly(Map.of("payload", "later", "due", true));
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> new TransactionTemplate(transactions)
				.executeWithoutResult((status) -> store.append(List.of(StoreHarness.event("", "1")))))
			.withMessageContaining("1 event(s)")
			.withMessageContaining("23514");
	}

	/**
	 * Applications repeat such transactions by the type of the exception.
	 */
	@Test
	void aTransactionThatTheServerEndsIsReportedAsSpringDoes() {
		DataSourceTransactionManager transactions = new DataSourceTransactionManager(database.dataSource());
		JdbcEventStore store = new JdbcEventStore(transactions.getDataSource(), this.harness.writer());
		TransactionTemplate serializable = new TransactionTemplate(transactions);
		serializable.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
		database.sql("INSERT INTO outbox_idempotency VALUES ('once', gen_random_uuid(), now() - interval '8 days')");
		assertThatExceptionOfType(ConcurrencyFailureException.class)
			.isThrownBy(() -> serializable.executeWithoutResult((status) -> {
				new JdbcTemplate(transactions.getDataSource()).queryForList("SELECT 1");
				database.sql("UPDATE outbox_idempotency SET created_at = created_at - interval '1 day'");
				store.claim("once", UUID.randomUUID());
			}));
	}

	@Test
	void anIdempotencyKeyIsHeldByTheFirstUntilItExpires() throws Exception {
		UUID first = UUID.randomUUID();
		UUID second = UUID.randomUUID();
		try (Transaction transaction = this.harness.begin()) {
			assertThat(claim(transaction, first)).isEmpty();
			assertThat(claim(transaction, first)).contains(first);
			CompletableFuture<Optional<UUID>> waiting = CompletableFuture.supplyAsync(() -> {
				try (Transaction other = this.harness.begin()) {
					return claim(other, second);
				}
			});
			await().until(() -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
			transaction.commit();
			assertThat(waiting.get()).contains(first);
		}
		database.sql("UPDATE outbox_idempotency SET created_at = now() - interval '8 days'");
		try (Transaction transaction = this.harness.begin()) {
			assertThat(claim(transaction, second)).isEmpty();
			assertThat(claim(transaction, first)).contains(second);
		}
		try (Transaction transaction = this.harness.begin().sql("SAVEPOINT s")) {
			assertThat(claim(transaction, second)).isEmpty();
			transaction.sql("ROLLBACK TO SAVEPOINT s");
			assertThat(claim(transaction, first)).isEmpty();
		}
	}

	private Optional<UUID> claim(Transaction transaction, UUID id) {
		try {
			return this.harness.writer().claim(transaction.connection(), "once", id);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
