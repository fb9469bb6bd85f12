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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.outbox.Destination;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.it.store.StoreHarness.Refusal;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.EventRef;
import dev.outbox.store.EventStore;
import dev.outbox.store.KeyRead;
import dev.outbox.store.NewEvent;
import dev.outbox.store.ReadScope;
import dev.outbox.store.StoredEvent;
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
 * What is written is what is read: on every database.
 */
abstract class EventWriterContract {

	static final String SMILE = "\uD83D\uDE00";

	abstract StoreHarness harness();

	/**
	 * Rule 20: the numbers ascend in the order of the list.
	 */
	@Test
	void numbersAscendInTheOrderOfTheList() {
		List<NewEvent> events = new ArrayList<>();
		for (int i = 0; i < 3000; i++) {
			events.add(StoreHarness.event("k" + i % 7, "e" + i));
		}
		try (Transaction transaction = harness().begin()) {
			transaction.append(events);
			assertThat(harness().count("event")).isZero();
			transaction.commit();
		}
		assertThat(harness().scan().drain(1000))
			.containsExactlyElementsOf(IntStream.range(0, 3000).mapToObj((i) -> "e" + i).toList());
	}

	/**
	 * Also while others write, and however many statements the list takes.
	 */
	@Test
	void numbersOfTransactionsThatWriteByTurnsAscendInEachOfThem() {
		try (Transaction one = harness().begin(); Transaction other = harness().begin()) {
			for (int i = 0; i < 500; i += 250) {
				one.append(range(i, 250, "1-"));
				other.append(range(i, 250, "2-"));
			}
			other.commit();
			one.commit();
		}
		List<String> all = harness().scan().drain(100);
		assertThat(all).hasSize(1000)
			.containsSubsequence(IntStream.range(0, 500).mapToObj((i) -> "1-" + i).toList())
			.containsSubsequence(IntStream.range(0, 500).mapToObj((i) -> "2-" + i).toList());
	}

	private static List<NewEvent> range(int first, int count, String prefix) {
		return IntStream.range(first, first + count).mapToObj((n) -> StoreHarness.event(prefix, prefix + n)).toList();
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
		OutboxRecord bareToo = new OutboxRecord(UUID.randomUUID(), null, null, null, "NULL", 1, bare.destination(),
				Map.of(), "text/plain", Map.of(), new byte[0], bare.createdAt());
		try (Transaction transaction = harness().begin()) {
			transaction.append(List.of(new NewEvent(written, 5, null), new NewEvent(bare, 6, null)));
			transaction.append(List.of(new NewEvent(alone, 5, null)));
			transaction.append(List.of(new NewEvent(bareToo, 6, null)));
			transaction.commit();
		}
		List<StoredEvent> rows = new Scan(harness().relay(), new ReadScope("kafka", Set.of(5, 6), Set.of(), null))
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
		assertThat(rows.get(3).event()).usingRecursiveComparison().isEqualTo(bareToo);
		assertThat(rows.get(1).payloadLoaded()).isTrue();
	}

	/**
	 * Trap 14: options are lost when they are stored, or numbers change their type; also
	 * on the way through the tables for what waits, is archived, and is replayed.
	 */
	@Test
	void trap14OptionsKeepTheTypesOfTheirValuesWhereverTheEventGoes() {
		Map<String, Object> options = Map.of("int", 5, "long", 5L, "double", 5.0, "text", "5", "true", true);
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "a", null, null, "order.placed", 1,
				StoreHarness.ORDERS, options, "text/plain", options, new byte[1], Instant.EPOCH);
		NewEvent written = new NewEvent(event, StoreHarness.partition("a"), null);
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
	void charactersBeyondTheFirstPlaneSurvive() {
		OutboxRecord written = record("key " + SMILE, Map.of("head " + SMILE, "value " + SMILE),
				("payload " + SMILE).getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
		append(new NewEvent(written, 5, null));
		assertThat(stored().get(0).event()).usingRecursiveComparison().isEqualTo(written);
		assertThat(readKey("key " + SMILE)).containsExactly("payload " + SMILE);
		assertThat(harness().keys()).containsExactly("key " + SMILE);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1 << 20, 10 << 20 })
	void largePayloadsSurviveByteForByte(int bytes) {
		byte[] payload = SMILE.repeat(bytes / 4).getBytes(StandardCharsets.UTF_8);
		append(new NewEvent(record("a", Map.of(), payload, Instant.EPOCH), 5, null),
				new NewEvent(record("a", Map.of(), new byte[] { 1 }, Instant.EPOCH), 5, null));
		List<EventRef> rows = stored().stream().map(StoredEvent::ref).toList();
		Map<Long, byte[]> payloads = harness().relay().payloads(rows);
		assertThat(payloads.get(rows.get(0).seq())).hasSize(bytes).isEqualTo(payload);
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
			transaction.schedule(List.of(StoreHarness.event(StoreHarness.ORDERS, "a", new byte[0], due)));
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
	void keysThatDifferAtAllAreDifferent(String key, String other) {
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
		for (List<NewEvent> refused : List.of(List.of(StoreHarness.event("", "secret")),
				List.of(StoreHarness.event("", "secret"), StoreHarness.event("a", "secret")))) {
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
			store.append(List.of(StoreHarness.event("a", "now"),
					StoreHarness.event(StoreHarness.ORDERS, "a", "later".getBytes(StandardCharsets.UTF_8), due)));
			assertThat(harness().count("scheduled")).isZero();
		});
		assertThat(harness().scan().poll()).containsExactly("now");
		assertThat(harness().scheduledFor(due)).containsExactly("later");
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> harness().transaction()
				.executeWithoutResult((status) -> store.append(List.of(StoreHarness.event("", "1")))))
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
	void aClaimThatIsRolledBackWasNeverMade() {
		try (Transaction transaction = harness().begin()) {
			assertThat(claim(transaction, "once", UUID.randomUUID())).isEmpty();
		}
		try (Transaction transaction = harness().begin()) {
			assertThat(claim(transaction, "once", UUID.randomUUID())).isEmpty();
		}
	}

	@Test
	void aClaimThatIsRolledBackToASavepointWasNeverMade() {
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
		return new OutboxRecord(UUID.randomUUID(), key, "order", key, "type " + SMILE, 1, StoreHarness.ORDERS, Map.of(),
				"text/plain", headers, payload, createdAt);
	}

	final List<StoredEvent> stored() {
		return harness().scan().step(Long.MAX_VALUE, 100, Long.MAX_VALUE).events();
	}

	private List<Instant> createdAt() {
		return stored().stream().map((row) -> row.event().createdAt()).toList();
	}

	final List<String> readKey(String key) {
		return harness().relay()
			.readKey(new KeyRead(5, key, StoreHarness.ORDERS, 0, 10, Long.MAX_VALUE))
			.events()
			.stream()
			.map(Scan::payload)
			.toList();
	}

}
