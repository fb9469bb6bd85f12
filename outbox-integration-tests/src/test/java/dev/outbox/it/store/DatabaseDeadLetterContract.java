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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.AuditAction;
import dev.outbox.store.AuditEntry;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterGroup;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.GivenUp;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Operator;
import dev.outbox.store.StoredEvent;
import dev.outbox.test.contract.Scan;
import dev.outbox.test.contract.Transaction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What operators see of dead letters, and do with them: on every database.
 */
abstract class DeadLetterContract {

	private static final Operator ANN = new Operator("ann");

	private static final Destination BILLS = new Destination("test", "bills");

	protected abstract DatabaseHarness harness();

	private DeadLetterStore letters() {
		return harness().deadLetters();
	}

	@Test
	void aListHasAllButPayloadsAndStackTraces() {
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
	void aLongErrorAndStackTraceAreKept() {
		String error = "é".repeat(GivenUp.LONGEST_ERROR);
		String trace = "é".repeat(GivenUp.LONGEST_STACK_TRACE);
		DeadLetter letter = new Deaths(harness()).of("a",
				new GivenUp(error, Deaths.FINGERPRINT, trace, true, false, false));
		assertThat(letter.error()).isEqualTo(error);
		assertThat(letter.stackTrace()).isEqualTo(trace);
		assertThat(letters().list(error("éé"), 0, 10)).hasSize(1);
	}

	@Test
	void eachFieldOfAFilterCounts() {
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
		append(DatabaseHarness.event("order.paid", BILLS, "b", new byte[1], null));
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
	void aListGoesOnBehindTheLastNumberThatWasSeen() {
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
	void groupsAreOfOneCauseDestinationAndTypeTheLargestFirst() {
		fill();
		List<DeadLetter> all = all();
		List<DeadLetterGroup> groups = letters().groups(DeadLetterFilter.all(), 10);
		assertThat(groups).hasSize(3);
		assertThat(groups.get(0)).isEqualTo(new DeadLetterGroup("1111111111111111", DatabaseHarness.ORDERS,
				"order.placed", 3, all.get(0).diedAt(), all.get(2).diedAt(), all.get(2).number(), "C:\\x [broken]"));
		assertThat(groups).extracting(DeadLetterGroup::fingerprint, DeadLetterGroup::destination)
			.contains(tuple("2222222222222222", BILLS), tuple("3333333333333333", DatabaseHarness.ORDERS));
		assertThat(letters().groups(DeadLetterFilter.all(), 1)).isEqualTo(groups.subList(0, 1));
		assertThat(letters().groups(error("[broken]"), 10)).extracting(DeadLetterGroup::count).containsExactly(1L, 1L);
		assertThat(letters().groups(error("nothing"), 10)).isEmpty();
	}

	@Test
	void theyAreCountedUpToTheOneThatSomebodyHasSeen() {
		fill();
		List<DeadLetter> all = all();
		assertThat(letters().count(DeadLetterFilter.all(), letters().lastNumber())).isEqualTo(all.size());
		assertThat(letters().count(DeadLetterFilter.all(), all.get(1).number())).isEqualTo(2);
		assertThat(letters().count(error("[broken]"), Long.MAX_VALUE)).isEqualTo(2);
		assertThat(letters().count(error("nothing"), Long.MAX_VALUE)).isZero();
	}

	@Test
	void ofTwoDeadLettersOfOneEventTheOldestIsFound() {
		Deaths deaths = new Deaths(harness());
		NewEvent event = DatabaseHarness.event("a", "1");
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

	@ParameterizedTest
	@EnumSource
	void whatAnOperatorDoesIsDoneAndWrittenDownOnce(Act act) {
		DeadLetter letter = new Deaths(harness()).of("a");
		assertThat(act.on(letters(), letter)).isTrue();
		for (Act again : Act.values()) {
			assertThat(again.on(letters(), letter)).isFalse();
		}
		assertThat(letters().find(letter.number())).isEmpty();
		assertThat(harness().count("event")).isEqualTo((act == Act.DISCARD) ? 0 : 1);
		AuditEntry entry = harness().audit().list(Long.MAX_VALUE, 10).get(0);
		assertThat(harness().audit().list(entry.number(), 10)).isEmpty();
		assertThat(entry.operator()).isEqualTo("ann");
		assertThat(entry.action()).isEqualTo(act.action);
		assertThat(entry.destination()).isEqualTo(DatabaseHarness.ORDERS);
		assertThat(entry.key()).isEqualTo("a");
		assertThat(entry.eventId()).isEqualTo(letter.event().id());
		assertThat(entry.letter()).isEqualTo(letter.number());
		assertThat(entry.at()).isAfterOrEqualTo(letter.diedAt());
		assertThat(entry.detail()).isEqualTo((act == Act.REPLACE) ? "replaced by " + Act.REPAIRED : null);
	}

	@Test
	void ofOperatorsWhoComeAtTheSameTimeOneSucceeds() {
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
		assertThat(harness().count("event")).isEqualTo(replayed.stream().filter((done) -> done).count());
		assertThat(harness().count("blocked_key")).isZero();
		assertThat(harness().audit().list(Long.MAX_VALUE, 100)).extracting(AuditEntry::letter)
			.containsExactlyInAnyOrderElementsOf(dead.stream().map(DeadLetter::number).toList());
	}

	@Test
	void aRepairedHeadTakesThePlaceOfTheDeadOne() {
		Deaths deaths = new Deaths(harness());
		DeadLetter head = deaths.blocking("a");
		harness().insert("a", "next");
		Scan scan = harness().scan();
		scan.poll();
		Map<String, Object> headers = Map.of("trace", "t", "size", 5L);
		OutboxRecord repaired = repaired(head.event(), Map.of("x", true), headers);
		assertThat(letters().replace(head.number(), repaired, ANN)).isTrue();
		assertThat(scan.drain(10)).contains("repaired");
		StoredEvent first = deaths.waiting("a").get(0);
		assertThat(first.seq()).isEqualTo(head.seq());
		assertThat(first.part()).isEqualTo(head.part());
		assertThat(first.attempts()).isZero();
		assertThat(first.event()).usingRecursiveComparison().isEqualTo(repaired);
		assertThat(harness().count("blocked_key")).isZero();
		assertThat(harness().count("dead_letter")).isZero();
	}

	@Test
	void anyOtherRepairedEventComesLast() {
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
	@ParameterizedTest
	@EnumSource
	void aDeadLetterUnblocksItsKeyOnlyIfItBlocksIt(Act act) {
		Deaths deaths = new Deaths(harness());
		DeadLetter first = deaths.blocking("a");
		assertThat(first.blocksKey()).isTrue();
		assertThat(all().get(0).blocksKey()).isTrue();
		assertThat(harness().holds().unblock(DatabaseHarness.ORDERS, "a", ANN)).isTrue();
		assertThat(harness().holds().unblock(DatabaseHarness.ORDERS, "a", ANN)).isFalse();
		assertThat(letters().find(first.number()).orElseThrow().blocksKey()).isFalse();
		DeadLetter second = deaths.blocking("a");
		assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(false, true);
		assertThat(act.on(letters(), first)).isTrue();
		assertThat(harness().count("blocked_key")).isOne();
		assertThat(letters().find(second.number()).orElseThrow().blocksKey()).isTrue();
		if (act != Act.DISCARD) {
			assertThat(deaths.waiting("a").get(0).seq()).isGreaterThan(second.seq());
		}
		// An id waits once, on some databases.
		harness().clear("event");
		assertThat(act.on(letters(), second)).isTrue();
		assertThat(harness().count("blocked_key")).isZero();
	}

	/**
	 * After a failover a number may be given out again, also to an event of the same key.
	 */
	@Test
	void aDeadLetterThatHasTheNumberOfTheOneThatBlocksUnblocksNothing() {
		Deaths deaths = new Deaths(harness());
		DeadLetter first = deaths.of("a");
		harness().restartNumbers();
		DeadLetter second = deaths.blocking("a");
		assertThat(second.seq()).isEqualTo(first.seq());
		assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(false, true);
		assertThat(letters().discard(first.number(), ANN)).isTrue();
		assertThat(harness().count("blocked_key")).isOne();
	}

	@Test
	void theOldestDeadLetterOfABlockedKeyBlocksItAsLongAsItIsThere() {
		Deaths deaths = new Deaths(harness());
		harness().block(DatabaseHarness.ORDERS, "a");
		deaths.blocking("a");
		assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(true);
		deaths.blocking("a");
		assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(true, false);
		assertThat(harness().cluster().observe(10).blockedKeys()).singleElement()
			.satisfies((blocked) -> assertThat(blocked.seq()).isEqualTo(all().get(0).seq()));
	}

	@Test
	void aDeadLetterExpiresOnceItsKeyIsUnblocked() {
		harness().addKept(1, Duration.ofDays(2), true);
		assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(true);
		assertThat(harness().housekeeping().removeExpired(Kept.DEAD_LETTER, Duration.ofDays(1), 10)).isZero();
		assertThat(harness().holds().unblock(DatabaseHarness.ORDERS, "1", ANN)).isTrue();
		assertThat(harness().housekeeping().removeExpired(Kept.DEAD_LETTER, Duration.ofDays(1), 10)).isOne();
	}

	@ParameterizedTest
	@EnumSource(names = "REPLACE", mode = EnumSource.Mode.EXCLUDE)
	void aDamagedDeadLetterIsShownAndCanBeReplayedAndDiscarded(Act act) {
		DeadLetter letter = new Deaths(harness()).of("a");
		harness().damageDeadLetters();
		assertThat(all()).singleElement().satisfies((damaged) -> {
			assertThat(damaged.defect()).contains("headers");
			assertThat(damaged.event().headers()).isEmpty();
			assertThat(damaged.event().key()).isEqualTo("a");
		});
		assertThat(letters().find(letter.number()).orElseThrow().defect()).contains("headers");
		assertThat(letters().groups(DeadLetterFilter.all(), 10)).hasSize(1);
		assertThat(act.on(letters(), letter)).isTrue();
		assertThat(harness().count("dead_letter")).isZero();
		assertThat(harness().count("event")).isEqualTo((act == Act.DISCARD) ? 0 : 1);
	}

	private List<DeadLetter> all() {
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

	private static OutboxRecord repaired(OutboxRecord dead, Map<String, Object> options, Map<String, Object> headers) {
		return new OutboxRecord(Act.REPAIRED, dead.key(), dead.aggregateType(), dead.aggregateId(), "order.repaired", 2,
				new Destination(dead.destination().transport(), "elsewhere"), new LinkedHashMap<>(options),
				"text/repaired", new LinkedHashMap<>(headers), "repaired".getBytes(StandardCharsets.UTF_8),
				Instant.parse("2026-11-21T11:15:30Z"));
	}

	/**
	 * What an operator does with a dead letter.
	 */
	enum Act {

		REPLAY(AuditAction.RETRY) {

			@Override
			boolean on(DeadLetterStore letters, DeadLetter letter) {
				return letters.replay(letter.number(), ANN);
			}

		},

		REPLACE(AuditAction.REPAIR) {

			@Override
			boolean on(DeadLetterStore letters, DeadLetter letter) {
				return letters.replace(letter.number(), repaired(letter.event(), Map.of(), Map.of()), ANN);
			}

		},

		DISCARD(AuditAction.DISCARD) {

			@Override
			boolean on(DeadLetterStore letters, DeadLetter letter) {
				return letters.discard(letter.number(), ANN);
			}

		};

		private static final UUID REPAIRED = UUID.fromString("0192f3a4-0000-7000-8000-000000000001");

		private final AuditAction action;

		Act(AuditAction action) {
			this.action = action;
		}

		abstract boolean on(DeadLetterStore letters, DeadLetter letter);

	}

}
