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
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.outbox.it.relay.RelayHarness.OpenTransaction;
import dev.outbox.it.relay.TestTransport.Answer;
import dev.outbox.relay.Ordering;
import dev.outbox.relay.RoutePolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The order of the events of one key.
 */
@ParameterizedClass
@EnumSource(mode = Mode.EXCLUDE, names = "SQLITE")
class RelayOrderTests {

	private final Supplier<TestStores> stores;

	private RelayHarness harness;

	private final TestTransport broker = new TestTransport();

	RelayOrderTests(RelayDatabase database) {
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
	void eventsOfAKeyWaitForEachOtherAndOtherKeysDoNot() {
		this.broker.answering((event) -> "a".equals(event.key()) ? Answer.HOLD : Answer.ACCEPT);
		this.harness.insert("a", "orders", "a1");
		this.harness.insert("a", "orders", "a2");
		this.harness.insert("b", "orders", "b1");
		this.harness.insert("b", "orders", "b2");
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("b1", "b2"));
		assertThat(this.broker.sentPayloads()).contains("a1").doesNotContain("a2");
		this.broker.answering((event) -> Answer.ACCEPT);
		this.broker.release(Answer.ACCEPT);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("a")).containsExactly("a1", "a2"));
		this.harness.awaitEmpty();
	}

	@Test
	void aRowThatCommitsBehindTheCursorIsDelivered() {
		this.harness.start(this.broker);
		try (OpenTransaction slow = this.harness.begin()) {
			slow.insert("slow", "orders", "slow");
			this.harness.insert("fast", "orders", "fast");
			await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("fast"));
			slow.commit();
		}
		this.harness.wake();
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("fast", "slow"));
		assertThat(this.harness.status().rescued()).isZero();
	}

	@Test
	void thousandsOfRowsThatCommitLateTogetherAreAllDelivered() {
		this.harness.start(this.broker, this.harness.settings().maxInFlight(100).batchSize(50));
		try (OpenTransaction slow = this.harness.begin()) {
			slow.insertMany(3000, "bulk", "orders");
			this.harness.insert("fast", "orders", "fast");
			await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).contains("fast"));
			slow.commit();
		}
		this.harness.wake();
		await().atMost(Duration.ofSeconds(180))
			.untilAsserted(() -> assertThat(this.broker.acceptedCount()).isEqualTo(3001));
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads()).doesNotHaveDuplicates();
		assertThat(this.harness.status().rescued()).isZero();
	}

	/**
	 * Rule 1: while partitions are caught up with, rows that commit late behind the
	 * backfill's cursor are found, in the order of their key.
	 */
	@Test
	void rowsThatCommitDuringABackfillKeepTheOrderOfTheirKey() {
		this.broker.answering((event) -> "gate".equals(event.key()) ? Answer.HOLD : Answer.ACCEPT);
		for (int i = 0; i < 40; i++) {
			this.harness.insert("gate", "orders", "gate" + i);
		}
		try (OpenTransaction slow = this.harness.begin()) {
			slow.insert("late", "orders", "late1");
			for (int i = 0; i < 200; i++) {
				this.harness.insert("k" + i, "orders", "k" + i);
			}
			this.harness.start(this.broker, this.harness.settings().maxInFlight(20).batchSize(5));
			await().untilAsserted(() -> assertThat(this.broker.acceptedCount()).isGreaterThan(50));
			slow.commit();
		}
		this.harness.insert("late", "orders", "late2");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("late")).containsExactly("late1", "late2"));
		this.broker.answering((event) -> Answer.ACCEPT);
		this.broker.release(Answer.ACCEPT);
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads()).doesNotHaveDuplicates();
		assertThat(this.harness.status().rescued()).isZero();
	}

	/**
	 * Rule 10: a key with a longer backlog than fits into memory leaves room for others
	 * and keeps its order.
	 */
	@Test
	void aKeyWithALongBacklogKeepsItsOrderAndLeavesRoomForOthers() {
		try (OpenTransaction bulk = this.harness.begin()) {
			bulk.insertMany(2000, "hot", "orders");
			bulk.commit();
		}
		for (int i = 0; i < 50; i++) {
			this.harness.insert("k" + i, "orders", "k" + i);
		}
		this.broker.answering((event) -> "hot".equals(event.key()) ? Answer.HOLD : Answer.ACCEPT);
		this.harness.start(this.broker, this.harness.settings().maxInFlight(400));
		await().untilAsserted(() -> assertThat(this.broker.acceptedCount()).isEqualTo(50));
		this.broker.answering((event) -> Answer.ACCEPT);
		this.broker.release(Answer.ACCEPT);
		this.harness.insert("hot", "orders", "last");
		this.harness.wake();
		List<String> expected = new ArrayList<>(IntStream.range(0, 2000).mapToObj((i) -> "hot-" + i).toList());
		expected.add("last");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("hot")).hasSize(2001));
		assertThat(this.broker.acceptedPayloads("hot")).isEqualTo(expected);
		this.harness.awaitEmpty();
		assertThat(this.harness.status().rescued()).isZero();
	}

	@Test
	void pipelinedEventsOfAKeyAreSentWithoutWaiting() {
		this.broker.answering((event) -> Answer.HOLD);
		for (int i = 0; i < 5; i++) {
			this.harness.insert("a", "orders", "a" + i);
		}
		this.harness.start(this.broker, this.harness.settings().routes(RoutePolicy.uniform(Ordering.PIPELINED, false)));
		await().untilAsserted(() -> assertThat(this.broker.held()).hasSize(5));
		assertThat(this.broker.sentPayloads()).containsExactly("a0", "a1", "a2", "a3", "a4");
		this.broker.answering((event) -> Answer.ACCEPT);
		this.broker.release(Answer.ACCEPT);
		this.harness.awaitEmpty();
	}

	@Test
	void eventsWithoutOrderOvertakeAFailingOneOfTheirKey() {
		this.broker.answering((event) -> TestTransport.text(event).equals("a0") ? Answer.RETRIABLE : Answer.ACCEPT);
		for (int i = 0; i < 3; i++) {
			this.harness.insert("a", "orders", "a" + i);
		}
		this.harness.insert(null, "orders", "n0");
		this.harness.start(this.broker, this.harness.settings().routes(RoutePolicy.uniform(Ordering.NONE, false)));
		await().untilAsserted(
				() -> assertThat(this.broker.acceptedPayloads()).containsExactlyInAnyOrder("a1", "a2", "n0"));
		this.broker.answering((event) -> Answer.ACCEPT);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).contains("a0"));
		this.harness.awaitEmpty();
	}

	@Test
	void anEventWithoutKeyIsTriedAgain() {
		this.broker.answering((event) -> this.broker.attempts("n0") < 3 ? Answer.RETRIABLE : Answer.ACCEPT);
		this.harness.insert(null, "orders", "n0");
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("n0"));
		assertThat(this.broker.attempts("n0")).isEqualTo(3);
		this.harness.awaitEmpty();
	}

	/**
	 * Rule 9: what leaves memory is read again; what was at the broker when its key
	 * failed is not sent twice.
	 */
	@Test
	void aFailingEventHoldsBackItsKeyOnlyAndNothingOvertakes() {
		this.broker.answering((event) -> {
			String payload = TestTransport.text(event);
			return payload.equals("a1") && this.broker.attempts("a1") < 4 ? Answer.RETRIABLE : Answer.ACCEPT;
		});
		for (int i = 0; i < 10; i++) {
			this.harness.insert("a", "orders", "a" + i);
			this.harness.insert("b", "orders", "b" + i);
		}
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("a")).hasSize(10));
		assertThat(this.broker.acceptedPayloads("a"))
			.isEqualTo(IntStream.range(0, 10).mapToObj((i) -> "a" + i).toList());
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("b")).hasSize(10));
		assertThat(this.broker.attempts("a1")).isEqualTo(4);
		assertThat(this.broker.attempts("a2")).isEqualTo(1);
		this.harness.awaitEmpty();
	}

}
