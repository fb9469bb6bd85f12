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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.Operator;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a {@link HousekeepingStore} removes, and what it never does: an event that waits,
 * and a dead letter that its key waits for. For a store that brings one.
 */
public abstract class HousekeepingStoreContract {

	private static final Duration DAY = Duration.ofDays(1);

	/**
	 * What is older than that is there for long.
	 */
	private static final Duration MOMENT = Duration.ofMillis(1);

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	/**
	 * Returns the store, which is empty when a test begins: the same one whenever it is
	 * asked for during a test.
	 * @return what the test needs of it
	 */
	protected abstract StoreHarness harness();

	/**
	 * Returns what cleans it up.
	 * @return the store
	 */
	protected abstract HousekeepingStore housekeeping();

	@Test
	protected void whatWaitsIsNeverRemoved() {
		harness().insert("a", "failed", "next");
		Instant tomorrow = Clock.systemUTC().instant().plus(DAY);
		try (Transaction transaction = harness().begin()) {
			transaction.schedule(List.of(StoreHarness.event(StoreHarness.ORDERS, "a", new byte[0], tomorrow)));
			transaction.commit();
		}
		Deaths deaths = new Deaths(harness());
		StoredEvent failed = deaths.waiting("a").get(0);
		Claim claim = deaths.claimOf(failed);
		assertThat(harness().relay().recordFailure(claim, failed.ref(), "busy", DAY)).isTrue();
		deaths.of("b");
		awaitRemoved(Kept.DEAD_LETTER, 1);
		for (Kept what : Kept.values()) {
			assertThat(housekeeping().removeExpired(what, MOMENT, 100)).as("expired: %s", what).isZero();
		}
		assertThat(deaths.waiting("a")).extracting(Scan::payload).containsExactly("failed", "next");
		assertThat(deaths.waiting("a").get(0).attempts()).isOne();
		Set<Integer> all = IntStream.range(0, StoreHarness.PARTITIONS).boxed().collect(Collectors.toSet());
		assertThat(harness().relay().moveDue(claim.owner(), "test", all, 10).nextIn()).as("what is due tomorrow")
			.isNotNull();
	}

	@Test
	protected void deadLettersGoInPortionsTheOldestFirst() {
		Deaths deaths = new Deaths(harness());
		Stream.of("a", "b", "c").forEach(deaths::of);
		assertThat(housekeeping().removeExpired(Kept.DEAD_LETTER, DAY, 100)).isZero();
		assertThat(dead()).containsExactly("a", "b", "c");
		awaitRemoved(Kept.DEAD_LETTER, 1, 1);
		assertThat(dead()).containsExactly("b", "c");
		awaitRemoved(Kept.DEAD_LETTER, 2);
		assertThat(housekeeping().removeExpired(Kept.DEAD_LETTER, MOMENT, 100)).isZero();
	}

	/**
	 * Without it the later events of its key would wait for ever, or go out of order.
	 */
	@Test
	protected void aDeadLetterThatItsKeyWaitsForStaysUntilTheKeyIsUnblocked() {
		Deaths deaths = new Deaths(harness());
		deaths.blocking("a");
		deaths.of("b");
		awaitRemoved(Kept.DEAD_LETTER, 1);
		assertThat(housekeeping().removeExpired(Kept.DEAD_LETTER, MOMENT, 100)).isZero();
		assertThat(dead()).containsExactly("a");
		assertThat(harness().holds().unblock(StoreHarness.ORDERS, "a", new Operator("ann"))).isTrue();
		awaitRemoved(Kept.DEAD_LETTER, 1);
		assertThat(dead()).isEmpty();
	}

	@Test
	protected void anIdempotencyKeyIsFreeOnceItIsRemoved() {
		UUID first = UUID.randomUUID();
		assertThat(claim("order-1", first)).isEmpty();
		assertThat(housekeeping().removeExpired(Kept.IDEMPOTENCY_KEY, DAY, 100)).isZero();
		assertThat(claim("order-1", UUID.randomUUID())).contains(first);
		awaitRemoved(Kept.IDEMPOTENCY_KEY, 1);
		assertThat(claim("order-1", UUID.randomUUID())).isEmpty();
	}

	@Test
	protected void instancesThatRemoveAtTheSameTimeRemoveNothingTwice() {
		Deaths deaths = new Deaths(harness());
		IntStream.range(0, 20).forEach((i) -> deaths.of("k" + i));
		List<CompletableFuture<Integer>> pair = Stream
			.generate(() -> CompletableFuture.supplyAsync(this::removeAllDeadLetters))
			.limit(2)
			.toList();
		assertThat(pair.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(20);
	}

	private int removeAllDeadLetters() {
		int[] removed = { 0 };
		await().atMost(PATIENCE).until(() -> {
			removed[0] += housekeeping().removeExpired(Kept.DEAD_LETTER, MOMENT, 3);
			return dead().isEmpty();
		});
		return removed[0];
	}

	/**
	 * Until what there is has become old.
	 */
	private void awaitRemoved(Kept what, int expected) {
		awaitRemoved(what, expected, 100);
	}

	private void awaitRemoved(Kept what, int expected, int limit) {
		int[] removed = { 0 };
		await().atMost(PATIENCE).until(() -> {
			removed[0] += housekeeping().removeExpired(what, MOMENT, limit);
			return removed[0] >= expected;
		});
		assertThat(removed[0]).isEqualTo(expected);
	}

	private Optional<UUID> claim(String key, UUID id) {
		try (Transaction transaction = harness().begin()) {
			Optional<UUID> holder = transaction.claim(key, id);
			transaction.commit();
			return holder;
		}
	}

	private List<String> dead() {
		return harness().deadLetters()
			.list(DeadLetterFilter.all(), 0, 100)
			.stream()
			.map((letter) -> String.valueOf(letter.event().key()))
			.toList();
	}

}
