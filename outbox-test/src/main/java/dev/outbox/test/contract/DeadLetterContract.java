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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterGroup;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.GivenUp;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Operator;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What operators see of dead letters, and do with them: they are found, come back or go
 * exactly once, and hold up their keys as long as that is what they are for. What becomes
 * of an event that is given up is in {@link SettlingContract}.
 */
public abstract class DeadLetterContract {

	/**
	 * Who does it.
	 */
	protected static final Operator ANN = new Operator("ann");

	private static final Destination BILLS = new Destination("test", "bills");

	/**
	 * Returns the store, which is empty when a test begins: the same one whenever it is
	 * asked for during a test.
	 * @return what the test needs of it
	 */
	protected abstract StoreHarness harness();

	private DeadLetterStore letters() {
		return harness().deadLetters();
	}

	@Test
	protected void aListHasAllButPayloadsAndStackTraces() {
		Deaths deaths = new Deaths(harness());
		harness().insert("a", "12345");
		StoredEvent row = deaths.waiting("a").get(0);
		deaths.of(row, new GivenUp("no", "fedcba9876543210", "at x\nat y", true, false, false));
		DeadLetter listed = all().get(0);
		assertThat(listed.event().payload()).isEmpty();
		assertThat(listed.payloadSize()).isEqualTo(5);
		assertThat(listed.stackTrace()).isNull();
		assertThat(listed.fingerprint()).isEqualTo("fedcba9876543210");
		assertThat(listed.error()).isEqualTo("no");
		assertThat(listed.attempts()).isOne();
		assertThat(listed.part()).isEqualTo(row.part());
		assertThat(listed.seq()).isEqualTo(row.seq());
		assertThat(listed.event().key()).isEqualTo("a");
		assertThat(listed.event().id()).isEqualTo(row.event().id());
		assertThat(listed.blocksKey()).isFalse();
		assertThat(listed.defect()).isNull();
		DeadLetter found = letters().find(listed.number()).orElseThrow();
		assertThat(found.event().payload()).isEqualTo("12345".getBytes(StandardCharsets.UTF_8));
		assertThat(found.payloadSize()).isEqualTo(5);
		assertThat(found.stackTrace()).isEqualTo("at x\nat y");
	}

	@Test
	protected void aLongErrorAndStackTraceAreKept() {
		String error = "é".repeat(GivenUp.LONGEST_ERROR);
		String trace = "é".repeat(GivenUp.LONGEST_STACK_TRACE);
		DeadLetter letter = new Deaths(harness()).of("a",
				new GivenUp(error, Deaths.FINGERPRINT, trace, true, false, false));
		assertThat(letter.error()).isEqualTo(error);
		assertThat(letter.stackTrace()).isEqualTo(trace);
		assertThat(letters().list(error("éé"), 0, 10)).hasSize(1);
	}

	@Test
	protected void eachFieldOfAFilterCounts() {
		fill();
		Instant middle = all().get(2).diedAt();
		check(filter("order.paid", null, null, null, null, 0), (letter) -> isOf(letter, "order.paid"));
		check(filter(null, "b", null, null, null, 0), (letter) -> "b".equals(letter.event().key()));
		check(filter(null, null, "bills", null, null, 0), (letter) -> letter.event().destination().equals(BILLS));
		check(filter(null, null, null, "100% of_it", null, 0), (letter) -> letter.error().contains("100% of_it"));
		check(filter(null, null, null, "\\", null, 0), (letter) -> letter.error().contains("\\"));
		check(filter(null, null, null, null, "2222222222222222", 0), (letter) -> letter.fingerprint().startsWith("2"));
		check(filter(null, null, null, null, null, 2), (letter) -> letter.attempts() >= 2);
		check(died(middle, null), (letter) -> !letter.diedAt().isBefore(middle));
		check(died(null, middle.plusSeconds(60)), (letter) -> true);
		check(died(null, middle), (letter) -> letter.diedAt().isBefore(middle));
		check(filter("order.paid", "b", "bills", "[broken]", "2222222222222222", 1),
				(letter) -> isOf(letter, "order.paid"));
		assertThat(letters().list(filter("order.paid", "a", null, null, null, 0), 0, 100)).isEmpty();
		assertThat(letters().list(error("[BROKEN]"), 0, 100)).isEmpty();
		assertThat(letters().list(error(""), 0, 100)).hasSize(5);
		assertThat(letters().list(new DeadLetterFilter(null, null, "other", null, null, null, null, null, 0), 0, 100))
			.isEmpty();
		assertThat(letters().list(new DeadLetterFilter(null, null, "test", null, null, null, null, null, 0), 0, 100))
			.hasSize(5);
	}

	private void check(DeadLetterFilter filter, Predicate<DeadLetter> matches) {
		List<DeadLetter> expected = all().stream().filter(matches).toList();
		assertThat(letters().list(filter, 0, 100)).as(filter.toString())
			.extracting(DeadLetter::number)
			.isEqualTo(expected.stream().map(DeadLetter::number).toList());
	}

	private static boolean isOf(DeadLetter letter, String type) {
		return letter.event().eventType().equals(type);
	}

	/**
	 * Gives up three orders of one cause, a bill, and an order that was to be sent twice.
	 */
	private void fill() {
		Deaths deaths = new Deaths(harness());
		for (String error : List.of("100% of_it", "100 of it", "C:\\x [broken]")) {
			deaths.of("a", new GivenUp(error, "1111111111111111", null, true, false, false));
		}
		append(StoreHarness.event("order.paid", BILLS, "b", new byte[1], null));
		deaths.of(deaths.waiting("b").get(0),
				new GivenUp("it is [broken]", "2222222222222222", null, true, false, false));
		harness().insert("c", "1");
		StoredEvent twice = deaths.waiting("c").get(0);
		harness().relay().recordFailure(deaths.claimOf(twice), twice.ref(), "first", Duration.ZERO);
		deaths.of(twice, new GivenUp("last", "3333333333333333", null, true, false, false));
	}

	private void append(NewEvent event) {
		try (Transaction transaction = harness().begin()) {
			transaction.append(List.of(event));
			transaction.commit();
		}
	}

	@Test
	protected void aListGoesOnBehindTheLastNumberThatWasSeen() {
		Deaths deaths = new Deaths(harness());
		for (int i = 0; i < 5; i++) {
			deaths.of("a", Deaths.because((i % 2 == 0) ? "even" : "odd"));
		}
		List<Long> even = new ArrayList<>();
		List<DeadLetter> page = letters().list(error("even"), 0, 2);
		while (!page.isEmpty()) {
			page.forEach((letter) -> even.add(letter.number()));
			page = letters().list(error("even"), even.get(even.size() - 1), 2);
		}
		List<Long> numbers = all().stream().map(DeadLetter::number).toList();
		assertThat(even).containsExactly(numbers.get(0), numbers.get(2), numbers.get(4));
		assertThat(letters().list(DeadLetterFilter.all(), numbers.get(1), 2)).extracting(DeadLetter::number)
			.containsExactly(numbers.get(2), numbers.get(3));
	}

	@Test
	protected void groupsAreOfOneCauseDestinationAndTypeTheLargestFirst() {
		fill();
		List<DeadLetter> all = all();
		List<DeadLetterGroup> groups = letters().groups(DeadLetterFilter.all(), 10);
		assertThat(groups).hasSize(3);
		assertThat(groups.get(0)).isEqualTo(new DeadLetterGroup("1111111111111111", StoreHarness.ORDERS, "order.placed",
				3, all.get(0).diedAt(), all.get(2).diedAt(), all.get(2).number(), "C:\\x [broken]"));
		assertThat(groups).extracting(DeadLetterGroup::fingerprint, DeadLetterGroup::destination)
			.contains(tuple("2222222222222222", BILLS), tuple("3333333333333333", StoreHarness.ORDERS));
		assertThat(letters().groups(DeadLetterFilter.all(), 1)).isEqualTo(groups.subList(0, 1));
		assertThat(letters().groups(error("[broken]"), 10)).extracting(DeadLetterGroup::count).containsExactly(1L, 1L);
		assertThat(letters().groups(error("nothing"), 10)).isEmpty();
	}

	@Test
	protected void theyAreCountedUpToTheOneThatSomebodyHasSeen() {
		fill();
		List<DeadLetter> all = all();
		assertThat(letters().count(DeadLetterFilter.all(), letters().lastNumber())).isEqualTo(all.size());
		assertThat(letters().count(DeadLetterFilter.all(), all.get(1).number())).isEqualTo(2);
		assertThat(letters().count(error("[broken]"), Long.MAX_VALUE)).isEqualTo(2);
		assertThat(letters().count(error("nothing"), Long.MAX_VALUE)).isZero();
	}

	@Test
	protected void ofTwoDeadLettersOfOneEventTheOldestIsFound() {
		Deaths deaths = new Deaths(harness());
		NewEvent event = StoreHarness.event("a", "1");
		List<DeadLetter> both = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			append(event);
			both.add(deaths.of(deaths.waiting("a").get(0), Deaths.because("no")));
		}
		assertThat(letters().find(event.event().id()).orElseThrow().number()).isEqualTo(both.get(0).number());
		letters().discard(both.get(0).number(), ANN);
		assertThat(letters().find(event.event().id()).orElseThrow().number()).isEqualTo(both.get(1).number());
		assertThat(letters().find(UUID.randomUUID())).isEmpty();
	}

	@Test
	protected void whatAnOperatorDoesIsDoneOnce() {
		Deaths deaths = new Deaths(harness());
		for (Act act : Act.values()) {
			DeadLetter letter = deaths.of("a");
			assertThat(act.on(letters(), letter)).as("the first %s", act).isTrue();
			for (Act again : Act.values()) {
				assertThat(again.on(letters(), letter)).as("a %s after the %s", again, act).isFalse();
			}
			assertThat(letters().find(letter.number())).as("what is left after the %s", act).isEmpty();
			assertThat(settleAll()).as("what a %s puts back", act).hasSize((act == Act.DISCARD) ? 0 : 1);
		}
		assertThat(all()).isEmpty();
	}

	@Test
	protected void ofOperatorsWhoComeAtTheSameTimeOneSucceeds() {
		Deaths deaths = new Deaths(harness());
		List<DeadLetter> dead = IntStream.range(0, 20).mapToObj((i) -> deaths.blocking("k" + i)).toList();
		List<CompletableFuture<List<Boolean>>> operators = List.of(Act.REPLAY, Act.DISCARD)
			.stream()
			.map((act) -> CompletableFuture
				.supplyAsync(() -> dead.stream().map((letter) -> act.on(letters(), letter)).toList()))
			.toList();
		List<Boolean> replayed = operators.get(0).join();
		List<Boolean> discarded = operators.get(1).join();
		for (int i = 0; i < dead.size(); i++) {
			assertThat(replayed.get(i)).isNotEqualTo(discarded.get(i));
		}
		assertThat(waiting()).hasSize((int) replayed.stream().filter((done) -> done).count());
		assertThat(blockedKeys()).isEmpty();
	}

	@Test
	protected void aRepairedHeadTakesThePlaceOfTheDeadOne() {
		Deaths deaths = new Deaths(harness());
		DeadLetter head = deaths.blocking("a");
		harness().insert("a", "next");
		Scan scan = harness().scan();
		scan.poll();
		OutboxRecord repaired = repaired(head.event(), Map.of("x", true), Map.of("trace", "t", "size", 5L));
		assertThat(letters().replace(head.number(), repaired, ANN)).isTrue();
		assertThat(scan.drain(10)).contains("repaired");
		StoredEvent first = deaths.waiting("a").get(0);
		assertThat(first.seq()).isEqualTo(head.seq());
		assertThat(first.part()).isEqualTo(head.part());
		assertThat(first.attempts()).isZero();
		assertThat(first.event()).usingRecursiveComparison().isEqualTo(repaired);
		assertThat(blockedKeys()).isEmpty();
		assertThat(all()).isEmpty();
	}

	@Test
	protected void anyOtherRepairedEventComesLast() {
		Deaths deaths = new Deaths(harness());
		DeadLetter dead = deaths.of("a");
		harness().insert("a", "next");
		OutboxRecord repaired = repaired(dead.event(), Map.of(), Map.of());
		assertThat(letters().replace(dead.number(), repaired, ANN)).isTrue();
		assertThat(deaths.waiting("a")).extracting(Scan::payload).containsExactly("next", "repaired");
		assertThat(deaths.waiting("a").get(1).event()).usingRecursiveComparison().isEqualTo(repaired);
		assertThat(deaths.waiting("a").get(1).part()).isEqualTo(dead.part());
	}

	/**
	 * An operator has unblocked the key, and a later event has blocked it again.
	 */
	@Test
	protected void aDeadLetterUnblocksItsKeyOnlyIfItBlocksIt() {
		Deaths deaths = new Deaths(harness());
		for (Act act : Act.values()) {
			DeadLetter first = deaths.blocking("a");
			assertThat(first.blocksKey()).isTrue();
			assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(true);
			assertThat(harness().holds().unblock(StoreHarness.ORDERS, "a", ANN)).isTrue();
			assertThat(harness().holds().unblock(StoreHarness.ORDERS, "a", ANN)).isFalse();
			assertThat(letters().find(first.number()).orElseThrow().blocksKey()).isFalse();
			DeadLetter second = deaths.blocking("a");
			assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(false, true);
			assertThat(act.on(letters(), first)).isTrue();
			assertThat(blockedKeys()).as("after the %s of another one", act)
				.containsExactly(new BlockedKey(StoreHarness.ORDERS, "a"));
			assertThat(letters().find(second.number()).orElseThrow().blocksKey()).isTrue();
			// An id waits once, on some databases.
			assertThat(settleAll()).allMatch((row) -> row.seq() > second.seq());
			assertThat(act.on(letters(), second)).isTrue();
			assertThat(blockedKeys()).as("after the %s of the one that blocks", act).isEmpty();
			settleAll();
		}
	}

	@Test
	protected void theOldestDeadLetterOfABlockedKeyBlocksItAsLongAsItIsThere() {
		Deaths deaths = new Deaths(harness());
		DeadLetter oldest = deaths.blocking("a");
		DeadLetter other = deaths.blocking("a");
		assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(true, false);
		assertThat(letters().discard(other.number(), ANN)).isTrue();
		assertThat(blockedKeys()).containsExactly(new BlockedKey(StoreHarness.ORDERS, "a"));
		assertThat(letters().find(oldest.number()).orElseThrow().blocksKey()).isTrue();
	}

	/**
	 * The events of a key that go elsewhere do not wait, and have dead letters of their
	 * own.
	 */
	@Test
	protected void aKeyIsBlockedForOneDestination() {
		Deaths deaths = new Deaths(harness());
		append(StoreHarness.event(BILLS, "a", new byte[1], null));
		GivenUp blocking = new GivenUp("no", Deaths.FINGERPRINT, null, true, true, false);
		DeadLetter bill = deaths.of(deaths.waiting("a").get(0), blocking);
		assertThat(blockedKeys()).containsExactly(new BlockedKey(BILLS, "a"));
		assertThat(harness().holds().unblock(StoreHarness.ORDERS, "a", ANN)).isFalse();
		assertThat(harness().holds().unblock(BILLS, "b", ANN)).isFalse();
		DeadLetter order = deaths.blocking("a");
		assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(true, true);
		assertThat(letters().replay(bill.number(), ANN)).isTrue();
		assertThat(blockedKeys()).containsExactly(new BlockedKey(StoreHarness.ORDERS, "a"));
		assertThat(letters().discard(order.number(), ANN)).isTrue();
		assertThat(blockedKeys()).isEmpty();
		assertThat(deaths.waiting("a")).extracting(StoredEvent::seq).containsExactly(bill.seq());
	}

	private Set<BlockedKey> blockedKeys() {
		UUID observer = UUID.randomUUID();
		harness().leases().join(observer, "observer", Set.of("test"), Duration.ofMinutes(5));
		Set<BlockedKey> blocked = Set.copyOf(harness().leases().observe(observer).blockedKeys());
		harness().leases().leave(observer);
		return blocked;
	}

	private List<StoredEvent> waiting() {
		return harness().scan().step(Long.MAX_VALUE, 1000, Long.MAX_VALUE).events();
	}

	private List<StoredEvent> settleAll() {
		List<StoredEvent> rows = waiting();
		harness().relay().settle(rows.stream().map(StoredEvent::ref).toList());
		return rows;
	}

	/**
	 * Returns what is listed.
	 * @return all dead letters
	 */
	protected final List<DeadLetter> all() {
		return letters().list(DeadLetterFilter.all(), 0, 100);
	}

	private static DeadLetterFilter error(String part) {
		return filter(null, null, null, part, null, 0);
	}

	private static DeadLetterFilter died(@Nullable Instant from, @Nullable Instant before) {
		return new DeadLetterFilter(null, null, null, null, null, null, from, before, 0);
	}

	private static DeadLetterFilter filter(@Nullable String type, @Nullable String key, @Nullable String destination,
			@Nullable String error, @Nullable String fingerprint, int minAttempts) {
		return new DeadLetterFilter(type, key, null, destination, error, fingerprint, null, null, minAttempts);
	}

	/**
	 * Makes an event that takes the place of a dead one.
	 * @param dead the dead one
	 * @param options its options
	 * @param headers its headers
	 * @return an event with another id, type, destination and payload
	 */
	protected static OutboxRecord repaired(OutboxRecord dead, Map<String, Object> options,
			Map<String, Object> headers) {
		return new OutboxRecord(UUID.randomUUID(), dead.key(), dead.aggregateType(), dead.aggregateId(),
				"order.repaired", 2, new Destination(dead.destination().transport(), "elsewhere"),
				new LinkedHashMap<>(options), "text/repaired", new LinkedHashMap<>(headers),
				"repaired".getBytes(StandardCharsets.UTF_8), Instant.parse("2026-11-21T11:15:30Z"));
	}

	/**
	 * What an operator does with a dead letter.
	 */
	private enum Act {

		REPLAY {

			@Override
			boolean on(DeadLetterStore letters, DeadLetter letter) {
				return letters.replay(letter.number(), ANN);
			}

		},

		REPLACE {

			@Override
			boolean on(DeadLetterStore letters, DeadLetter letter) {
				return letters.replace(letter.number(), repaired(letter.event(), Map.of(), Map.of()), ANN);
			}

		},

		DISCARD {

			@Override
			boolean on(DeadLetterStore letters, DeadLetter letter) {
				return letters.discard(letter.number(), ANN);
			}

		};

		abstract boolean on(DeadLetterStore letters, DeadLetter letter);

	}

}
