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

package dev.outbox.test.contract;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.EventStore;
import dev.outbox.store.KeyRead;
import dev.outbox.store.NewEvent;
import dev.outbox.store.ReadScope;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an {@link EventStore} writes in the transactions of an application is what is
 * read, or nothing.
 */
public abstract class EventStoreContract {

	private static final String SMILE = "\uD83D\uDE00";

	private static final Map<String, Object> OPTIONS = Map.of("int", 5, "long", 5L, "double", 5.0, "text", "5", "true",
			true);

	/**
	 * Returns the store, which is empty when a test begins: the same one whenever it is
	 * asked for during a test.
	 * @return what the test needs of it
	 */
	protected abstract StoreHarness harness();

	/**
	 * Rule 20: the numbers ascend in the order of the list.
	 */
	@Test
	protected void numbersAscendInTheOrderOfTheList() {
		List<NewEvent> events = new ArrayList<>();
		for (int i = 0; i < 3000; i++) {
			events.add(StoreHarness.event("k" + i % 7, "e" + i));
		}
		try (Transaction transaction = harness().begin()) {
			transaction.append(events);
			assertThat(harness().scan().poll()).isEmpty();
			transaction.commit();
		}
		assertThat(harness().scan().drain(1000))
			.containsExactlyElementsOf(IntStream.range(0, 3000).mapToObj((i) -> "e" + i).toList());
	}

	/**
	 * Also while others write, and however many statements the list takes. To be
	 * overridden where one transaction writes at a time.
	 */
	@Test
	protected void numbersOfTransactionsThatWriteByTurnsAscendInEachOfThem() {
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

	/**
	 * Times are as fine as a microsecond at least, and never rounded up.
	 * <p>
	 * Trap 14: options are lost when they are stored, or numbers change their type.
	 */
	@Test
	protected void everyFieldIsReadAsItWasWritten() {
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
				3, new Destination("kafka", "orders"), OPTIONS, "application/octet-stream", headers, payload,
				Instant.parse("2026-11-21T10:15:30.123456999Z"));
		OutboxRecord alone = new OutboxRecord(UUID.randomUUID(), "k", "order", "1", "order.placed", 3,
				written.destination(), OPTIONS, "application/octet-stream", Map.of("long", 7L), payload,
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
		assertThat(read.createdAt()).isBetween(Instant.parse("2026-11-21T10:15:30.123456Z"), written.createdAt());
		assertThat(read.headers().keySet()).containsExactlyInAnyOrderElementsOf(headers.keySet());
		headers.forEach((name, value) -> assertThat(read.headers().get(name)).isEqualTo(value));
		assertThat(rows.get(1).event()).usingRecursiveComparison().isEqualTo(bare);
		assertThat(rows.get(2).event()).usingRecursiveComparison().ignoringFields("createdAt").isEqualTo(alone);
		assertThat(rows.get(2).event().createdAt()).isEqualTo(read.createdAt());
		assertThat(rows.get(3).event()).usingRecursiveComparison().isEqualTo(bareToo);
		assertThat(rows.get(1).payloadLoaded()).isTrue();
	}

	@Test
	protected void charactersBeyondTheFirstPlaneSurvive() {
		OutboxRecord written = record("key " + SMILE, Map.of("head " + SMILE, "value " + SMILE),
				("payload " + SMILE).getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
		append(new NewEvent(written, 5, null));
		assertThat(stored().get(0).event()).usingRecursiveComparison().isEqualTo(written);
		assertThat(readKey("key " + SMILE)).containsExactly("payload " + SMILE);
	}

	@Test
	protected void aLargePayloadSurvivesByteForByte() {
		byte[] payload = SMILE.repeat(1 << 18).getBytes(StandardCharsets.UTF_8);
		append(new NewEvent(record("a", Map.of(), payload, Instant.EPOCH), 5, null),
				new NewEvent(record("a", Map.of(), new byte[] { 1 }, Instant.EPOCH), 5, null));
		List<EventRef> rows = stored().stream().map(StoredEvent::ref).toList();
		Map<Long, byte[]> payloads = harness().relay().payloads(rows);
		assertThat(payloads.get(rows.get(0).seq())).isEqualTo(payload);
		assertThat(payloads.get(rows.get(1).seq())).containsExactly(1);
	}

	/**
	 * Also an event's own key, by which those that follow it are found.
	 */
	@Test
	protected void keysThatDifferAtAllAreDifferent() {
		List<String> keys = List.of("order", "Order", " order", "e\u0301", "\u00e9");
		keys.forEach((key) -> append(
				new NewEvent(record(key, Map.of(), key.getBytes(StandardCharsets.UTF_8), Instant.EPOCH), 5, null)));
		assertThat(keys).allSatisfy((key) -> assertThat(readKey(key)).containsExactly(key));
		try (Transaction transaction = harness().begin()) {
			assertThat(keys).allSatisfy((key) -> assertThat(transaction.claim(key, UUID.randomUUID())).isEmpty());
		}
	}

	@Test
	protected void whatIsRolledBackWasNeverWritten() {
		try (Transaction transaction = harness().begin().insert("a", "never")) {
			transaction.schedule(List.of(StoreHarness.event(StoreHarness.ORDERS, "a", new byte[1], Instant.EPOCH)));
		}
		Claim claim = harness().claim("a");
		assertThat(harness().relay().moveDue(claim.owner(), "test", Set.of(claim.part()), 10).moved()).isZero();
		assertThat(harness().scan().poll()).isEmpty();
	}

	@Test
	protected void anIdempotencyKeyIsHeldByTheFirst() {
		UUID first = UUID.randomUUID();
		try (Transaction transaction = harness().begin()) {
			assertThat(transaction.claim("once", first)).isEmpty();
			assertThat(transaction.claim("once", first)).contains(first);
			transaction.commit();
		}
		try (Transaction transaction = harness().begin()) {
			assertThat(transaction.claim("once", UUID.randomUUID())).contains(first);
		}
	}

	@Test
	protected void aClaimThatIsRolledBackWasNeverMade() {
		try (Transaction transaction = harness().begin()) {
			assertThat(transaction.claim("once", UUID.randomUUID())).isEmpty();
		}
		try (Transaction transaction = harness().begin()) {
			assertThat(transaction.claim("once", UUID.randomUUID())).isEmpty();
		}
	}

	@Test
	protected void aClaimThatIsRolledBackToASavepointWasNeverMade() {
		try (Transaction transaction = harness().begin()) {
			transaction.savepoint("s");
			assertThat(transaction.claim("once", UUID.randomUUID())).isEmpty();
			transaction.rollBackTo("s");
			assertThat(transaction.claim("once", UUID.randomUUID())).isEmpty();
		}
	}

	/**
	 * The second one waits for the first to end, or fails, or begins when it has ended.
	 */
	@Test
	protected void ofTwoTransactionsThatClaimAKeyOneGetsIt() {
		UUID first = UUID.randomUUID();
		CompletableFuture<Optional<UUID>> second;
		try (Transaction transaction = harness().begin()) {
			assertThat(transaction.claim("once", first)).isEmpty();
			CountDownLatch begun = new CountDownLatch(1);
			second = CompletableFuture.supplyAsync(() -> {
				begun.countDown();
				try (Transaction other = harness().begin()) {
					return other.claim("once", UUID.randomUUID());
				}
			});
			await().atMost(Duration.ofMinutes(1)).until(() -> begun.getCount() == 0);
			transaction.commit();
		}
		assertThat(second.handle((holder, failure) -> failure != null || holder.equals(Optional.of(first))).join())
			.isTrue();
	}

	private void append(NewEvent... events) {
		try (Transaction transaction = harness().begin()) {
			transaction.append(List.of(events));
			transaction.commit();
		}
	}

	private static OutboxRecord record(String key, Map<String, Object> headers, byte[] payload, Instant createdAt) {
		return new OutboxRecord(UUID.randomUUID(), key, "order", key, "type " + SMILE, 1, StoreHarness.ORDERS, Map.of(),
				"text/plain", headers, payload, createdAt);
	}

	private List<StoredEvent> stored() {
		return harness().scan().step(Long.MAX_VALUE, 100, Long.MAX_VALUE).events();
	}

	private List<String> readKey(String key) {
		return harness().relay()
			.readKey(new KeyRead(5, key, StoreHarness.ORDERS, 0, 10, Long.MAX_VALUE))
			.events()
			.stream()
			.map(Scan::payload)
			.toList();
	}

}
