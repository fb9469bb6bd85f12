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
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Operator;
import dev.outbox.store.RelayStore.DueMove;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of events that were sent, or could not be: settling, failures, dead
 * letters and their replay, and events that become due.
 */
public abstract class SettlingContract {

	/**
	 * Returns the store, which is empty when a test begins: the same one whenever it is
	 * asked for during a test.
	 * @return what the test needs of it
	 */
	protected abstract StoreHarness harness();

	private RelayStore relay() {
		return harness().relay();
	}

	/**
	 * Rule 14: a number alone does not name a row.
	 * <p>
	 * Trap 9: the wrong row is marked as sent.
	 */
	@Test
	protected void trap9OnlyRowsWhoseNumberAndIdMatchAreDeleted() {
		harness().insert("a", "1", "2");
		List<StoredEvent> rows = read();
		relay().settle(List.of(rows.get(0).ref(), new EventRef(rows.get(1).seq(), rows.get(0).event().id())));
		assertThat(read()).extracting(Scan::payload).containsExactly("2");
		relay().settle(List.of(rows.get(0).ref(), rows.get(1).ref()));
		assertThat(read()).isEmpty();
	}

	/**
	 * Trap 3: a failure is counted never or twice.
	 */
	@Test
	protected void aFailureIsCountedAndDelaysTheRow() {
		harness().insert("a", "1");
		Claim claim = harness().claim("a");
		EventRef row = read().get(0).ref();
		assertThat(relay().recordCarefulSend(claim, row)).isTrue();
		assertThat(relay().recordCarefulSend(claim, row)).isTrue();
		assertThat(relay().withdrawCarefulSend(claim, row)).isTrue();
		assertThat(read().get(0).crashes()).isOne();
		assertThat(read().get(0).failingFor()).isZero();
		assertThat(relay().recordFailure(claim, row, "broken", Duration.ofMinutes(10))).isTrue();
		assertThat(relay().recordFailure(claim, row, "broken again", Duration.ofMinutes(20))).isTrue();
		StoredEvent failed = read().get(0);
		assertThat(failed.attempts()).isEqualTo(2);
		assertThat(failed.crashes()).isZero();
		assertThat(failed.retryIn()).isBetween(Duration.ofMinutes(10).plusMillis(1), Duration.ofMinutes(20));
	}

	/**
	 * Rule 14: who has lost a partition decides nothing about its rows any more.
	 */
	@Test
	protected void aVoidClaimWritesNothing() {
		harness().insert("a", "1");
		Claim claim = harness().claim("a");
		EventRef row = read().get(0).ref();
		List<Claim> voids = List.of(new Claim(UUID.randomUUID(), "test", claim.part(), claim.epoch()),
				new Claim(claim.owner(), "other", claim.part(), claim.epoch()),
				new Claim(claim.owner(), "test", (claim.part() + 1) % 64, claim.epoch()),
				new Claim(claim.owner(), "test", claim.part(), claim.epoch() - 1));
		for (Claim wrong : voids) {
			assertThat(relay().recordFailure(wrong, row, "no", Duration.ZERO)).isFalse();
			assertThat(relay().recordCarefulSend(wrong, row)).isFalse();
			assertThat(relay().withdrawCarefulSend(wrong, row)).isFalse();
			assertThat(relay().deadLetter(wrong, row, new GivenUp("no", "0123456789abcdef", null, true, true, false)))
				.isFalse();
		}
		EventRef wrongId = new EventRef(row.seq(), UUID.randomUUID());
		assertThat(relay().deadLetter(claim, wrongId, new GivenUp("no", "0123456789abcdef", null, true, false, false)))
			.isFalse();
		assertThat(read().get(0).attempts()).isZero();
		assertThat(harness().deadLetters().list(DeadLetterFilter.all(), 0, 1)).isEmpty();
		assertThat(harness().leases().observe(claim.owner()).blockedKeys()).isEmpty();
	}

	@Test
	protected void aDeadLetterKeepsTheEventAndSaysWhy() {
		harness().insert("a", "1");
		Claim claim = harness().claim("a");
		StoredEvent row = read().get(0);
		relay().recordFailure(claim, row.ref(), "first", Duration.ZERO);
		assertThat(
				relay().deadLetter(claim, row.ref(), new GivenUp("last", "0123456789abcdef", null, true, false, false)))
			.isTrue();
		assertThat(
				relay().deadLetter(claim, row.ref(), new GivenUp("last", "0123456789abcdef", null, true, false, false)))
			.isFalse();
		assertThat(read()).isEmpty();
		DeadLetterStore letters = harness().deadLetters();
		DeadLetter letter = letters.list(DeadLetterFilter.all(), 0, 10).get(0);
		assertThat(letter.seq()).isEqualTo(row.seq());
		assertThat(letter.attempts()).isEqualTo(2);
		assertThat(letter.error()).isEqualTo("last");
		assertThat(letter.firstFailedAt()).isNotNull();
		assertThat(letter.event().id()).isEqualTo(row.event().id());
		assertThat(letter.event().createdAt()).isEqualTo(row.event().createdAt());
		assertThat(letters.find(letter.number()).orElseThrow().event().payload())
			.isEqualTo("1".getBytes(StandardCharsets.UTF_8));
		assertThat(letters.list(DeadLetterFilter.all(), letter.number(), 10)).isEmpty();
		assertThat(letters.find(letter.number() + 1)).isEmpty();
	}

	/**
	 * Rule 16: a key is blocked by the transaction that gives up its head; the replay of
	 * that head, and nothing else, keeps its number.
	 */
	@Test
	protected void theReplayOfABlockedHeadKeepsItsNumberAndUnblocksTheKey() {
		harness().insert("a", "head", "next");
		Claim claim = harness().claim("a");
		StoredEvent head = read().get(0);
		assertThat(
				relay().deadLetter(claim, head.ref(), new GivenUp("no", "0123456789abcdef", null, true, true, false)))
			.isTrue();
		assertThat(harness().leases().observe(claim.owner()).blockedKeys())
			.containsExactly(new LeaseStore.BlockedKey(StoreHarness.ORDERS, "a"));
		DeadLetterStore letters = harness().deadLetters();
		long number = letters.list(DeadLetterFilter.all(), 0, 1).get(0).number();
		assertThat(letters.replay(number, new Operator("test"))).isTrue();
		assertThat(letters.replay(number, new Operator("test"))).isFalse();
		assertThat(harness().leases().observe(claim.owner()).blockedKeys()).isEmpty();
		assertThat(read()).extracting(Scan::payload).containsExactly("head", "next");
		assertThat(read().get(0).seq()).isEqualTo(head.seq());
		assertThat(read().get(0).attempts()).isZero();
	}

	@Test
	protected void theReplayOfAnyOtherEventComesLast() {
		harness().insert("a", "dead", "next");
		Claim claim = harness().claim("a");
		relay().deadLetter(claim, read().get(0).ref(), new GivenUp("no", "0123456789abcdef", null, true, false, false));
		DeadLetterStore letters = harness().deadLetters();
		assertThat(letters.replay(letters.list(DeadLetterFilter.all(), 0, 1).get(0).number(), new Operator("test")))
			.isTrue();
		assertThat(read()).extracting(Scan::payload).containsExactly("next", "dead");
	}

	/**
	 * An operator has a list, or the ids from a log.
	 */
	@Test
	protected void manyDeadLettersComeBackOnceByTheIdsOfTheirEventsInTheOrderOfTheirKeys() {
		List<String> payloads = IntStream.range(0, 200).mapToObj((i) -> "p" + i).toList();
		harness().insert("a", payloads.toArray(String[]::new));
		Claim claim = harness().claim("a");
		all().forEach((event) -> relay().deadLetter(claim, event.ref(),
				new GivenUp("no", "0123456789abcdef", null, true, false, false)));
		assertThat(read()).isEmpty();
		DeadLetterStore letters = harness().deadLetters();
		List<UUID> ids = letters.list(DeadLetterFilter.all(), 0, 1000)
			.stream()
			.map((letter) -> letter.event().id())
			.toList();
		for (UUID id : ids) {
			assertThat(letters.replay(letters.find(id).orElseThrow().number(), new Operator("test"))).isTrue();
			assertThat(letters.find(id)).isEmpty();
		}
		assertThat(all()).extracting(Scan::payload).isEqualTo(payloads);
		assertThat(letters.list(DeadLetterFilter.all(), 0, 1)).isEmpty();
	}

	@Test
	protected void theReplayOfAHeadWhoseKeyWasUnblockedComesLast() {
		harness().insert("a", "dead", "next");
		Claim claim = harness().claim("a");
		relay().deadLetter(claim, read().get(0).ref(), new GivenUp("no", "0123456789abcdef", null, true, true, false));
		harness().holds().unblock(StoreHarness.ORDERS, "a", new Operator("test"));
		DeadLetterStore letters = harness().deadLetters();
		assertThat(letters.replay(letters.list(DeadLetterFilter.all(), 0, 1).get(0).number(), new Operator("test")))
			.isTrue();
		assertThat(read()).extracting(Scan::payload).containsExactly("next", "dead");
	}

	@Test
	protected void aDiscardedHeadUnblocksItsKey() {
		harness().insert("a", "head");
		Claim claim = harness().claim("a");
		relay().deadLetter(claim, read().get(0).ref(), new GivenUp("no", "0123456789abcdef", null, true, true, false));
		DeadLetterStore letters = harness().deadLetters();
		long number = letters.list(DeadLetterFilter.all(), 0, 1).get(0).number();
		assertThat(letters.discard(number, new Operator("test"))).isTrue();
		assertThat(letters.discard(number, new Operator("test"))).isFalse();
		assertThat(harness().leases().observe(claim.owner()).blockedKeys()).isEmpty();
		assertThat(read()).isEmpty();
	}

	/**
	 * Rules 4 and 22: due events move in the order of their times, and only for who owns
	 * their partition.
	 */
	@Test
	protected void dueEventsAreMovedByTheOwnerInTheOrderOfTheirTimes() {
		Instant now = Instant.parse("2026-01-01T00:00:00Z");
		try (Transaction transaction = harness().begin()) {
			transaction.schedule(List.of(scheduled("3", now.plusSeconds(3)), scheduled("1", now.plusSeconds(1)),
					scheduled("2", now.plusSeconds(2)), scheduled("later", Instant.parse("2126-01-01T00:00:00Z"))));
			transaction.commit();
		}
		int part = StoreHarness.partition("a");
		Claim claim = harness().claim("a");
		DueMove foreign = relay().moveDue(UUID.randomUUID(), "test", Set.of(part), 10);
		assertThat(foreign.moved()).isZero();
		assertThat(relay().moveDue(claim.owner(), "test", Set.of((part + 1) % 64), 10).moved()).isZero();
		assertThat(relay().moveDue(claim.owner(), "test", Set.of(part), 2).moved()).isEqualTo(2);
		DueMove rest = relay().moveDue(claim.owner(), "test", Set.of(part), 10);
		assertThat(rest.moved()).isOne();
		assertThat(rest.nextIn()).isGreaterThan(Duration.ofDays(365 * 50));
		assertThat(read()).extracting(Scan::payload).containsExactly("1", "2", "3");
		assertThat(relay().moveDue(claim.owner(), "test", Set.of((part + 1) % 64), 10).nextIn()).isNull();
	}

	private static NewEvent scheduled(String payload, Instant due) {
		return StoreHarness.event(StoreHarness.ORDERS, "a", payload.getBytes(StandardCharsets.UTF_8), due);
	}

	private List<StoredEvent> all() {
		return harness().scan().step(Long.MAX_VALUE, 1000, Long.MAX_VALUE).events();
	}

	private List<StoredEvent> read() {
		return harness().scan().step(Long.MAX_VALUE, 100, Long.MAX_VALUE).events();
	}

}
