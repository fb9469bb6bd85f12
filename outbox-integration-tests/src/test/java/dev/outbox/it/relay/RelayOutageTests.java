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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.outbox.it.relay.TestTransport.Answer;
import dev.outbox.it.store.Ability;
import dev.outbox.test.contract.Transaction;
import dev.outbox.retry.RetryDecision;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What happens when a destination cannot be reached, and that it is not taken for the
 * fault of its events.
 */
@ParameterizedClass
@EnumSource(mode = Mode.EXCLUDE, names = "SQLITE")
class RelayOutageTests {

	private final Supplier<TestStores> stores;

	private RelayHarness harness;

	private final TestTransport broker = new TestTransport();

	RelayOutageTests(RelayDatabase database) {
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
	void anOutageWhileAnOperatorsPauseIsCaughtUpWithLosesNothing() {
		for (int i = 0; i < 10; i++) {
			for (int key = 0; key < 10; key++) {
				this.harness.insert("k" + key, "orders", "k" + key + "-" + i);
			}
		}
		this.harness.pause("orders");
		this.harness.start(this.broker, this.harness.settings().maxInFlight(20).batchSize(5));
		await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).containsKey("orders"));
		this.harness.insert("m", "mails", "m0");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("m0"));
		this.broker.answering((event) -> Answer.HOLD);
		this.harness.resume("orders");
		await().untilAsserted(() -> assertThat(this.broker.held()).hasSize(10));
		this.broker.answering((event) -> Answer.UNAVAILABLE);
		this.broker.release(Answer.UNAVAILABLE);
		await().untilAsserted(() -> assertThat(this.broker.held()).isEmpty());
		this.broker.answering((event) -> Answer.ACCEPT);
		this.harness.awaitEmpty();
		for (int key = 0; key < 10; key++) {
			String name = "k" + key;
			assertThat(this.broker.acceptedPayloads(name))
				.containsExactlyElementsOf(IntStream.range(0, 10).mapToObj((i) -> name + "-" + i).toList());
		}
	}

	@Test
	void aTransportGoesOnWhenNothingIsLeftForTheDestinationsThatPausedIt() {
		this.broker
			.answering((event) -> event.destination().name().equals("orders") ? Answer.ACCEPT : Answer.UNAVAILABLE);
		this.harness.start(this.broker);
		for (int i = 0; i < 70; i++) {
			this.harness.insert("k" + i, "away" + i, "x" + i);
		}
		await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).hasSizeGreaterThan(64));
		this.harness.stores().clear("event");
		this.harness.insert("a", "orders", "a0");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a0"));
	}

	@Test
	void aBrokerThatIsAwayIsNotTakenForAnEventThatKills() {
		this.broker.answering((event) -> Answer.UNAVAILABLE);
		this.harness.insert("a", "orders", "a0");
		for (int crash = 1; crash <= 4; crash++) {
			int attempts = this.broker.attempts("a0");
			this.harness.abandonAllPartitions();
			this.harness.start(this.broker);
			await().untilAsserted(() -> assertThat(this.broker.attempts("a0")).isGreaterThan(attempts));
			await().untilAsserted(() -> assertThat(this.harness.event().crashes()).isZero());
			this.harness.kill();
		}
		this.broker.answering((event) -> Answer.ACCEPT);
		this.harness.start(this.broker);
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads()).containsExactly("a0");
	}

	@Test
	void anOutageOfADestinationCountsNoAttemptAndStopsNoOther() {
		this.broker
			.answering((event) -> event.destination().name().equals("down") ? Answer.UNAVAILABLE : Answer.ACCEPT);
		for (int i = 0; i < 100; i++) {
			this.harness.insert("k" + i % 10, "down", "d" + i);
			this.harness.insert("k" + i % 10, "up", "u" + i);
		}
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.broker.acceptedCount()).isEqualTo(100));
		await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).containsOnlyKeys("down"));
		assertThat(this.harness.stores().events()).allSatisfy((event) -> assertThat(event.attempts()).isZero());
		this.broker.answering((event) -> Answer.ACCEPT);
		this.harness.awaitEmpty();
		for (int k = 0; k < 10; k++) {
			int key = k;
			List<String> expected = IntStream.range(0, 10).mapToObj((i) -> "d" + (i * 10 + key)).toList();
			assertThat(this.broker.acceptedPayloads("k" + k).stream().filter((payload) -> payload.startsWith("d")))
				.containsExactlyElementsOf(expected);
		}
		assertThat(this.harness.count("dead_letter")).isZero();
		assertThat(this.harness.status().rescued()).isZero();
	}

	/**
	 * Rule 18: a record that is unavailable for its own fault does not keep its
	 * destination paused.
	 */
	@Test
	void aDestinationGoesOnWhenOnlyOneRecordIsUnavailable() {
		this.broker.answering((event) -> "bad".equals(event.key()) ? Answer.UNAVAILABLE : Answer.ACCEPT);
		this.harness.insert("bad", "orders", "bad");
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).containsKey("orders"));
		for (int i = 0; i < 20; i++) {
			this.harness.insert("k" + i, "orders", "k" + i);
		}
		await().untilAsserted(() -> assertThat(this.broker.acceptedCount()).isEqualTo(20));
		await().untilAsserted(
				() -> assertThat(this.harness.stores().events()).filteredOn((event) -> "bad".equals(event.key()))
					.singleElement()
					.satisfies((event) -> assertThat(event.attempts()).isPositive()));
	}

	/**
	 * Rule 15 for a record that is found out by a probe: while it becomes a dead letter,
	 * neither it nor its successor is sent, although the destination goes on.
	 */
	@Test
	void aRecordThatIsFoundOutByAProbeIsNotSentWhileItBecomesADeadLetter() {
		Ability.LOCKS.assumeIn(this.harness.stores().abilities());
		this.broker
			.answering((event) -> TestTransport.text(event).equals("bad-0") ? Answer.UNAVAILABLE : Answer.ACCEPT);
		this.harness.insert("bad", "orders", "bad-0");
		this.harness.insert("bad", "orders", "bad-1");
		try (Transaction lock = this.harness.stores().beginLocking("dead_letter")) {
			assertThat(lock).isNotNull();
			this.harness.start(this.broker,
					this.harness.settings().retries((kind, attempts, failing) -> new RetryDecision.GiveUp("none")));
			await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).containsKey("orders"));
			for (int i = 0; i < 20; i++) {
				this.harness.insert("k" + i, "orders", "k" + i);
			}
			await().untilAsserted(() -> assertThat(this.broker.acceptedCount()).isEqualTo(20));
			int attempts = this.broker.attempts("bad-0");
			await().during(Duration.ofMillis(300)).untilAsserted(() -> {
				assertThat(this.broker.attempts("bad-0")).isEqualTo(attempts);
				assertThat(this.broker.sentPayloads()).doesNotContain("bad-1");
			});
		}
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads("bad")).containsExactly("bad-1"));
		assertThat(this.harness.deadLetter().error()).contains("unavailable for this record only");
	}

	/**
	 * Rule 11: above 64 unavailable destinations the transport pauses as a whole, and
	 * comes back as a whole.
	 */
	@Test
	void aTransportWithManyUnavailableDestinationsPausesAndComesBack() {
		this.broker
			.answering((event) -> event.destination().name().equals("sound") ? Answer.ACCEPT : Answer.UNAVAILABLE);
		for (int i = 0; i < 80; i++) {
			this.harness.insert("k" + i, "d" + i, "d" + i + "-1");
			this.harness.insert("k" + i, "d" + i, "d" + i + "-2");
		}
		this.harness.start(this.broker);
		await().untilAsserted(() -> assertThat(this.harness.status().pausedDestinations()).hasSizeGreaterThan(64));
		this.harness.insert("a", "sound", "sound");
		int sent = this.broker.sentPayloads().size();
		await().untilAsserted(() -> assertThat(this.broker.sentPayloads()).hasSizeGreaterThan(sent + 160));
		assertThat(this.broker.sentPayloads()).doesNotContain("sound");
		this.broker.answering((event) -> Answer.ACCEPT);
		await().untilAsserted(() -> assertThat(this.broker.acceptedCount()).isEqualTo(161));
		for (int i = 0; i < 80; i++) {
			assertThat(this.broker.acceptedPayloads("k" + i)).containsExactly("d" + i + "-1", "d" + i + "-2");
		}
		this.harness.awaitEmpty();
		assertThat(this.harness.status().rescued()).isZero();
	}

	/**
	 * Rule 19: the time during which the destination was paused does not count.
	 */
	@Test
	void pausedTimeDoesNotCountAsFailingTime() {
		List<Long> answeredAt = new CopyOnWriteArrayList<>();
		AtomicReference<Duration> failing = new AtomicReference<>(Duration.ZERO);
		this.broker.answering((event) -> {
			answeredAt.add(System.nanoTime());
			return switch (answeredAt.size()) {
				case 1, 8 -> Answer.RETRIABLE;
				case 9 -> Answer.ACCEPT;
				default -> Answer.UNAVAILABLE;
			};
		});
		this.harness.insert("a", "orders", "a0");
		this.harness.start(this.broker, this.harness.settings().retries((kind, attempts, failingFor) -> {
			failing.set(failingFor);
			return new RetryDecision.Retry(Duration.ofMillis(10));
		}));
		this.harness.awaitEmpty();
		assertThat(answeredAt).hasSize(9);
		Duration before = Duration.ofNanos(answeredAt.get(1) - answeredAt.get(0));
		Duration paused = Duration.ofNanos(answeredAt.get(7) - answeredAt.get(1));
		assertThat(failing.get()).isPositive().isLessThan(before.plus(paused.dividedBy(2)));
	}

}
