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

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.deadletter.BulkChange;
import dev.outbox.deadletter.BulkChange.Action;
import dev.outbox.deadletter.BulkChange.State;
import dev.outbox.deadletter.BulkChanges;
import dev.outbox.deadletter.DeadLetters;
import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.store.AuditEntry;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterGroup;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.Operator;
import dev.outbox.test.contract.Deaths;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Changes of many dead letters, in a real database.
 */
class BulkChangesTests {

	private static final Operator ANN = new Operator("ann");

	private static final DeadLetterFilter ALL = DeadLetterFilter.all();

	private static final Duration LONGEST = Duration.ofSeconds(30);

	@RegisterExtension
	static H2Database database = H2Database.fresh();

	private JdbcStoreHarness harness;

	private Deaths deaths;

	private BulkChanges bulk;

	@BeforeEach
	void bury() {
		this.harness = new JdbcStoreHarness(database);
		this.deaths = new Deaths(this.harness);
		for (int i = 0; i < 5; i++) {
			this.deaths.of("a");
		}
		this.deaths.of("b", Deaths.because("of something else"));
		this.bulk = changes(this.harness.deadLetters());
	}

	private static BulkChanges changes(DeadLetterStore store) {
		return new BulkChanges(new DeadLetters(store, (events) -> {
		}, UUID::randomUUID, 1000, List.of()), Clock.systemUTC());
	}

	@AfterEach
	void stop() {
		this.bulk.close();
	}

	@Test
	void thoseThatFulfilTheFilterAreChangedOldestFirstAndEachHasItsEntry() {
		DeadLetterFilter refused = new DeadLetterFilter(null, null, null, null, "refused", null, null, null, 0);
		List<UUID> dead = letters(refused).stream().map((letter) -> letter.event().id()).toList();
		BulkChange started = this.bulk.start(Action.RETRY, refused, 10_000, ANN);
		assertThat(started.state()).isEqualTo(State.RUNNING);
		BulkChange ended = awaitEnd();
		assertThat(ended.id()).isEqualTo(started.id());
		assertThat(ended.state()).isEqualTo(State.FINISHED);
		assertThat(ended.changed()).isEqualTo(5);
		assertThat(letters(ALL)).singleElement().satisfies((letter) -> assertThat(letter.event().key()).isEqualTo("b"));
		assertThat(this.deaths.waiting("a")).extracting((row) -> row.event().id()).containsExactlyElementsOf(dead);
		assertThat(this.harness.audit().list(Long.MAX_VALUE, 100)).hasSize(5)
			.extracting(AuditEntry::operator)
			.containsOnly("ann");
	}

	@Test
	void itIsAsSlowAsWantedAndStopsWhenTold() {
		BulkChange started = this.bulk.start(Action.DISCARD, ALL, 1, ANN);
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.bulk.start(Action.DISCARD, ALL, 1, ANN))
			.withMessageContaining(started.id().toString());
		await().atMost(LONGEST).until(() -> last().changed() > 0);
		assertThat(this.bulk.stop(UUID.randomUUID())).isFalse();
		assertThat(this.bulk.stop(started.id())).isTrue();
		assertThat(this.bulk.stop(started.id())).isFalse();
		BulkChange stopped = last();
		assertThat(stopped.state()).isEqualTo(State.STOPPED);
		await().atMost(LONGEST).until(() -> letters(ALL).size() == 6 - last().changed());
		this.bulk.start(Action.DISCARD, ALL, 10_000, ANN);
		assertThat(awaitEnd().state()).isEqualTo(State.FINISHED);
		assertThat(letters(ALL)).isEmpty();
	}

	@Test
	void anEventThatDiesAgainIsNotRetriedForEver() {
		BulkChanges dying = changes(new Delegate(this.harness.deadLetters()) {

			@Override
			public boolean replay(long number, Operator operator) {
				boolean replayed = super.replay(number, operator);
				BulkChangesTests.this.deaths.of("again");
				return replayed;
			}
		});
		dying.start(Action.RETRY, ALL, 10_000, ANN);
		await().atMost(LONGEST).until(() -> dying.last().orElseThrow().state() != State.RUNNING);
		assertThat(dying.last().orElseThrow().changed()).isEqualTo(6);
		assertThat(letters(ALL)).hasSize(6).allSatisfy((letter) -> assertThat(letter.event().key()).isEqualTo("again"));
		dying.close();
	}

	@Test
	void oneThatCannotBeChangedHoldsUpNoOtherOne() {
		long bad = letters(ALL).get(2).number();
		BulkChanges failing = changes(new Delegate(this.harness.deadLetters()) {

			@Override
			public boolean discard(long number, Operator operator) {
				if (number == bad) {
					throw new OutboxException("refused");
				}
				return super.discard(number, operator);
			}
		});
		failing.start(Action.DISCARD, ALL, 10_000, ANN);
		await().atMost(LONGEST).until(() -> failing.last().orElseThrow().state() != State.RUNNING);
		BulkChange ended = failing.last().orElseThrow();
		assertThat(ended.state()).isEqualTo(State.FINISHED);
		assertThat(ended.changed()).isEqualTo(5);
		assertThat(ended.failed()).isOne();
		assertThat(letters(ALL)).extracting(DeadLetter::number).containsExactly(bad);
		failing.close();
	}

	@Test
	void aStoreThatIsBusyForAMomentIsAskedAgain() {
		AtomicInteger busy = new AtomicInteger(2);
		BulkChanges patient = changes(new Delegate(this.harness.deadLetters()) {

			@Override
			public List<DeadLetter> list(DeadLetterFilter filter, long afterNumber, int limit) {
				if (busy.getAndDecrement() > 0) {
					throw new OutboxException("busy");
				}
				return super.list(filter, afterNumber, limit);
			}
		});
		patient.start(Action.DISCARD, ALL, 10_000, ANN);
		await().atMost(LONGEST).until(() -> patient.last().orElseThrow().state() != State.RUNNING);
		assertThat(patient.last().orElseThrow().state()).isEqualTo(State.FINISHED);
		assertThat(patient.last().orElseThrow().changed()).isEqualTo(6);
		patient.close();
	}

	@Test
	void whatDiesAfterSomebodyLookedIsNotMeant() {
		long last = letters(ALL).get(3).number();
		this.bulk.start(Action.DISCARD, ALL, last, 10_000, ANN);
		assertThat(awaitEnd().changed()).isEqualTo(4);
		assertThat(letters(ALL)).hasSize(2).allMatch((letter) -> letter.number() > last);
	}

	@Test
	void itEndsWhenTheStoreIsAway() {
		BulkChanges failing = changes(new Delegate(this.harness.deadLetters()) {

			@Override
			public boolean discard(long number, Operator operator) {
				throw new OutboxException("away");
			}
		});
		failing.start(Action.DISCARD, ALL, 10_000, ANN);
		await().atMost(LONGEST).until(() -> failing.last().orElseThrow().state() == State.FAILED);
		assertThat(letters(ALL)).hasSize(6);
		failing.close();
	}

	@Test
	void theEndOfTheApplicationStopsIt() {
		this.bulk.start(Action.DISCARD, ALL, 1, ANN);
		this.bulk.close();
		assertThat(last().state()).isEqualTo(State.STOPPED);
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.bulk.start(Action.DISCARD, ALL, 1, ANN));
		assertThatIllegalArgumentException().isThrownBy(() -> this.bulk.start(Action.DISCARD, ALL, 0, ANN));
	}

	private List<DeadLetter> letters(DeadLetterFilter filter) {
		return this.harness.deadLetters().list(filter, 0, 1000);
	}

	private BulkChange last() {
		return this.bulk.last().orElseThrow();
	}

	private BulkChange awaitEnd() {
		return await().atMost(LONGEST).until(this::last, (change) -> change.state() != State.RUNNING);
	}

	/**
	 * A store that does something else at some point.
	 */
	private static class Delegate implements DeadLetterStore {

		private final DeadLetterStore store;

		Delegate(DeadLetterStore store) {
			this.store = store;
		}

		@Override
		public List<DeadLetter> list(DeadLetterFilter filter, long afterNumber, int limit) {
			return this.store.list(filter, afterNumber, limit);
		}

		@Override
		public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
			return this.store.groups(filter, limit);
		}

		@Override
		public long count(DeadLetterFilter filter, long lastNumber) {
			return this.store.count(filter, lastNumber);
		}

		@Override
		public long lastNumber() {
			return this.store.lastNumber();
		}

		@Override
		public Optional<DeadLetter> find(long number) {
			return this.store.find(number);
		}

		@Override
		public Optional<DeadLetter> find(UUID eventId) {
			return this.store.find(eventId);
		}

		@Override
		public boolean replay(long number, Operator operator) {
			return this.store.replay(number, operator);
		}

		@Override
		public boolean replace(long number, OutboxRecord repaired, Operator operator) {
			return this.store.replace(number, repaired, operator);
		}

		@Override
		public boolean discard(long number, Operator operator) {
			return this.store.discard(number, operator);
		}

	}

}
