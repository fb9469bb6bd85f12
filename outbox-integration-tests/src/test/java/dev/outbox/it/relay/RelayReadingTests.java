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
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.outbox.it.relay.RelayHarness.OpenTransaction;
import dev.outbox.it.relay.TestTransport.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is read, when, and how much of it is in memory.
 */
@ParameterizedClass
@EnumSource(mode = Mode.EXCLUDE, names = "SQLITE")
class RelayReadingTests {

	private final Supplier<TestStores> stores;

	private RelayHarness harness;

	private final TestTransport broker = new TestTransport();

	RelayReadingTests(RelayDatabase database) {
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
	void aRowThatWasInsertedByHandIsFoundByPolling() {
		this.harness.start(this.broker);
		try (OpenTransaction transaction = this.harness.begin()) {
			transaction.insert("a", "orders", "a0");
			transaction.commit();
		}
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a0"));
	}

	/**
	 * Rule 7: payloads above 16 kB are fetched only when they are about to be sent, and
	 * arrive unchanged.
	 */
	@Test
	void largePayloadsArriveUnchangedAndWithinTheByteBudget() {
		this.broker.answering((event) -> Answer.HOLD);
		for (int i = 0; i < 30; i++) {
			this.harness.insert("k" + i, "orders", (char) ('a' + i % 26) + "x".repeat(400_000 + i));
		}
		this.harness.insert("small", "orders", "small");
		this.harness.start(this.broker, this.harness.settings().maxInFlightBytes(2_000_000));
		await().untilAsserted(() -> assertThat(this.broker.held()).hasSizeGreaterThanOrEqualTo(4));
		await().during(Duration.ofMillis(500))
			.untilAsserted(() -> assertThat(this.harness.status().bytesInMemory()).isLessThan(2_500_000));
		assertThat(this.broker.held()).hasSizeLessThan(7);
		this.broker.answering((event) -> Answer.ACCEPT);
		this.broker.release(Answer.ACCEPT);
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads()).containsExactlyInAnyOrderElementsOf(expectedLargePayloads());
	}

	private static List<String> expectedLargePayloads() {
		List<String> expected = new ArrayList<>(
				IntStream.range(0, 30).mapToObj((i) -> (char) ('a' + i % 26) + "x".repeat(400_000 + i)).toList());
		expected.add("small");
		return expected;
	}

	@Test
	void aSingleEventThatIsLargerThanTheBudgetPassesAlone() {
		this.harness.insert("a", "orders", "x".repeat(900_000));
		this.harness.insert("b", "orders", "b");
		this.harness.start(this.broker, this.harness.settings().maxInFlightBytes(100_000));
		await().untilAsserted(() -> assertThat(this.broker.acceptedCount()).isEqualTo(2));
		this.harness.awaitEmpty();
	}

	@Test
	void trap2WhatTheBrokerHasNotAnsweredIsNotSentAgainByPolling() {
		this.broker.answering((event) -> "a".equals(event.key()) ? Answer.HOLD : Answer.ACCEPT);
		this.harness.insert("a", "orders", "a0");
		this.harness.start(this.broker, this.harness.settings().sweepInterval(Duration.ofMillis(100)));
		await().untilAsserted(() -> assertThat(this.broker.held()).hasSize(1));
		for (int poll = 0; poll < 5; poll++) {
			String payload = "b" + poll;
			this.harness.insert("b", "orders", payload);
			await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).contains(payload));
			this.harness.awaitReads();
		}
		assertThat(this.broker.attempts("a0")).isOne();
		this.broker.release(Answer.ACCEPT);
		this.harness.awaitEmpty();
		assertThat(this.broker.attempts("a0")).isOne();
	}

	@Test
	void trap8NoAcknowledgementIsLostWhenFarMoreComeThanTheWindowHolds() {
		this.harness.insertKeys(2000, "orders");
		this.harness.start(this.broker, this.harness.settings().maxInFlight(10).batchSize(10));
		this.harness.awaitEmpty();
		assertThat(this.broker.sentPayloads()).hasSize(2000).doesNotHaveDuplicates();
		await().untilAsserted(() -> assertThat(this.harness.status().inMemory()).isZero());
	}

	/**
	 * Trap 23: a limit is configured and not enforced.
	 */
	@Test
	void noMoreEventsAreInMemoryThanTheWindowHolds() {
		this.broker.answering((event) -> Answer.HOLD);
		for (int i = 0; i < 300; i++) {
			this.harness.insert("k" + i, "orders", "e" + i);
		}
		this.harness.start(this.broker, this.harness.settings().maxInFlight(50).batchSize(20));
		await().untilAsserted(() -> assertThat(this.broker.held()).hasSize(50));
		await().during(Duration.ofMillis(500))
			.untilAsserted(() -> assertThat(this.harness.status().inMemory()).isLessThanOrEqualTo(50));
		this.broker.answering((event) -> Answer.ACCEPT);
		this.broker.release(Answer.ACCEPT);
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads()).hasSize(300).doesNotHaveDuplicates();
	}

	/**
	 * Rules 3 and 5: rows of a paused destination are passed by and cost nothing; when it
	 * goes on, they are caught up with in order, together with what came meanwhile.
	 */
	@Test
	void aPausedDestinationIsPassedByAndCaughtUpWithInOrder() {
		this.harness.pause("paused");
		for (int i = 0; i < 500; i++) {
			this.harness.insert("k" + i % 5, "paused", "p" + i);
		}
		this.harness.insert("a", "open", "o0");
		this.harness.start(this.broker, this.harness.settings().maxInFlight(100));
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("o0"));
		for (int i = 500; i < 600; i++) {
			this.harness.insert("k" + i % 5, "paused", "p" + i);
			this.harness.insert("a", "open", "o" + (i - 499));
		}
		await().untilAsserted(() -> assertThat(this.broker.acceptedCount()).isEqualTo(101));
		await().untilAsserted(() -> assertThat(this.harness.status().inMemory()).isZero());
		this.harness.resume("paused");
		this.harness.awaitEmpty();
		for (int k = 0; k < 5; k++) {
			int key = k;
			assertThat(this.broker.acceptedPayloads("k" + k))
				.containsExactlyElementsOf(IntStream.range(0, 120).mapToObj((i) -> "p" + (i * 5 + key)).toList());
		}
		assertThat(this.harness.status().rescued()).isZero();
	}

	/**
	 * Rule 3: while a destination is caught up with, what comes meanwhile waits for it.
	 * The new rows are in the reverse order of the old ones, so that any other read would
	 * meet some of them first.
	 */
	@Test
	void rowsThatComeWhileADestinationIsCaughtUpWithWaitForTheOlderOnes() {
		this.broker.answering((event) -> event.destination().name().equals("open") ? Answer.ACCEPT : Answer.HOLD);
		this.harness.pause("paused");
		this.harness.insertKeys(300, "paused");
		this.harness.start(this.broker, this.harness.settings().maxInFlight(100).batchSize(20));
		this.harness.insert("a", "open", "o0");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("o0"));
		this.harness.resume("paused");
		await().untilAsserted(() -> assertThat(this.harness.status().inMemory()).isGreaterThanOrEqualTo(50));
		try (OpenTransaction transaction = this.harness.begin()) {
			for (int i = 300; i > 0; i--) {
				transaction.insert("k" + i, "paused", "new");
			}
			transaction.commit();
		}
		this.broker.answering((event) -> Answer.ACCEPT);
		this.broker.release(Answer.ACCEPT);
		this.harness.awaitEmpty();
		for (int i = 1; i <= 300; i++) {
			assertThat(this.broker.acceptedPayloads("k" + i)).containsExactly("k" + i, "new");
		}
	}

	/**
	 * Rule 1: a backfill reads no further than the tail has come. The tail reads one row
	 * at a time here, so that it is far behind when the backfill is done; the lock keeps
	 * it from passing rows that have a number and are not committed.
	 */
	@Test
	void aBackfillSkipsNothingThatTheTailHasStillToRead() {
		this.harness.pause("paused");
		this.harness.insert("p", "paused", "p0");
		this.harness.start(this.broker, this.harness.settings().batchSize(1));
		this.harness.insert("o", "open", "o0");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("o0"));
		try (OpenTransaction transaction = this.harness.beginAlone()) {
			transaction.insertKeys(1000, "open");
			transaction.commit();
		}
		this.harness.resume("paused");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("p")).containsExactly("p0"));
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads()).hasSize(1002).doesNotHaveDuplicates();
		assertThat(this.harness.status().rescued()).isZero();
	}

	@Test
	void aSlowDestinationDoesNotTakeTheWholeWindow() {
		this.broker.answering((event) -> event.destination().name().equals("slow") ? Answer.HOLD : Answer.ACCEPT);
		this.harness.insert("f", "fast", "f");
		for (int i = 0; i < 300; i++) {
			this.harness.insert("s" + i, "slow", "s" + i);
			this.harness.insert("f" + i, "fast", "f" + i);
		}
		this.harness.start(this.broker, this.harness.settings().maxInFlight(100).batchSize(20));
		await().untilAsserted(() -> assertThat(this.broker.acceptedCount()).isEqualTo(301));
		this.broker.answering((event) -> Answer.ACCEPT);
		this.broker.release(Answer.ACCEPT);
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads()).hasSize(601).doesNotHaveDuplicates();
		assertThat(this.harness.status().rescued()).isZero();
	}

	/**
	 * Rule 22: events that become due are moved by the owner of their partition, in the
	 * order of their due times.
	 */
	@Test
	void dueEventsAreDeliveredInTheOrderOfTheirDueTimes() {
		this.harness.start(this.broker);
		this.harness.schedule("a", "orders", "later", Duration.ofSeconds(4));
		this.harness.schedule("a", "orders", "sooner", Duration.ofMillis(300));
		this.harness.schedule("a", "orders", "never", Duration.ofHours(1));
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("sooner", "later"));
		assertThat(this.harness.count("scheduled")).isEqualTo(1);
		assertThat(this.harness.count("dead_letter")).isZero();
	}

	@Test
	void anInstanceThatOwnsNothingMovesNoDueEvents() {
		this.harness.schedule("a", "orders", "a0", Duration.ofMillis(-1));
		TestTransport other = new TestTransport("other");
		this.harness.start(other);
		await().untilAsserted(() -> assertThat(this.harness.status().partitions()).hasSize(64));
		await().during(Duration.ofMillis(600))
			.untilAsserted(() -> assertThat(this.harness.count("scheduled")).isEqualTo(1));
	}

	@Test
	void theRelayGoesOnAfterAllItsConnectionsWereCut() {
		this.harness.start(this.broker);
		this.harness.insert("a", "orders", "a0");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a0"));
		for (int i = 1; i <= 5; i++) {
			this.harness.stores().cutConnections();
			this.harness.insert("a", "orders", "a" + i);
			int count = i + 1;
			await()
				.untilAsserted(() -> assertThat(this.broker.acceptedPayloads("a").stream().distinct()).hasSize(count));
		}
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads("a").stream().distinct()).containsExactly("a0", "a1", "a2", "a3", "a4",
				"a5");
	}

	@Test
	void anErrorInATurnOfTheLoopIsSurvived() {
		this.broker.answering((event) -> Answer.ACCEPT);
		this.harness.start(this.broker);
		this.broker.throwOnNextSend(new StackOverflowError("told to"));
		this.harness.insert("a", "orders", "a0");
		this.harness.insert("a", "orders", "a1");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a0", "a1"));
		assertThat(this.harness.status().failures()).isEqualTo(1);
	}

	@Test
	void binaryPayloadsArriveBitByBit() {
		byte[] bytes = new byte[70_000];
		new Random(1).nextBytes(bytes);
		try (OpenTransaction transaction = this.harness.begin()) {
			transaction.insert("test", "a", "orders", bytes);
			transaction.commit();
		}
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.acceptedRecords()).singleElement()
			.satisfies((event) -> assertThat(event.payload()).isEqualTo(bytes)));
	}

}
