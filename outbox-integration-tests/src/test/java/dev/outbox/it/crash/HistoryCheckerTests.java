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

package dev.outbox.it.crash;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HistoryCheckerTests {

	private final List<Committed> committed = new ArrayList<>();

	private final Set<UUID> deadLetters = new HashSet<>();

	private final List<Observed> observed = new ArrayList<>();

	@Test
	void aCompleteHistoryInOrderIsClean() {
		commit("a", 1, 2, 3);
		commit("b", 1);
		observe("a", 1, 2);
		observe("b", 1);
		observe("a", 3);
		HistoryReport report = check();
		assertThat(report.isClean()).isTrue();
		assertThat(report.summary()).isEqualTo("committed=4 observed=4 dead=0 lost=0 uncommitted=0 outOfOrder=0"
				+ " misplaced=0 duplicates: injected=0 other=0");
	}

	@Test
	void anEventThatIsMissingIsLost() {
		commit("a", 1, 2, 3);
		observe("a", 1, 3);
		HistoryReport report = check();
		assertThat(report.isClean()).isFalse();
		assertThat(report.lost()).singleElement().asString().startsWith("a#2 ");
	}

	@Test
	void anEventThatWasGivenUpIsNotLost() {
		commit("a", 1, 2, 3);
		observe("a", 1, 3);
		this.deadLetters.add(id("a", 2));
		assertThat(check().isClean()).isTrue();
	}

	@Test
	void anEventThatAppearsFirstAfterALaterOneIsOutOfOrder() {
		commit("a", 1, 2, 3);
		observe("a", 1, 3, 2);
		HistoryReport report = check();
		assertThat(report.isClean()).isFalse();
		assertThat(report.outOfOrder()).singleElement().asString().startsWith("a#2 ").contains("after a#3 ");
	}

	@Test
	void aNumberThatWasNotKnownIsThatOfTheTransaction() {
		commit("a", 1, 2);
		this.observed.add(new Observed("a", Observed.UNKNOWN, id("a", 2), 0, 0, false));
		this.observed.add(new Observed("a", Observed.UNKNOWN, id("a", 1), 0, 1, false));
		HistoryReport report = check();
		assertThat(report.misplaced()).isEmpty();
		assertThat(report.outOfOrder()).singleElement().asString().startsWith("a#1 ").contains("after a#2 ");
	}

	@Test
	void repetitionsDoNotBreakTheOrder() {
		commit("a", 1, 2, 3);
		observe("a", 1, 2, 1, 2, 3, 1, 3);
		HistoryReport report = check();
		assertThat(report.isClean()).isTrue();
		assertThat(report.otherDuplicates()).isEqualTo(4);
	}

	@Test
	void aRepetitionDoesNotCountAsTheFirstOccurrence() {
		commit("a", 1, 2, 3);
		observe("a", 1, 3, 1, 2, 3);
		assertThat(check().outOfOrder()).singleElement().asString().startsWith("a#2 ");
	}

	@Test
	void anEventThatWasDeliveredAndGivenUpIsOutsideTheOrder() {
		commit("a", 1, 2, 3);
		observe("a", 1, 3, 2);
		this.deadLetters.add(id("a", 2));
		assertThat(check().isClean()).isTrue();
	}

	@Test
	void anEventOfARolledBackTransactionIsReported() {
		commit("a", 1);
		observe("a", 1, 2);
		HistoryReport report = check();
		assertThat(report.isClean()).isFalse();
		assertThat(report.uncommitted()).singleElement().asString().startsWith("a#2 ");
	}

	@Test
	void aNumberThatWasUsedAgainAfterARollbackIsToldApartByItsId() {
		commit("a", 1);
		observe("a", 1);
		this.observed.add(new Observed("a", 1, UUID.randomUUID(), 0, 9, false));
		assertThat(check().uncommitted()).hasSize(1);
	}

	@Test
	void aDeadLetterOfARolledBackTransactionIsReported() {
		this.deadLetters.add(id("a", 1));
		assertThat(check().uncommitted()).hasSize(1);
	}

	@Test
	void aKeyInTwoPartitionsIsReported() {
		commit("a", 1, 2);
		observe("a", 1);
		this.observed.add(new Observed("a", 2, id("a", 2), 1, 0, false));
		HistoryReport report = check();
		assertThat(report.isClean()).isFalse();
		assertThat(report.misplaced()).hasSize(1);
	}

	@Test
	void anIdUnderAForeignKeyOrNumberIsReported() {
		commit("a", 1, 2);
		this.observed.add(new Observed("b", 1, id("a", 1), 0, 0, false));
		this.observed.add(new Observed("a", 3, id("a", 2), 0, 1, false));
		assertThat(check().misplaced()).hasSize(2);
	}

	@Test
	void repetitionsAreCountedByTheirReason() {
		commit("a", 1, 2);
		this.observed.add(new Observed("a", 1, id("a", 1), 0, 0, true));
		this.observed.add(new Observed("a", 1, id("a", 1), 0, 1, true));
		this.observed.add(new Observed("a", 1, id("a", 1), 0, 2, false));
		this.observed.add(new Observed("a", 1, id("a", 1), 0, 3, false));
		observe("a", 2);
		HistoryReport report = check();
		assertThat(report.injectedDuplicates()).isEqualTo(2);
		assertThat(report.otherDuplicates()).isEqualTo(1);
		assertThat(report.isClean()).isTrue();
	}

	@Test
	void moreRepetitionsThanTheFaultsExplainAreAViolation() {
		commit("a", 1, 2, 3);
		observe("a", 1, 2, 1, 2, 3);
		assertThat(HistoryChecker.check(history(), 2).violated()).isEmpty();
		assertThat(HistoryChecker.check(history(), 1).violated()).containsExactly(Guarantee.FEW_DUPLICATES);
	}

	@Test
	void theCounterexampleOfALossIsTheCommitAlone() {
		commit("a", 1, 2, 3);
		commit("b", 1, 2, 3);
		observe("a", 1, 2, 3);
		observe("b", 1, 3);
		History least = counterexample(Guarantee.DELIVERED, 0);
		assertThat(least.committed()).singleElement().asString().startsWith("b#2 ");
		assertThat(least.observed()).isEmpty();
	}

	@Test
	void theCounterexampleOfAnOrderIsTwoEventsOfOneKey() {
		commit("a", 1, 2, 3, 4, 5, 6);
		commit("b", 1, 2);
		observe("a", 1, 2, 1, 4, 3, 4, 5, 3, 6);
		observe("b", 1, 2);
		History least = counterexample(Guarantee.IN_ORDER, 0);
		assertThat(least.committed()).extracting(Committed::n).containsExactly(3L, 4L);
		assertThat(least.observed()).extracting(Observed::n).containsExactly(4L, 3L);
		assertThat(HistoryChecker.counterexamples(history(), 99)).startsWith("IN_ORDER:\n  committed a#3 ")
			.doesNotContain("a#1 ", "b#");
	}

	@Test
	void theCounterexampleOfWhatWasNotCommittedIsTheRecordAlone() {
		commit("a", 1);
		observe("a", 1, 2);
		History least = counterexample(Guarantee.COMMITTED, 0);
		assertThat(least.committed()).isEmpty();
		assertThat(least.observed()).extracting(Observed::n).containsExactly(2L);
	}

	@Test
	void theCounterexampleOfAWrongPlaceIsTheTwoPlaces() {
		commit("a", 1, 2, 3);
		observe("a", 1, 2);
		this.observed.add(new Observed("a", 3, id("a", 3), 1, 0, false));
		assertThat(counterexample(Guarantee.IN_PLACE, 0).observed()).extracting(Observed::partition)
			.containsExactly(0, 1);
	}

	@Test
	void theCounterexampleOfDuplicatesIsOneMoreThanAllowed() {
		commit("a", 1, 2, 3);
		observe("a", 1, 2, 3, 2, 3, 2, 1);
		History least = counterexample(Guarantee.FEW_DUPLICATES, 0);
		assertThat(least.committed()).hasSize(1);
		assertThat(least.observed()).hasSize(2);
	}

	private History counterexample(Guarantee guarantee, int allowedDuplicates) {
		return Counterexample.of(history(), guarantee, allowedDuplicates);
	}

	private void commit(String key, long... numbers) {
		for (long n : numbers) {
			this.committed.add(new Committed(key, n, id(key, n)));
		}
	}

	private void observe(String key, long... numbers) {
		for (long n : numbers) {
			this.observed.add(new Observed(key, n, id(key, n), 0, this.observed.size(), false));
		}
	}

	private HistoryReport check() {
		return HistoryChecker.check(history());
	}

	private History history() {
		return new History(this.committed, this.deadLetters, this.observed);
	}

	private static UUID id(String key, long n) {
		return UUID.nameUUIDFromBytes((key + n).getBytes(StandardCharsets.UTF_8));
	}

}
