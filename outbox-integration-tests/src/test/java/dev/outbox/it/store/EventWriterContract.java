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
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.it.store.DatabaseHarness.Refusal;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.EventRef;
import dev.outbox.store.EventStore;
import dev.outbox.store.KeyRead;
import dev.outbox.store.NewEvent;
import dev.outbox.store.StoredEvent;
import dev.outbox.test.contract.EventStoreContract;
import dev.outbox.test.contract.Scan;
import dev.outbox.test.contract.Transaction;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.ConcurrencyFailureException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What is written is what is read, seen in the database itself: on every one of ours.
 */
abstract class EventWriterContract extends EventStoreContract {

	static final String SMILE = "\uD83D\uDE00";

	@Override
	protected abstract DatabaseHarness harness();

	/**
	 * Trap 14: options are lost when they are stored, or numbers change their type; also
	 * on the way through the tables for what waits, is archived, and is replayed.
	 */
	@Test
	void trap14OptionsKeepTheTypesOfTheirValuesWhereverTheEventGoes() {
		Map<String, Object> options = Map.of("int", 5, "long", 5L, "double", 5.0, "text", "5", "true", true);
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "a", null, null, "order.placed", 1,
				DatabaseHarness.ORDERS, options, "text/plain", options, new byte[1], Instant.EPOCH);
		NewEvent written = new NewEvent(event, DatabaseHarness.partition("a"), null);
		try (Transaction transaction = harness().begin()) {
			transaction.append(List.of(written));
			transaction.commit();
		}
		StoredEvent stored = harness().scan().step(Long.MAX_VALUE, 10, Long.MAX_VALUE).events().get(0);
		harness().archivingRelay().settle(List.of(stored.ref()));
		harness().archive().replay(event.id().toString(), ArchiveFilter.all(), 10);
		StoredEvent replayed = harness().scan().step(Long.MAX_VALUE, 10, Long.MAX_VALUE).events().get(0);
		assertThat(List.of(stored.event().options(), stored.event().headers(), replayed.event().options()))
			.containsOnly(options);
		assertThat(replayed.event().headers()).containsAllEntriesOf(options);
	}

	@Test
	void aKeyIsStoredAsItIs() {
		append(new NewEvent(record("key " + SMILE, Map.of(), new byte[0], Instant.EPOCH), 5, null));
		assertThat(harness().keys()).containsExactly("key " + SMILE);
	}

	@Test
	void aPayloadOfTenMegabytesSurvives() {
		byte[] payload = SMILE.repeat((10 << 20) / 4).getBytes(StandardCharsets.UTF_8);
		append(new NewEvent(record("a", Map.of(), payload, Instant.EPOCH), 5, null),
				new NewEvent(record("a", Map.of(), new byte[] { 1 }, Instant.EPOCH), 5, null));
		List<EventRef> rows = stored().stream().map(StoredEvent::ref).toList();
		Map<Long, byte[]> payloads = harness().relay().payloads(rows);
		assertThat(payloads.get(rows.get(0).seq())).hasSize(10 << 20).isEqualTo(payload);
		assertThat(payloads.get(rows.get(1).seq())).containsExactly(1);
	}

	@Test
	void timesThatDifferByMicrosecondsStayApart() {
		List<Instant> times = List.of(Instant.parse("2026-11-21T23:59:59.999999Z"),
				Instant.parse("2026-11-21T23:59:59.999998Z"), Instant.parse("2026-11-21T23:59:59.000001Z"),
				Instant.parse("2026-11-21T23:59:59Z"), Instant.parse("2026-11-22T00:00:00.000001Z"));
		times.forEach((time) -> append(new NewEvent(record("a", Map.of(), new byte[0], time), 5, null)));
		append(times.stream()
			.map((time) -> new NewEvent(record("a", Map.of(), new byte[0], time), 5, null))
			.toArray(NewEvent[]::new));
		assertThat(createdAt().subList(0, times.size())).isEqualTo(times);
		assertThat(createdAt().subList(times.size(), 2 * times.size())).isEqualTo(times);
	}

	/**
	 * No column is finer than a microsecond.
	 */
	@Test
	void timesThatTheDatabaseCannotTellApartKeepTheOrderOfTheList() {
		List<NewEvent> events = IntStream.range(0, 50)
			.mapToObj((i) -> Instant.parse("2026-11-21T10:15:30.000000999Z").minusNanos(i))
			.map((time) -> new NewEvent(record("a", Map.of(), new byte[0], time), 5, null))
			.toList();
		append(events.toArray(NewEvent[]::new));
		assertThat(stored()).extracting((event) -> event.event().id())
			.isEqualTo(events.stream().map((event) -> event.event().id()).toList());
		assertThat(createdAt()).containsOnly(Instant.parse("2026-11-21T10:15:30Z"));
	}

	/**
	 * The hours that clocks are put forward and back, too.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "UTC", "Europe/Berlin", "America/St_Johns" })
	void noTimeZoneChangesATime(String zoneOfTheJvm) {
		List<Instant> times = List.of(Instant.parse("2026-03-29T01:30:00Z"), Instant.parse("2026-03-29T02:30:00Z"),
				Instant.parse("2026-10-25T00:30:00Z"), Instant.parse("2026-10-25T01:30:00Z"),
				Instant.parse("2026-10-25T02:30:00Z"));
		Instant due = Instant.parse("2126-01-01T00:00:00.000001Z");
		TimeZone zone = TimeZone.getDefault();
		TimeZone.setDefault(TimeZone.getTimeZone(zoneOfTheJvm));
		try (Transaction transaction = harness().beginInForeignTimeZone()) {
			for (Instant time : times) {
				transaction.append(List.of(new NewEvent(record("a", Map.of(), new byte[0], time), 5, null)));
			}
			transaction.schedule(List.of(DatabaseHarness.event(DatabaseHarness.ORDERS, "a", new byte[0], due)));
			assertThat(claim(transaction, "once", UUID.randomUUID())).isEmpty();
			transaction.commit();
			assertThat(createdAt()).isEqualTo(times);
		}
		finally {
			TimeZone.setDefault(zone);
		}
		assertThat(createdAt()).isEqualTo(times);
		assertThat(harness().createdAt(Instant.parse("2026-03-29T02:30:00Z"))).isOne();
		assertThat(harness().scheduledFor(due)).hasSize(1);
		assertThat(harness().claimedWithin(Duration.ofMinutes(10))).isOne();
	}

	@ParameterizedTest
	@CsvSource({ "order, Order", "order, 'order '", "order, ' order'", "strasse, stra\u00dfe", "e\u0301, \u00e9" })
	void whatDiffersAtAllIsDifferent(String key, String other) {
		append(new NewEvent(record(key, Map.of(), new byte[] { '1' }, Instant.EPOCH), 5, null),
				new NewEvent(record(other, Map.of(), new byte[] { '2' }, Instant.EPOCH), 5, null));
		assertThat(readKey(key)).containsExactly("1");
		assertThat(readKey(other)).containsExactly("2");
		UUID first = UUID.randomUUID();
		UUID second = UUID.randomUUID();
		try (Transaction transaction = harness().begin()) {
			assertThat(claim(transaction, key, first)).isEmpty();
			assertThat(claim(transaction, other, second)).isEmpty();
			assertThat(claim(transaction, key, second)).contains(first);
		}
	}

	@Test
	void anEmptyKeyIsRefused() {
		try (Transaction transaction = harness().begin()) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> transaction.insert("", "1"))
				.withRootCauseInstanceOf(harness().refusal().cause());
		}
	}

	/**
	 * The server describes a row that it refuses by all its values.
	 */
	@Test
	void anErrorDoesNotTellWhatIsInTheRow() {
		Refusal refusal = harness().refusal();
		String hex = HexFormat.of().formatHex("secret".getBytes(StandardCharsets.UTF_8));
		for (List<NewEvent> refused : List.of(List.of(DatabaseHarness.event("", "secret")),
				List.of(DatabaseHarness.event("", "secret"), DatabaseHarness.event("a", "secret")))) {
			try (Transaction transaction = harness().begin()) {
				assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> transaction.append(refused))
					.satisfies((ex) -> assertThat(ex.getCause()).isInstanceOf(refusal.cause())
						.hasMessageContaining(refusal.says()))
					.satisfies((ex) -> assertThat(Throwables.getStackTrace(ex)).doesNotContain("secret", hex));
			}
		}
	}

	@Test
	void eventsThatAreNotDueAreWrittenApart() {
		EventStore store = harness().eventStore();
		Instant due = Instant.parse("2126-01-01T00:00:00.000001Z");
		harness().transaction().executeWithoutResult((status) -> {
			store.append(List.of(DatabaseHarness.event("a", "now"),
					DatabaseHarness.event(DatabaseHarness.ORDERS, "a", "later".getBytes(StandardCharsets.UTF_8), due)));
			assertThat(harness().count("scheduled")).isZero();
		});
		assertThat(harness().scan().poll()).containsExactly("now");
		assertThat(harness().scheduledFor(due)).containsExactly("later");
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> harness().transaction()
				.executeWithoutResult((status) -> store.append(List.of(DatabaseHarness.event("", "1")))))
			.withMessageContaining("1 event(s)")
			.withMessageContaining(harness().refusal().reported());
	}

	@Test
	void anIdempotencyKeyIsHeldByTheFirstUntilItExpires() {
		UUID first = UUID.randomUUID();
		UUID second = UUID.randomUUID();
		try (Transaction transaction = harness().begin()) {
			assertThat(claim(transaction, "once", first)).isEmpty();
			assertThat(claim(transaction, "once", first)).contains(first);
			transaction.commit();
		}
		try (Transaction transaction = harness().begin()) {
			assertThat(claim(transaction, "once", first)).contains(first);
		}
		harness().makeClaimsOlder(Duration.ofDays(8));
		try (Transaction transaction = harness().begin()) {
			assertThat(claim(transaction, "once", second)).isEmpty();
			assertThat(claim(transaction, "once", first)).contains(second);
		}
	}

	@Test
	void anExpiredClaimThatIsTakenUpToASavepointIsAsItWas() {
		harness().assume(Ability.SAVEPOINTS);
		UUID expired = UUID.randomUUID();
		try (Transaction transaction = harness().begin()) {
			assertThat(claim(transaction, "once", expired)).isEmpty();
			transaction.commit();
		}
		harness().makeClaimsOlder(Duration.ofDays(8));
		try (Transaction transaction = harness().begin().savepoint("s")) {
			assertThat(claim(transaction, "once", UUID.randomUUID())).isEmpty();
			transaction.rollBackTo("s");
			assertThat(claim(transaction, "once", expired)).isEmpty();
		}
	}

	@Test
	void whoClaimsAKeyWaitsForTheTransactionThatHoldsIt() throws Exception {
		harness().assume(Ability.WAITING_CLAIMS);
		UUID first = UUID.randomUUID();
		try (Transaction transaction = harness().begin()) {
			assertThat(claim(transaction, "once", first)).isEmpty();
			CompletableFuture<Optional<UUID>> waiting = CompletableFuture.supplyAsync(() -> {
				try (Transaction other = harness().begin()) {
					return claim(other, "once", UUID.randomUUID());
				}
			});
			await().until(() -> harness().aTransactionWaits());
			transaction.commit();
			assertThat(waiting.get()).contains(first);
		}
	}

	@Test
	void anIdempotencyKeyIsFreeWhenItsFirstTransactionRollsBack() throws Exception {
		harness().assume(Ability.WAITING_CLAIMS);
		UUID second = UUID.randomUUID();
		CompletableFuture<Optional<UUID>> waiting;
		try (Transaction transaction = harness().begin()) {
			assertThat(claim(transaction, "once", UUID.randomUUID())).isEmpty();
			waiting = CompletableFuture.supplyAsync(() -> {
				try (Transaction other = harness().begin()) {
					return claim(other, "once", second);
				}
			});
			await().until(() -> harness().aTransactionWaits());
		}
		assertThat(waiting.get()).isEmpty();
	}

	/**
	 * With the isolation that transactions have by default.
	 */
	@Test
	void whatWasClaimedAfterATransactionBeganIsNotOverlookedByIt() {
		harness().assume(Ability.WAITING_CLAIMS);
		UUID first = UUID.randomUUID();
		try (Transaction transaction = harness().beginByReadingClaims()) {
			try (Transaction other = harness().begin()) {
				assertThat(claim(other, "once", first)).isEmpty();
				other.commit();
			}
			assertThat(claim(transaction, "once", UUID.randomUUID())).contains(first);
		}
	}

	/**
	 * Applications repeat such transactions by the type of the exception. Where deadlocks
	 * are ended by a timeout, that can hit both.
	 */
	@Test
	void aDeadlockIsReportedAsSpringDoes() throws Exception {
		EventStore store = harness().eventStore();
		CyclicBarrier both = new CyclicBarrier(2);
		List<CompletableFuture<Boolean>> pair = Stream.of(List.of("a", "b"), List.of("b", "a"))
			.map((keys) -> CompletableFuture.supplyAsync(() -> {
				harness().transaction().executeWithoutResult((status) -> {
					store.claim(keys.get(0), UUID.randomUUID());
					meet(both);
					store.claim(keys.get(1), UUID.randomUUID());
				});
				return true;
			}).handle((done, failure) -> {
				if (failure != null) {
					assertThat(failure).hasCauseInstanceOf(ConcurrencyFailureException.class);
				}
				return failure == null;
			}))
			.toList();
		assertThat(List.of(pair.get(0).get(), pair.get(1).get())).contains(false);
	}

	private static void meet(CyclicBarrier barrier) {
		try {
			barrier.await();
		}
		catch (InterruptedException | BrokenBarrierException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static Optional<UUID> claim(Transaction transaction, String key, UUID id) {
		return transaction.claim(key, id);
	}

	final void append(NewEvent... events) {
		try (Transaction transaction = harness().begin()) {
			transaction.append(List.of(events));
			transaction.commit();
		}
	}

	static OutboxRecord record(String key, Map<String, Object> headers, byte[] payload, Instant createdAt) {
		return new OutboxRecord(UUID.randomUUID(), key, "order", key, "type " + SMILE, 1, DatabaseHarness.ORDERS,
				Map.of(), "text/plain", headers, payload, createdAt);
	}

	final List<StoredEvent> stored() {
		return harness().scan().step(Long.MAX_VALUE, 100, Long.MAX_VALUE).events();
	}

	private List<Instant> createdAt() {
		return stored().stream().map((row) -> row.event().createdAt()).toList();
	}

	final List<String> readKey(String key) {
		return harness().relay()
			.readKey(new KeyRead(5, key, DatabaseHarness.ORDERS, 0, 10, Long.MAX_VALUE))
			.events()
			.stream()
			.map(Scan::payload)
			.toList();
	}

}
