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
import java.util.List;
import java.util.function.Supplier;

import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.it.relay.TestTransport.Answer;
import dev.outbox.it.store.Ability;
import dev.outbox.test.contract.Transaction;
import dev.outbox.listener.OutboxListener;
import dev.outbox.relay.Ordering;
import dev.outbox.relay.RoutePolicy;
import dev.outbox.retry.RetryDecision;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.Operator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What happens to events that cannot be sent.
 */
@ParameterizedClass
@EnumSource
class RelayFailureTests {

	private final Supplier<TestStores> stores;

	private RelayHarness harness;

	private final TestTransport broker = new TestTransport();

	RelayFailureTests(RelayDatabase database) {
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
	void anEventWhoseFailureCannotBeRecordedIsNotOvertaken() {
		this.broker.answering((event) -> Answer.HOLD);
		this.harness.insert("a", "orders", "a0");
		this.harness.insert("a", "orders", "a1");
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.held()).hasSize(1));
		this.broker.answering((event) -> Answer.ACCEPT);
		this.harness.stores().raiseEpochs();
		this.broker.release(Answer.REJECTED);
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads()).containsExactly("a0", "a1");
	}

	@Test
	void whatTheDatabaseRefusesToRecordHoldsBackItsKeyOnly() {
		this.broker.answering((event) -> "a".equals(event.key()) ? Answer.REJECTED : Answer.ACCEPT);
		this.harness.stores().refuseErrors(true);
		try {
			this.harness.insert("a", "orders", "a0");
			this.harness.start(this.broker);
			await().untilAsserted(() -> assertThat(this.broker.attempts("a0")).isPositive());
			for (int i = 0; i < 50; i++) {
				this.harness.insert("b", "orders", "b" + i);
			}
			await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("b")).hasSize(50));
			await().untilAsserted(() -> assertThat(this.harness.count("event")).isEqualTo(1));
		}
		finally {
			this.harness.stores().refuseErrors(false);
		}
		this.broker.answering((event) -> Answer.ACCEPT);
		this.harness.awaitEmpty();
	}

	/**
	 * A row that somebody else has written, or changed.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "headers", "options" })
	void aRowThatCannotBeReadIsADeadLetterAndStopsNoOther(String column) {
		for (int i = 0; i < 3; i++) {
			this.harness.insert("a", "orders", "a" + i);
			this.harness.insert("b", "orders", "b" + i);
		}
		this.harness.insert(null, "orders", "no key");
		this.harness.stores().damage(column, List.of("a0", "no key"));
		this.harness.start(this.broker);
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads("a")).containsExactly("a1", "a2");
		assertThat(this.broker.acceptedPayloads("b")).containsExactly("b0", "b1", "b2");
		List<DeadLetter> letters = this.harness.deadLetters().list(DeadLetterFilter.all(), 0, 10);
		assertThat(letters).hasSize(2).allSatisfy((letter) -> {
			assertThat(letter.error()).startsWith("FATAL: its " + column + " cannot be read")
				.doesNotContain("3000000000");
			assertThat(letter.attempts()).isZero();
		});
		this.harness.stores().repairDeadLetters(column);
		letters.forEach((letter) -> this.harness.deadLetters().replay(letter.number(), new Operator("test")));
		this.harness.wake();
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads()).contains("a0", "no key");
	}

	/**
	 * Traps 3 and 4: the attempts are not counted once each, or their limit makes the
	 * dead letter unreachable.
	 */
	@Test
	void aRejectedEventIsADeadLetterAfterItsAttemptsAndItsKeyGoesOn() {
		this.broker.answering((event) -> TestTransport.text(event).equals("a0") ? Answer.REJECTED : Answer.ACCEPT);
		this.harness.insert("a", "orders", "a0");
		this.harness.insert("a", "orders", "a1");
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a1"));
		assertThat(this.broker.attempts("a0")).isEqualTo(RelayHarness.MAX_ATTEMPTS);
		DeadLetter letter = this.harness.deadLetter();
		assertThat(letter.attempts()).isEqualTo(RelayHarness.MAX_ATTEMPTS);
		assertThat(letter.error()).contains("REJECTED", "told to answer");
		assertThat(TestTransport.text(letter.event())).isEqualTo("a0");
		this.harness.awaitEmpty();
	}

	@Test
	void aRecordThatCanNeverBeSentIsADeadLetterAtOnce() {
		this.broker.answering((event) -> TestTransport.text(event).equals("a0") ? Answer.FATAL : Answer.ACCEPT);
		this.harness.insert("a", "orders", "a0");
		this.harness.insert("a", "orders", "a1");
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a1"));
		assertThat(this.broker.attempts("a0")).isEqualTo(1);
		assertThat(this.harness.count("dead_letter")).isEqualTo(1);
	}

	/**
	 * Rule 15: the next event of a chain is sent only after the dead letter of its head
	 * is committed.
	 */
	@Test
	void theNextEventWaitsUntilTheDeadLetterIsCommitted() {
		Ability.LOCKS.assumeIn(this.harness.stores().abilities());
		this.broker.answering((event) -> TestTransport.text(event).equals("a0") ? Answer.FATAL : Answer.ACCEPT);
		this.harness.insert("a", "orders", "a0");
		this.harness.insert("a", "orders", "a1");
		this.harness.insert("b", "orders", "b0");
		try (Transaction lock = this.harness.stores().beginLocking("dead_letter")) {
			assertThat(lock).isNotNull();
			this.harness.start(this.broker);
			await().untilAsserted(() -> assertThat(this.broker.attempts("a0")).isEqualTo(1));
			await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).contains("b0"));
			await().during(Duration.ofMillis(300))
				.untilAsserted(() -> assertThat(this.broker.sentPayloads()).doesNotContain("a1"));
		}
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).contains("a1"));
		assertThat(this.harness.count("dead_letter")).isEqualTo(1);
	}

	/**
	 * Rule 16: a key that a dead letter blocks stays blocked across restarts; the
	 * replayed head goes first.
	 */
	@Test
	void aBlockedKeyWaitsForItsHeadAcrossRestarts() {
		this.broker.answering((event) -> TestTransport.text(event).equals("a0") ? Answer.FATAL : Answer.ACCEPT);
		RelayHarness.Settings settings = this.harness.settings().routes(RoutePolicy.uniform(Ordering.STRICT, true));
		this.harness.insert("a", "orders", "a0");
		this.harness.insert("a", "orders", "a1");
		this.harness.insert("b", "orders", "b0");
		this.harness.start(this.broker, settings);
		await().untilAsserted(() -> assertThat(this.harness.count("blocked_key")).isEqualTo(1));
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("b0"));
		this.harness.stop();
		this.harness.insert("a", "orders", "a2");
		this.harness.insert("b", "orders", "b1");
		this.harness.start(this.broker, settings);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("b0", "b1"));
		assertThat(this.broker.acceptedPayloads("a")).isEmpty();
		this.broker.answering((event) -> Answer.ACCEPT);
		assertThat(this.harness.deadLetters().replay(this.harness.deadLetter().number(), new Operator("test")))
			.isTrue();
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("a")).containsExactly("a0", "a1", "a2"));
		this.harness.awaitEmpty();
	}

	/**
	 * Rule 16: a replayed head comes first also when the relay learns that its key is
	 * free before it has read it.
	 */
	@Test
	void aReplayedHeadComesFirstAlsoBeforeTheTailHasBeenReadAgain() {
		this.broker.answering((event) -> TestTransport.text(event).equals("a0") ? Answer.FATAL : Answer.ACCEPT);
		this.harness.start(this.broker,
				this.harness.settings().routes(RoutePolicy.uniform(Ordering.STRICT, true)).onlyWhenWoken());
		this.harness.insert("a", "orders", "a0");
		await().untilAsserted(() -> assertThat(this.harness.count("blocked_key")).isEqualTo(1));
		this.harness.insert("a", "orders", "a1");
		this.harness.insert("b", "orders", "b0");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("b0"));
		this.broker.answering((event) -> Answer.ACCEPT);
		assertThat(this.harness.deadLetters().replay(this.harness.deadLetter().number(), new Operator("test")))
			.isTrue();
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("a")).containsExactly("a0", "a1"));
		this.harness.awaitEmpty();
	}

	@Test
	void attemptsAndWaitingTimeSurviveARestart() {
		this.broker.answering((event) -> Answer.RETRIABLE);
		this.harness.insert("a", "orders", "a0");
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.harness.event().attempts()).isGreaterThanOrEqualTo(2));
		this.harness.stop();
		long attempts = this.harness.event().attempts();
		this.harness.stores().retryIn(Duration.ofHours(1));
		this.broker.answering((event) -> Answer.ACCEPT);
		this.harness.start(this.broker);
		this.harness.insert("b", "orders", "b0");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("b0"));
		await().untilAsserted(() -> assertThat(this.harness.event().attempts()).isEqualTo(attempts));
		this.harness.stop();
		this.harness.stores().retryIn(Duration.ZERO);
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("b0", "a0"));
	}

	/**
	 * Rule 11: keys that wait long leave the window, however many there are. Trap 5:
	 * poison rows fill what one read returns.
	 */
	@Test
	void moreFailingKeysThanFitIntoTheWindowLeaveRoomForOthers() {
		this.broker.answering(
				(event) -> event.key() != null && event.key().startsWith("bad") ? Answer.RETRIABLE : Answer.ACCEPT);
		for (int i = 0; i < 300; i++) {
			this.harness.insert("bad" + i, "orders", "bad" + i);
		}
		for (int i = 0; i < 50; i++) {
			this.harness.insert("good" + i, "orders", "good" + i);
		}
		this.harness.start(this.broker,
				this.harness.settings()
					.maxInFlight(50)
					.retries((kind, attempts, failingFor) -> new RetryDecision.Retry(Duration.ofMinutes(5))));
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.broker.acceptedCount()).isEqualTo(50));
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.harness.stores().events()).filteredOn((event) -> event.attempts() == 1)
				.hasSize(300));
		await().untilAsserted(() -> assertThat(this.harness.status().inMemory()).isZero());
		for (int i = 0; i < 100; i++) {
			this.harness.insert("bad" + i, "orders", "later" + i);
		}
		this.harness.insert("good", "orders", "good");
		await().untilAsserted(() -> assertThat(this.broker.acceptedCount()).isEqualTo(51));
		await().untilAsserted(() -> assertThat(this.harness.status().inMemory()).isZero());
	}

	/**
	 * Trap 23: a timeout is configured and not enforced.
	 */
	@Test
	void aTransportThatNeverAnswersHoldsAnEventOnlyUntilTheTimeout() {
		this.broker.answering((event) -> this.broker.attempts("a0") == 1 ? Answer.HOLD : Answer.ACCEPT);
		this.harness.insert("a", "orders", "a0");
		this.harness.start(this.broker, this.harness.settings().publishTimeout(Duration.ofSeconds(3)));
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a0"));
		assertThat(this.broker.attempts("a0")).isEqualTo(2);
		this.harness.awaitEmpty();
	}

	/**
	 * After a crash the first window is sent one by one, each announced first; what has
	 * been announced by three processes that died is a dead letter.
	 */
	@Test
	void anEventThatKillsItsProcessThreeTimesIsADeadLetter() {
		this.harness.insert("a", "orders", "a0");
		this.harness.insert("a", "orders", "a1");
		this.harness.insert("b", "orders", "b0");
		this.broker.answering((event) -> TestTransport.text(event).equals("a0") ? Answer.HOLD : Answer.ACCEPT);
		for (int crash = 1; crash <= 3; crash++) {
			int crashes = crash;
			this.harness.abandonAllPartitions();
			this.harness.start(this.broker);
			await().untilAsserted(
					() -> assertThat(this.harness.stores().events()).filteredOn((event) -> "a".equals(event.key()))
						.first()
						.satisfies((event) -> assertThat(event.crashes()).isEqualTo(crashes)));
			this.harness.kill();
		}
		this.harness.abandonAllPartitions();
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).contains("a1", "b0"));
		assertThat(this.harness.deadLetter().error()).contains("died 3 times");
		this.harness.awaitEmpty();
	}

	@Test
	void errorsInTransportAndListenerStopNothing() {
		boolean[] thrown = new boolean[1];
		TestTransport failing = new TestTransport() {
		}.answering((event) -> Answer.ACCEPT);
		this.harness.listener(new OutboxListener() {
			@Override
			public void onPublished(OutboxRecord event, SendResult result) {
				thrown[0] = true;
				throw new IllegalStateException("listener");
			}
		});
		this.harness.insert("a", "orders", "a0");
		this.harness.insert("a", "orders", "a1");
		this.harness.start(failing);
		await().untilAsserted(() -> assertThat(failing.acceptedPayloads()).containsExactly("a0", "a1"));
		assertThat(thrown[0]).isTrue();
	}

}
