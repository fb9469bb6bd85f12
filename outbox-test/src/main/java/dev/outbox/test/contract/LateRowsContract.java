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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a scan of a {@link dev.outbox.store.RelayStore} returns where several transactions
 * write at a time, in whichever order they commit.
 */
public abstract class LateRowsContract extends ScanContract {

	@Test
	protected void whatCommitsBehindAPassOverLateRowsComesBeforeTheTail() {
		Scan scan = harness().scan();
		try (Transaction early = harness().begin(); Transaction bulk = harness().begin()) {
			early.insert("a", "a-1");
			bulk.insert("b", "b-1").insert("b", "b-2").insert("b", "b-3");
			harness().insert("c", "c-1");
			assertThat(scan.drain(100)).containsExactly("c-1");
			bulk.commit();
			assertThat(scan.poll(2)).containsExactly("b-1", "b-2");
			early.commit();
		}
		harness().insert("a", "a-2");
		assertThat(scan.drain(2)).containsExactlyInAnyOrder("b-3", "a-1", "a-2").containsSubsequence("a-1", "a-2");
	}

	@Test
	protected void aTransactionThatCommitsBehindTheCursorIsFound() {
		Scan scan = harness().scan();
		try (Transaction slow = harness().begin().insert("a", "slow")) {
			harness().insert("b", "fast");
			assertThat(scan.poll()).containsExactly("fast");
			assertThat(scan.poll()).isEmpty();
			slow.insert("a", "slow 2");
			harness().insert("b", "fast 2");
			assertThat(scan.poll()).containsExactly("fast 2");
			slow.commit();
		}
		assertThat(scan.poll()).containsExactly("slow", "slow 2");
		assertThat(scan.poll()).isEmpty();
	}

	/**
	 * However long it takes, and however many others were rolled back meanwhile.
	 */
	@Test
	protected void aTransactionThatStaysOpenForLongComesBeforeWhatFollowsIt() {
		Scan scan = harness().scan();
		try (Transaction slow = harness().begin().insert("a", "slow")) {
			for (int i = 0; i < 20; i++) {
				harness().begin().insert("b", "never").close();
				harness().insert("b", "fast");
			}
			assertThat(scan.poll()).hasSize(20);
			await().during(Duration.ofMillis(2500)).atMost(Duration.ofSeconds(30)).until(() -> scan.poll().isEmpty());
			slow.commit();
		}
		harness().insert("a", "next");
		assertThat(scan.poll()).containsExactly("slow", "next");
	}

	@Test
	protected void transactionsThatCommitInReverseOrderAreAllFound() {
		Scan scan = harness().scan();
		List<Transaction> open = new ArrayList<>();
		List<String> found = new ArrayList<>();
		try {
			for (int i = 0; i < 20; i++) {
				open.add(harness().begin());
				open.get(i).insert("k" + i, "e" + i);
			}
			for (int i = 19; i >= 0; i--) {
				open.remove(i).commitAndClose();
				found.addAll(scan.poll());
			}
		}
		finally {
			open.forEach(Transaction::close);
		}
		assertThat(found).containsExactlyElementsOf(IntStream.range(0, 20).mapToObj((i) -> "e" + (19 - i)).toList());
	}

	@Test
	protected void aTransactionThatBeganAfterThePollAndCommitsBehindTheCursorIsFound() {
		Scan scan = harness().scan();
		harness().insert("a", "1");
		assertThat(scan.poll()).containsExactly("1");
		try (Transaction late = harness().begin().insert("a", "late")) {
			harness().insert("b", "2");
			assertThat(scan.poll()).containsExactly("2");
			late.commit();
		}
		assertThat(scan.poll()).containsExactly("late");
	}

	/**
	 * Begins a transaction that holds up no other one when it rolls back to a savepoint.
	 * @return the transaction
	 */
	protected Transaction beginWithSavepoints() {
		return harness().begin();
	}

	@Test
	protected void rowsOfSavepointsAreFoundAndRolledBackOnesAreNot() {
		Scan scan = harness().scan();
		try (Transaction slow = beginWithSavepoints().insert("a", "1")) {
			slow.savepoint("one").insert("a", "2").savepoint("two").insert("a", "3");
			slow.rollBackTo("two").insert("a", "4").release("one");
			harness().insert("b", "fast");
			assertThat(scan.poll()).containsExactly("fast");
			slow.commit();
		}
		assertThat(scan.poll()).containsExactly("1", "2", "4");
		assertThat(scan.poll()).isEmpty();
	}

	@Test
	protected void whatIsRolledBackIsNeverSeen() {
		Scan scan = harness().scan();
		try (Transaction slow = harness().begin().insert("a", "never")) {
			harness().insert("b", "fast");
			assertThat(scan.poll()).containsExactly("fast");
			slow.insert("a", "nor this");
		}
		assertThat(scan.poll()).isEmpty();
	}

	/**
	 * Rule 1: what leaves the scope during a pass comes back by a backfill, and must not
	 * come through the pass before that.
	 */
	@Test
	protected void aLatePassReturnsNothingThatHasLeftItsScope() {
		Scan scan = harness().scan();
		try (Transaction bulk = harness().begin().insertMany(100, "bulk")) {
			bulk.insertMany(100, "kept");
			harness().insert("b", "fast");
			assertThat(scan.poll()).containsExactly("fast");
			bulk.commit();
		}
		assertThat(scan.poll(20)).hasSize(20);
		assertThat(scan.poll(20)).hasSize(20).contains("bulk-39");
		Set<Integer> parts = IntStream.range(0, 64).boxed().collect(Collectors.toSet());
		parts.remove(StoreHarness.partition("bulk"));
		Scan narrowed = new Scan(harness().relay(), new ReadScope("test", parts, Set.of(), null));
		narrowed.position(scan.position());
		assertThat(narrowed.drain(20))
			.containsExactlyElementsOf(IntStream.range(0, 100).mapToObj((i) -> "kept-" + i).toList());
	}

	@Test
	protected void aLatePassStopsAtTheByteBudgetAndGoesOn() {
		Scan scan = harness().scan();
		try (Transaction bulk = harness().begin().insertMany(30, "bulk")) {
			harness().insert("b", "fast");
			assertThat(scan.poll()).containsExactly("fast");
			bulk.commit();
		}
		harness().insert("b", "tail");
		List<String> all = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			ReadResult step = scan.step(Long.MAX_VALUE, 1000, 50);
			assertThat(step.events().stream().mapToLong(StoredEvent::payloadSize).sum()).isLessThanOrEqualTo(50);
			all.addAll(Scan.payloads(step));
		}
		List<String> expected = new ArrayList<>(IntStream.range(0, 30).mapToObj((i) -> "bulk-" + i).toList());
		expected.add("tail");
		assertThat(all).containsExactlyElementsOf(expected);
	}

	/**
	 * Rule 1: a backfill finds what commits behind its own cursor, and the joint scan
	 * finds what either of the two has not seen.
	 */
	@Test
	protected void aBackfillReadsItsOwnLateRowsAndTheMergedScanThoseOfBoth() {
		Scan main = harness().scan(Set.of("other"), null);
		Destination other = new Destination("test", "other");
		harness().insertTo(other, "b", "o1");
		harness().insertTo(other, "b", "o2");
		harness().insert("a", "m1");
		assertThat(main.poll()).containsExactly("m1");
		Scan backfill = harness().scan(Set.of(), "other");
		try (Transaction lateForBackfill = harness().begin();
				Transaction lateForBoth = harness().begin();
				Transaction lateForMain = harness().begin()) {
			lateForBackfill
				.append(List.of(StoreHarness.event(other, "c", "late o".getBytes(StandardCharsets.UTF_8), null)));
			lateForBoth
				.append(List.of(StoreHarness.event(other, "d", "later o".getBytes(StandardCharsets.UTF_8), null)));
			lateForMain.append(List.of(StoreHarness.event("e", "late m")));
			harness().insertTo(other, "b", "o3");
			harness().insert("a", "m2");
			assertThat(main.poll()).containsExactly("m2");
			long bound = main.position().cursor();
			assertThat(Scan.payloads(backfill.step(bound, 2, Long.MAX_VALUE))).containsExactly("o1", "o2");
			ReadResult between = backfill.step(bound, 1, Long.MAX_VALUE);
			assertThat(Scan.payloads(between)).containsExactly("o3");
			lateForBackfill.commit();
			ReadResult last = backfill.step(bound, 100, Long.MAX_VALUE);
			assertThat(Scan.payloads(last)).containsExactly("late o");
			assertThat(last.drained()).isTrue();
			assertThat(last.next().cursor()).isEqualTo(bound);
			Scan merged = harness().scan();
			merged.position(harness().relay().merge(main.position(), backfill.position()));
			assertThat(merged.position().cursor()).isEqualTo(bound);
			lateForBoth.commit();
			lateForMain.commit();
			assertThat(merged.poll()).contains("later o", "late m");
		}
	}

	/**
	 * Rule 1: the joint scan finds what was committed after the backfill's snapshot,
	 * although the main scan has read since and did not look at those rows.
	 */
	@Test
	protected void aJointScanFindsWhatWasCommittedAfterTheBackfillsLastRead() {
		Destination other = new Destination("test", "other");
		Scan main = harness().scan(Set.of("other"), null);
		Scan backfill = harness().scan(Set.of(), "other");
		harness().insertTo(other, "b", "o1");
		try (Transaction late = harness().begin()) {
			late.append(List.of(StoreHarness.event(other, "c", "late o".getBytes(StandardCharsets.UTF_8), null)));
			harness().insertTo(other, "b", "o2");
			assertThat(main.poll()).isEmpty();
			assertThat(Scan.payloads(backfill.step(main.position().cursor(), 100, Long.MAX_VALUE)))
				.containsExactly("o1", "o2");
			late.commit();
		}
		assertThat(main.poll()).isEmpty();
		Scan merged = harness().scan();
		merged.position(harness().relay().merge(main.position(), backfill.position()));
		assertThat(merged.poll()).contains("late o");
	}

	/**
	 * Rule 5: a drained tail passes rows that are not ours, but no row whose transaction
	 * has not ended.
	 */
	@Test
	protected void aDrainedTailPassesRowsOfOthers() {
		harness().insertTo(new Destination("other", "x"), "a", "not ours");
		harness().insertTo(new Destination("test", "paused"), "a", "paused");
		Scan scan = harness().scan(Set.of("paused"), null);
		try (Transaction slow = harness().begin().insert("b", "slow")) {
			harness().insertTo(new Destination("other", "x"), "a", "not ours 2");
			Scan foreign = new Scan(harness().relay(),
					new ReadScope("other", Set.of(StoreHarness.partition("a")), Set.of(), null));
			assertThat(foreign.drain(10)).containsExactly("not ours", "not ours 2");
			long last = foreign.position().cursor();
			ReadResult nothing = scan.step(Long.MAX_VALUE, 10, Long.MAX_VALUE);
			assertThat(nothing.events()).isEmpty();
			assertThat(nothing.drained()).isTrue();
			assertThat(nothing.next().cursor()).isEqualTo(last);
			slow.commit();
		}
		assertThat(scan.poll()).containsExactly("slow");
	}

	@Test
	protected void aLateBulkTransactionComesInItsOrderBeforeTheTail() {
		Scan scan = harness().scan();
		try (Transaction bulk = harness().begin().insertMany(250, "bulk")) {
			harness().insert("b", "fast");
			assertThat(scan.poll()).containsExactly("fast");
			bulk.commit();
		}
		harness().insert("b", "tail");
		List<String> expected = new ArrayList<>(IntStream.range(0, 250).mapToObj((i) -> "bulk-" + i).toList());
		expected.add("tail");
		assertThat(scan.drain(100)).isEqualTo(expected);
	}

}
