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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.Backlog.Waiting;
import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Operator;
import dev.outbox.store.SharedBacklogStore;
import dev.outbox.store.StoredEvent;
import dev.outbox.test.contract.Deaths;
import dev.outbox.test.contract.Transaction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How much waits: on every database.
 */
abstract class BacklogStoreContract {

	private static final Operator ANN = new Operator("ann");

	private static final Destination INVOICES = new Destination("test", "invoices");

	private static final Destination OLD = new Destination("test", "old");

	protected abstract DatabaseHarness harness();

	final BacklogStore backlog() {
		return harness().backlog();
	}

	@Test
	void anEmptyOutboxHasNoBacklog() {
		Backlog measured = backlog().measure(0);
		assertThat(measured.waiting()).isZero();
		assertThat(measured.oldest()).isZero();
	}

	@Test
	void theOldestEventIsFoundFromANumberOn() {
		harness().insert("a", "1", "2");
		harness().makeOlder(1, Duration.ofHours(3));
		harness().makeOlder(2, Duration.ofHours(1));
		assertThat(backlog().measure(0).oldest()).isBetween(Duration.ofMinutes(179), Duration.ofMinutes(185));
		assertThat(backlog().measure(2).oldest()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(65));
		assertThat(backlog().measure(2).waiting()).isOne();
		assertThat(backlog().measure(3).waiting()).isZero();
	}

	@Test
	void whatIsWrittenAndDeliveredIsFollowed() {
		try (Transaction transaction = harness().begin().insertMany(5000, "a")) {
			transaction.commit();
		}
		await().untilAsserted(() -> assertThat(backlog().measure(0).waiting()).isEqualTo(5000));
		List<EventRef> rows = harness().scan()
			.step(Long.MAX_VALUE, 4000, Long.MAX_VALUE)
			.events()
			.stream()
			.map(StoredEvent::ref)
			.toList();
		harness().relay().settle(rows);
		await().untilAsserted(() -> assertThat(backlog().measure(0).waiting()).isEqualTo(1000));
	}

	@Test
	void whatIsNotDueAndWhatIsDeadIsCountedApart() {
		harness().insert("a", "1", "2");
		try (Transaction transaction = harness().begin()) {
			transaction.schedule(List.of(DatabaseHarness.event(DatabaseHarness.ORDERS, "a", new byte[0],
					Instant.parse("2126-01-01T00:00:00Z"))));
			transaction.commit();
		}
		StoredEvent head = harness().scan().step(Long.MAX_VALUE, 1, Long.MAX_VALUE).events().get(0);
		Claim claim = harness().claim("a");
		assertThat(harness().relay()
			.deadLetter(claim, head.ref(), new GivenUp("refused", "0123456789abcdef", null, true, false, false)))
			.isTrue();
		await().untilAsserted(() -> {
			Backlog measured = backlog().measure(0);
			assertThat(measured.waiting()).isOne();
			assertThat(measured.scheduled()).isOne();
			assertThat(measured.dead()).isOne();
		});
	}

	@Test
	void oneInstanceMeasuresForAll() {
		SharedBacklogStore shared = harness().sharedBacklog();
		assertThat(shared.read()).isEmpty();
		assertThat(shared.claim(Duration.ofMinutes(1))).isTrue();
		assertThat(shared.claim(Duration.ofMinutes(1))).isFalse();
		assertThat(shared.read()).isEmpty();
		Backlog measured = new Backlog(7_000_000_000L, Duration.ofMillis(1500), 2, 3,
				Map.of(DatabaseHarness.ORDERS, new Waiting(6_999_999_999L, Duration.ofMillis(1500)),
						new Destination("test", "\"ünï'\\code"), new Waiting(1, Duration.ofDays(400))),
				false);
		shared.write(measured);
		assertThat(shared.read()).hasValueSatisfying((known) -> {
			assertThat(known.backlog()).isEqualTo(measured);
			assertThat(known.age()).isLessThan(Duration.ofMinutes(1));
		});
		await().until(() -> shared.claim(Duration.ofMillis(1)));
		Backlog empty = new Backlog(0, Duration.ZERO, 0, 0, Map.of(), true);
		shared.write(empty);
		assertThat(shared.read()).hasValueSatisfying((known) -> assertThat(known.backlog()).isEqualTo(empty));
		await().until(() -> shared.read().orElseThrow().age().compareTo(Duration.ofMillis(20)) > 0);
	}

	@Test
	void aClockThatIsSetBackMakesNothingYoung() {
		SharedBacklogStore shared = harness().sharedBacklog();
		assertThat(shared.claim(Duration.ofMinutes(1))).isTrue();
		shared.write(new Backlog(1, Duration.ZERO, 0, 0));
		harness().makeSharedBacklogYounger(Duration.ofHours(1));
		assertThat(shared.read()).isEmpty();
		assertThat(shared.claim(Duration.ofMinutes(1))).isTrue();
		assertThat(shared.claim(Duration.ofMinutes(1))).isFalse();
	}

	@Test
	void ofInstancesThatAskTogetherOneMeasures() throws Exception {
		SharedBacklogStore shared = harness().sharedBacklog();
		List<Callable<Boolean>> askers = Collections.nCopies(4, () -> shared.claim(Duration.ofMinutes(1)));
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			List<Boolean> claimed = new ArrayList<>();
			for (Future<Boolean> asked : threads.invokeAll(askers)) {
				claimed.add(asked.get());
			}
			assertThat(claimed).containsOnlyOnce(true);
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void eachDestinationIsCountedApart() {
		harness().insert("a", "1", "2");
		harness().insertTo(INVOICES, "b", "3");
		harness().makeOlder(1, Duration.ofHours(3));
		harness().makeOlder(2, Duration.ofHours(2));
		harness().makeOlder(3, Duration.ofHours(1));
		await().untilAsserted(() -> assertThat(backlog().measure(0).waiting()).isEqualTo(3));
		Backlog measured = backlog().measure(0);
		assertThat(measured.exact()).isTrue();
		assertThat(measured.destinations()).containsOnlyKeys(DatabaseHarness.ORDERS, INVOICES);
		assertThat(measured.destinations().get(DatabaseHarness.ORDERS))
			.satisfies((orders) -> assertThat(orders.events()).isEqualTo(2))
			.satisfies((orders) -> assertThat(orders.oldest()).isGreaterThan(Duration.ofMinutes(179)));
		assertThat(measured.destinations().get(INVOICES)).satisfies((invoices) -> assertThat(invoices.events()).isOne())
			.satisfies((invoices) -> assertThat(invoices.oldest()).isBetween(Duration.ofMinutes(59),
					Duration.ofMinutes(65)));
	}

	/**
	 * Not since it was moved either, which may have been late.
	 */
	@Test
	void anEventThatWasScheduledWaitsSinceItIsDue() {
		try (Transaction transaction = harness().begin()) {
			transaction.schedule(List.of(old(Instant.now().minus(Duration.ofMinutes(10)))));
			transaction.commit();
		}
		Claim claim = harness().claim("a");
		assertThat(harness().relay().moveDue(claim.owner(), "test", Set.of(claim.part()), 10).moved()).isOne();
		assertThatTheOldEventWaits(Duration.ofMinutes(9), Duration.ofMinutes(20));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anEventThatIsTriedAgainWaitsSinceThen(boolean blocksKey) {
		DeadLetter letter = giveUp(blocksKey);
		assertThat(harness().deadLetters().replay(letter.number(), ANN)).isTrue();
		assertThatTheOldEventHasJustBegunToWait();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anEventThatWasRepairedWaitsSinceThen(boolean blocksKey) {
		DeadLetter letter = giveUp(blocksKey);
		assertThat(harness().deadLetters().replace(letter.number(), old(null).event(), ANN)).isTrue();
		assertThatTheOldEventHasJustBegunToWait();
	}

	@Test
	void anEventThatWasReplayedFromTheArchiveWaitsSinceThen() {
		harness().archivingRelay().settle(List.of(appendOld().ref()));
		ArchiveStore archive = harness().archive();
		assertThat(archive.replay(UUID.randomUUID().toString(), ArchiveFilter.all(), 10).events()).hasSize(1);
		assertThatTheOldEventHasJustBegunToWait();
	}

	private DeadLetter giveUp(boolean blocksKey) {
		return new Deaths(harness()).of(appendOld(),
				new GivenUp("refused", Deaths.FINGERPRINT, null, true, blocksKey, false));
	}

	private StoredEvent appendOld() {
		try (Transaction transaction = harness().begin()) {
			transaction.append(List.of(old(null)));
			transaction.commit();
		}
		assertThatTheOldEventWaits(Duration.ofMinutes(179), Duration.ofMinutes(185));
		return harness().scan().step(Long.MAX_VALUE, 1, Long.MAX_VALUE).events().get(0);
	}

	private static NewEvent old(@Nullable Instant deliverAt) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "a", "order", "a", "order.placed", 1,
				DatabaseHarness.ORDERS, Map.of(), "text/plain", Map.of(), new byte[1],
				Instant.now().minus(Duration.ofHours(3)));
		return new NewEvent(event, DatabaseHarness.partition("a"), deliverAt);
	}

	private void assertThatTheOldEventHasJustBegunToWait() {
		assertThatTheOldEventWaits(Duration.ofMinutes(-1), Duration.ofMinutes(1));
	}

	/**
	 * Its own time is as it was.
	 */
	private void assertThatTheOldEventWaits(Duration atLeast, Duration atMost) {
		Backlog measured = backlog().measure(0);
		assertThat(measured.waiting()).isOne();
		assertThat(measured.oldest()).isBetween(atLeast, atMost);
		assertThat(measured.destinations().get(DatabaseHarness.ORDERS).oldest()).isBetween(atLeast, atMost);
		assertThat(harness().scan().step(Long.MAX_VALUE, 1, Long.MAX_VALUE).events()).singleElement()
			.satisfies((waiting) -> assertThat(waiting.event().createdAt())
				.isBefore(Instant.now().minus(Duration.ofMinutes(179))));
	}

	/**
	 * Only the oldest and the newest events are looked at.
	 */
	@Test
	void ofALargeBacklogTheDestinationsAreEstimated() {
		harness().insertTo(OLD, "b", "1");
		try (Transaction transaction = harness().begin().insertMany(12_000, "a")) {
			transaction.commit();
		}
		harness().insertTo(INVOICES, "b", "2");
		await().untilAsserted(() -> assertThat(backlog().measure(0).waiting()).isEqualTo(12_002));
		Backlog measured = backlog().measure(0);
		assertThat(measured.exact()).isFalse();
		assertThat(measured.destinations()).containsOnlyKeys(DatabaseHarness.ORDERS, OLD, INVOICES);
		assertThat(measured.destinations().get(DatabaseHarness.ORDERS).events()).isBetween(11_990L, 12_002L);
		assertThat(measured.destinations().get(OLD).events()).isOne();
		assertThat(measured.destinations().get(INVOICES).events()).isOne();
	}

	/**
	 * Whatever is estimated.
	 */
	@Test
	void aLargeBacklogIsNeverReportedTooLow() {
		try (Transaction transaction = harness().begin().insertMany(12_000, "a")) {
			transaction.commit();
		}
		await().untilAsserted(() -> assertThat(backlog().measure(0).waiting()).isEqualTo(12_000));
		assertThat(backlog().measure(11_001).waiting()).isEqualTo(1000);
	}

}
