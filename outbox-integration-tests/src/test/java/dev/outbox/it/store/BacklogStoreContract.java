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
import java.util.List;

import dev.outbox.Destination;
import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How much waits: on every database.
 */
abstract class BacklogStoreContract {

	private static final Destination INVOICES = new Destination("test", "invoices");

	private static final Destination OLD = new Destination("test", "old");

	abstract StoreHarness harness();

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
			transaction.schedule(List
				.of(StoreHarness.event(StoreHarness.ORDERS, "a", new byte[0], Instant.parse("2126-01-01T00:00:00Z"))));
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
	void eachDestinationIsCountedApart() {
		harness().insert("a", "1", "2");
		harness().insertTo(INVOICES, "b", "3");
		harness().makeOlder(1, Duration.ofHours(3));
		harness().makeOlder(2, Duration.ofHours(2));
		harness().makeOlder(3, Duration.ofHours(1));
		await().untilAsserted(() -> assertThat(backlog().measure(0).waiting()).isEqualTo(3));
		Backlog measured = backlog().measure(0);
		assertThat(measured.exact()).isTrue();
		assertThat(measured.destinations()).containsOnlyKeys(StoreHarness.ORDERS, INVOICES);
		assertThat(measured.destinations().get(StoreHarness.ORDERS))
			.satisfies((orders) -> assertThat(orders.events()).isEqualTo(2))
			.satisfies((orders) -> assertThat(orders.oldest()).isGreaterThan(Duration.ofMinutes(179)));
		assertThat(measured.destinations().get(INVOICES)).satisfies((invoices) -> assertThat(invoices.events()).isOne())
			.satisfies((invoices) -> assertThat(invoices.oldest()).isBetween(Duration.ofMinutes(59),
					Duration.ofMinutes(65)));
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
		assertThat(measured.destinations()).containsOnlyKeys(StoreHarness.ORDERS, OLD, INVOICES);
		assertThat(measured.destinations().get(StoreHarness.ORDERS).events()).isBetween(11_990L, 12_002L);
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
