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

import java.util.function.Supplier;

import java.time.Duration;
import java.time.Instant;

import dev.outbox.it.relay.TestTransport.Answer;
import dev.outbox.test.contract.Transaction;
import dev.outbox.relay.Ordering;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.relay.RoutePolicy;
import dev.outbox.store.Operator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What stays in memory, what leaves it, and what is held meanwhile.
 */
@ParameterizedClass
@EnumSource(mode = Mode.EXCLUDE, names = { "H2", "SQLITE", "MONGODB" })
class RelayMemoryTests {

	private final Supplier<TestStores> stores;

	private RelayHarness harness;

	private final TestTransport broker = new TestTransport();

	RelayMemoryTests(RelayDatabase database) {
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

	/**
	 * Rule 7: who waits for a broker, or for room, holds neither a transaction nor a
	 * connection.
	 */
	@Test
	void whoWaitsForTheBrokerHoldsNoConnection() {
		this.broker.answering((event) -> Answer.HOLD);
		for (int i = 0; i < 20; i++) {
			this.harness.insert("k" + i, "orders", "x".repeat(20_000));
		}
		this.harness.start(this.broker, this.harness.settings().maxInFlight(5));
		await().untilAsserted(() -> assertThat(this.broker.held()).hasSize(5));
		await().untilAsserted(() -> assertThat(this.harness.connectionsInUse()).isZero());
		this.broker.answering((event) -> Answer.ACCEPT);
		this.broker.release(Answer.ACCEPT);
		this.harness.awaitEmpty();
	}

	/**
	 * Rule 9: an event at the broker outlives a pause of its destination, and the others
	 * of its key still wait for it.
	 */
	@Test
	void whatIsAtTheBrokerStaysTheHeadOfItsKeyThroughAPause() {
		this.broker.answering((event) -> Answer.HOLD);
		this.harness.insert("a", "orders", "a0");
		this.harness.insert("a", "orders", "a1");
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.held()).hasSize(1));
		this.harness.pause("orders");
		await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).containsKey("orders"));
		await().untilAsserted(() -> assertThat(this.harness.status().inMemory()).isOne());
		this.harness.resume("orders");
		await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).isEmpty());
		await().untilAsserted(() -> assertThat(this.harness.status().inMemory()).isEqualTo(2));
		assertThat(this.broker.sentPayloads()).containsExactly("a0");
		this.broker.answering((event) -> Answer.ACCEPT);
		this.broker.release(Answer.ACCEPT);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a0", "a1"));
		this.harness.awaitEmpty();
	}

	/**
	 * Rules 9 and 16: a key that waits for an operator goes on waiting when its
	 * destination pauses while another event of it is at the broker.
	 */
	@Test
	void aBlockedKeyStaysBlockedThroughAPause() {
		this.broker.answering((event) -> switch (TestTransport.text(event)) {
			case "a0" -> Answer.FATAL;
			case "a1" -> Answer.HOLD;
			default -> Answer.ACCEPT;
		});
		this.harness.insert("a", "orders", "a0");
		this.harness.insert("a", "orders", "a1");
		this.harness.start(this.broker, this.harness.settings().routes(RoutePolicy.uniform(Ordering.PIPELINED, true)));
		await().untilAsserted(() -> assertThat(this.harness.count("blocked_key")).isOne());
		await().untilAsserted(() -> assertThat(this.broker.held()).hasSize(1));
		this.harness.insert("a", "orders", "a2");
		this.harness.pause("orders");
		await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).containsKey("orders"));
		this.harness.resume("orders");
		await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).isEmpty());
		this.harness.insert("b", "orders", "b0");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("b0"));
		assertThat(this.broker.sentPayloads()).doesNotContain("a2");
		this.broker.answering((event) -> Answer.ACCEPT);
		this.broker.release(Answer.ACCEPT);
		assertThat(this.harness.deadLetters().replay(this.harness.deadLetter().number(), new Operator("test")))
			.isTrue();
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads("a")).containsExactly("a1", "a0", "a2");
	}

	/**
	 * Rule 9: an event that was acknowledged stays in memory until its row is deleted, so
	 * that no read takes it for a new one.
	 */
	@Test
	void anAcknowledgedEventIsNotSentAgainBeforeItIsDeleted() {
		this.broker.answering((event) -> Answer.HOLD);
		this.harness.insert("a", "orders", "a0");
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.held()).hasSize(1));
		this.broker.answering((event) -> Answer.ACCEPT);
		try (Transaction lock = this.harness.stores().beginLockingEvents()) {
			assertThat(lock).isNotNull();
			this.broker.release(Answer.ACCEPT);
			await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a0"));
			this.harness.pause("orders");
			await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).containsKey("orders"));
			this.harness.resume("orders");
			await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).isEmpty());
			this.harness.insert("b", "orders", "b0");
			await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("b")).containsExactly("b0"));
			assertThat(this.broker.acceptedPayloads("a")).containsExactly("a0");
		}
		this.harness.awaitEmpty();
	}

	/**
	 * Rule 11: the rows of a key that waits for long leave memory, and are read again, in
	 * order, when its time has come.
	 */
	@Test
	void aKeyThatWaitsForLongIsReadAgainWhenItsTimeHasCome() {
		Duration wait = Duration.ofMillis(2500);
		this.harness.insert("a", "orders", "a0");
		Instant due = Instant.now().plus(wait);
		this.harness.delay("orders", wait);
		this.harness.insert("a", "orders", "a1");
		this.harness.insert("b", "orders", "b0");
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("a")).containsExactly("a0", "a1"));
		assertThat(Instant.now()).as("not before its time").isAfter(due);
		assertThat(this.broker.acceptedPayloads("b")).containsExactly("b0");
		this.harness.awaitEmpty();
		assertThat(this.harness.status().rescued()).isZero();
	}

	/**
	 * Rule 11: what is to be remembered of keys that wait is bounded. A destination with
	 * more of them pauses as if it were unavailable, and others go on.
	 */
	@Test
	void aDestinationWithMoreWaitingKeysThanCanBeRememberedPauses() {
		this.harness.insertKeys(50_000, "failing");
		this.harness.delay("failing", Duration.ofHours(1));
		this.harness.insert("a", "sound", "a0");
		this.harness.start(this.broker);
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			LaneStatus status = this.harness.status();
			assertThat(status.pausedDestinations()).containsOnlyKeys("failing")
				.containsEntry("failing", "50000 keys wait to be tried again");
			assertThat(status.waitingKeys()).isZero();
		});
		this.harness.insert("a", "sound", "a1");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a0", "a1"));
		assertThat(this.harness.stores().events()).filteredOn((event) -> event.attempts() == 1).hasSize(50_000);
	}

}
