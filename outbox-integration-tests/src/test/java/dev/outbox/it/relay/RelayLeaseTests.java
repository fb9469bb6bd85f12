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

package dev.outbox.it.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.outbox.it.relay.RelayHarness.OpenTransaction;
import dev.outbox.it.relay.RelayHarness.Settings;
import dev.outbox.it.relay.TestTransport.Answer;
import dev.outbox.it.store.Ability;
import dev.outbox.test.contract.Transaction;
import dev.outbox.listener.OutboxListener;
import dev.outbox.relay.Ordering;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RoutePolicy;
import dev.outbox.store.Operator;
import dev.outbox.store.Partitions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Who sends what, with several instances.
 */
@ParameterizedClass
@EnumSource(mode = Mode.EXCLUDE, names = "SQLITE")
class RelayLeaseTests {

	private final Supplier<TestStores> stores;

	private RelayHarness harness;

	private final TestTransport first = new TestTransport();

	private final TestTransport second = new TestTransport();

	RelayLeaseTests(RelayDatabase database) {
		this.stores = database.stores();
	}

	@BeforeEach
	void start() {
		this.harness = new RelayHarness(this.stores.get());
	}

	@AfterEach
	void stop() {
		this.harness.close();
	}

	@Test
	void aPartitionThatComesBackDuringABackfillIsReadFromItsStart() {
		for (int i = 0; i < 10; i++) {
			for (int key = 0; key < 10; key++) {
				this.harness.insert("k" + key, "orders", "k" + key + "-" + i);
			}
		}
		this.first.answering((event) -> Answer.HOLD);
		this.harness.start(this.first, this.harness.settings().maxInFlight(20).batchSize(5));
		await().untilAsserted(() -> assertThat(this.harness.status().inMemory()).isEqualTo(20));
		this.harness.stores().raiseEpochs();
		this.harness.awaitHeartbeats();
		this.first.answering((event) -> Answer.ACCEPT);
		this.first.release(Answer.ACCEPT);
		this.harness.awaitEmpty();
		for (int key = 0; key < 10; key++) {
			String prefix = "k" + key;
			assertThat(this.first.acceptedPayloads(prefix).stream().distinct())
				.containsExactlyElementsOf(IntStream.range(0, 10).mapToObj((i) -> prefix + "-" + i).toList());
		}
	}

	/**
	 * Trap 1: two instances send everything twice.
	 */
	@Test
	void instancesShareThePartitionsAndSendEachEventOnce() {
		OutboxRelay one = this.harness.start(this.first);
		OutboxRelay two = this.harness.start(this.second);
		await().untilAsserted(() -> {
			Set<Integer> all = new HashSet<>(this.harness.partitions(one));
			assertThat(all).hasSize(32);
			assertThat(this.harness.partitions(two)).hasSize(32).doesNotContainAnyElementsOf(all);
		});
		for (int i = 0; i < 500; i++) {
			this.harness.insert("k" + i % 100, "orders", "e" + i);
		}
		this.harness.awaitEmpty();
		List<String> all = new ArrayList<>(this.first.acceptedPayloads());
		all.addAll(this.second.acceptedPayloads());
		assertThat(all).hasSize(500).doesNotHaveDuplicates();
		assertThat(this.first.acceptedCount()).isPositive();
		assertThat(this.second.acceptedCount()).isPositive();
	}

	@Test
	void anInstanceThatStopsHandsOverAtOnce() {
		OutboxRelay one = this.harness.start(this.first);
		await().untilAsserted(() -> assertThat(this.harness.partitions(one)).hasSize(64));
		OutboxRelay two = this.harness.start(this.second);
		await().untilAsserted(() -> assertThat(this.harness.partitions(two)).hasSize(32));
		assertThat(this.harness.stop(one)).isTrue();
		await().untilAsserted(() -> assertThat(this.harness.partitions(two)).hasSize(64));
		assertThat(this.harness.count("instance")).isEqualTo(1);
	}

	/**
	 * Rule 9: a partition that is given back is not released before the broker has
	 * answered for what it was handed.
	 */
	@Test
	void aSurplusPartitionIsReleasedOnlyAfterTheBrokerHasAnswered() {
		this.first.answering((event) -> Answer.HOLD);
		OutboxRelay one = this.harness.start(this.first);
		await().untilAsserted(() -> assertThat(this.harness.partitions(one)).hasSize(64));
		for (int i = 0; i < 300; i++) {
			this.harness.insert("k" + i, "orders", "e" + i);
		}
		await().untilAsserted(() -> assertThat(this.first.held()).hasSize(300));
		OutboxRelay two = this.harness.start(this.second);
		await().untilAsserted(() -> assertThat(this.harness.partitions(one)).hasSize(32));
		this.harness.awaitHeartbeats();
		assertThat(this.harness.partitions(two)).doesNotContainAnyElementsOf(this.harness.partitionsWithEvents());
		this.first.answering((event) -> Answer.ACCEPT);
		this.first.release(Answer.ACCEPT);
		await().untilAsserted(() -> assertThat(this.harness.partitions(two)).hasSize(32));
		this.harness.awaitEmpty();
		assertThat(this.first.acceptedCount()).isEqualTo(300);
		assertThat(this.second.acceptedCount()).isZero();
	}

	/**
	 * Rule 12: an instance drops a partition at once that the database says is not its
	 * own any more.
	 */
	@Test
	void aPartitionWithAnotherEpochIsDroppedAndReadAgain() {
		List<Set<Integer>> seen = new CopyOnWriteArrayList<>();
		this.harness.listener(new OutboxListener() {
			@Override
			public void onOwnershipChanged(String transport, Set<Integer> partitions) {
				seen.add(partitions);
			}
		});
		OutboxRelay one = this.harness.start(this.first);
		await().untilAsserted(() -> assertThat(this.harness.partitions(one)).hasSize(64));
		seen.clear();
		this.harness.stores().giveAway(10);
		await().untilAsserted(() -> assertThat(seen).anySatisfy(
				(partitions) -> assertThat(partitions).hasSize(54).doesNotContain(0, 1, 2, 3, 4, 5, 6, 7, 8, 9)));
		await().untilAsserted(() -> assertThat(this.harness.partitions(one)).hasSize(64));
		this.harness.insert("a", "orders", "a0");
		this.harness.awaitEmpty();
	}

	/**
	 * Rule 12: the same owner under another epoch starts over too. What it writes with
	 * the old epoch is void.
	 */
	@Test
	void aPartitionOfItsOwnWithAnotherEpochIsReadAgain() {
		OutboxRelay one = this.harness.start(this.first);
		await().untilAsserted(() -> assertThat(this.harness.partitions(one)).hasSize(64));
		this.harness.stores().raiseEpochs();
		this.harness.awaitHeartbeats();
		this.first.answering((event) -> (this.first.attempts("a0") == 1) ? Answer.REJECTED : Answer.ACCEPT);
		this.harness.insert("a", "orders", "a0");
		await().untilAsserted(() -> assertThat(this.first.acceptedPayloads()).containsExactly("a0"));
		this.harness.awaitEmpty();
	}

	/**
	 * Rule 16: a key that was blocked while its partition was on its way to another
	 * instance is the business of the new owner when an operator unblocks it.
	 */
	@Test
	void aFormerOwnerSendsNothingWhenAKeyIsUnblocked() {
		Ability.LOCKS.assumeIn(this.harness.stores().abilities());
		String key = IntStream.range(0, 1000)
			.mapToObj((i) -> "k" + i)
			.filter((name) -> new Partitions(64).partitionOf(name, new UUID(0, 0)) == 63)
			.findFirst()
			.orElseThrow();
		Settings settings = this.harness.settings().routes(RoutePolicy.uniform(Ordering.STRICT, true));
		this.first.answering((event) -> Answer.FATAL);
		this.second.answering((event) -> Answer.HOLD);
		OutboxRelay one = this.harness.start(this.first, settings);
		await().untilAsserted(() -> assertThat(this.harness.partitions(one)).hasSize(64));
		OutboxRelay two;
		try (Transaction lock = this.harness.stores().beginLocking("dead_letter")) {
			assertThat(lock).isNotNull();
			this.harness.insert(key, "orders", "a0");
			this.harness.insert(key, "orders", "a1");
			await().untilAsserted(() -> assertThat(this.first.attempts("a0")).isOne());
			two = this.harness.start(this.second, settings);
			await().untilAsserted(() -> assertThat(this.harness.partitions(one)).hasSize(32));
		}
		await().untilAsserted(() -> assertThat(this.harness.partitions(two)).hasSize(32));
		this.harness.awaitHeartbeats();
		assertThat(this.harness.deadLetters().replay(this.harness.deadLetter().number(), new Operator("test")))
			.isTrue();
		await().untilAsserted(() -> assertThat(this.second.held()).hasSize(1));
		this.harness.awaitHeartbeats();
		assertThat(this.first.sentPayloads()).containsExactly("a0");
		this.second.answering((event) -> Answer.ACCEPT);
		this.second.release(Answer.ACCEPT);
		await().untilAsserted(() -> assertThat(this.second.acceptedPayloads()).containsExactly("a0", "a1"));
		this.harness.awaitEmpty();
	}

	@Test
	void anInstanceThatLosesItsLeaseJoinsAgainAndGoesOn() {
		OutboxRelay one = this.harness.start(this.first);
		await().untilAsserted(() -> assertThat(this.harness.partitions(one)).hasSize(64));
		this.harness.insert("a", "orders", "a0");
		await().untilAsserted(() -> assertThat(this.first.acceptedPayloads()).containsExactly("a0"));
		this.harness.stores().clear("instance");
		await().until(() -> this.harness.count("instance") == 1);
		this.harness.insert("a", "orders", "a1");
		await().untilAsserted(() -> assertThat(this.first.acceptedPayloads()).contains("a1"));
		this.harness.awaitEmpty();
	}

	/**
	 * A crash: what the dead instance had not sent is sent by the others after its lease
	 * has expired, from its oldest row on.
	 */
	@Test
	void anotherInstanceTakesOverAfterACrashInOrder() {
		this.first.answering((event) -> Answer.HOLD);
		this.harness.start(this.first);
		for (int i = 0; i < 20; i++) {
			this.harness.insert("a", "orders", "a" + i);
		}
		await().untilAsserted(() -> assertThat(this.first.held()).hasSize(1));
		this.harness.kill();
		this.harness.start(this.second);
		await().untilAsserted(() -> assertThat(this.second.acceptedPayloads("a"))
			.containsExactlyElementsOf(IntStream.range(0, 20).mapToObj((i) -> "a" + i).toList()));
		this.harness.awaitEmpty();
	}

	@Test
	void aRowOfAnAbsentTransportWaitsForAnInstanceThatHasIt() {
		this.harness.insertFor("other", "a", "orders", "other");
		this.harness.insert("a", "orders", "ours");
		this.harness.start(this.first);
		await().untilAsserted(() -> assertThat(this.first.acceptedPayloads()).containsExactly("ours"));
		assertThat(this.harness.stores().events()).filteredOn((event) -> event.transport().equals("other"))
			.singleElement()
			.satisfies((event) -> assertThat(event.attempts()).isZero());
		TestTransport other = new TestTransport("other");
		this.harness.start(other);
		await().untilAsserted(() -> assertThat(other.acceptedPayloads()).containsExactly("other"));
		this.harness.awaitEmpty();
	}

	/**
	 * Trap 22: a relay that has been stopped cannot be started again.
	 */
	@Test
	void aRelayCanBeStartedAndStoppedAnyNumberOfTimes() {
		OutboxRelay relay = this.harness.start(this.first);
		this.harness.stop(relay);
		int threads = relayThreads();
		for (int i = 0; i < 100; i++) {
			relay.start();
			relay.start();
			assertThat(relay.isRunning()).isTrue();
			this.harness.stop(relay);
			assertThat(relay.isRunning()).isFalse();
		}
		await().untilAsserted(() -> assertThat(relayThreads()).isLessThanOrEqualTo(threads));
		this.harness.insert("a", "orders", "a0");
		relay.start();
		await().untilAsserted(() -> assertThat(this.first.acceptedPayloads()).containsExactly("a0"));
	}

	private static int relayThreads() {
		return (int) Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("outbox-relay")
					|| thread.getName().startsWith("outbox-lease") || thread.getName().startsWith("outbox-settle")
					|| thread.getName().startsWith("outbox-due"))
			.count();
	}

	@Test
	void stoppingWaitsForTheBrokerAndSettles() {
		this.first.answering((event) -> Answer.HOLD);
		OutboxRelay relay = this.harness.start(this.first);
		this.harness.insert("a", "orders", "a0");
		await().untilAsserted(() -> assertThat(this.first.held()).hasSize(1));
		Thread stopper = new Thread(() -> this.harness.stop(relay));
		stopper.start();
		await().until(() -> !relay.isRunning());
		this.first.release(Answer.ACCEPT);
		await().until(() -> !stopper.isAlive());
		assertThat(this.harness.count("event")).isZero();
		assertThat(this.harness.stores().ownedPartitions()).isZero();
	}

	@Test
	void trap22StoppingEndsInTimeAlthoughTheBrokerNeverAnswers() {
		this.first.answering((event) -> Answer.HOLD);
		OutboxRelay relay = this.harness.start(this.first);
		this.harness.insert("a", "orders", "a0");
		await().untilAsserted(() -> assertThat(this.first.held()).hasSize(1));
		AtomicReference<Boolean> settled = new AtomicReference<>();
		Thread stopper = new Thread(() -> settled.set(relay.stop(Duration.ofMillis(500))));
		stopper.setDaemon(true);
		stopper.start();
		await().until(() -> !stopper.isAlive());
		assertThat(settled.get()).isFalse();
		assertThat(this.harness.count("event")).isOne();
		this.first.answering((event) -> Answer.ACCEPT);
		relay.start();
		this.harness.awaitEmpty();
		assertThat(this.first.acceptedPayloads()).containsExactly("a0");
	}

	/**
	 * Rule 8: what every other rule has missed is found by the sweep. The row is one that
	 * no correct program writes: it claims an old transaction.
	 */
	@Test
	void theSweepFindsARowThatNoScanCanSee() {
		Ability.TRANSACTION_NUMBERS.assumeIn(this.harness.stores().abilities());
		OutboxRelay relay = this.harness.start(this.first,
				this.harness.settings().sweepInterval(Duration.ofMillis(500)));
		this.harness.insert("a", "orders", "a0");
		await().untilAsserted(() -> assertThat(this.first.acceptedPayloads()).containsExactly("a0"));
		try (OpenTransaction hidden = this.harness.begin()) {
			hidden.insert("b", "orders", "hidden");
			this.harness.insert("c", "orders", "c0");
			await().untilAsserted(() -> assertThat(this.first.acceptedPayloads()).contains("c0"));
			this.harness.stores().makeTransactionOlder(hidden.transaction(), "b");
			hidden.commit();
		}
		await().untilAsserted(() -> assertThat(this.first.acceptedPayloads()).contains("hidden"));
		await().untilAsserted(() -> assertThat(this.harness.status(relay).rescued()).isEqualTo(1));
	}

}
