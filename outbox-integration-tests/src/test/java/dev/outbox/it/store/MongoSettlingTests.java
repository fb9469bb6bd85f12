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

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.store.RelayStore.DueMove;
import dev.outbox.store.StoredEvent;
import dev.outbox.test.contract.Scan;
import dev.outbox.test.contract.Transaction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of events in MongoDB.
 */
class MongoSettlingTests extends DatabaseSettlingContract {

	@RegisterExtension
	static MongoTestDatabase database = MongoTestDatabase.fresh();

	private MongoStoreHarness harness;

	@BeforeEach
	void empty() {
		this.harness = new MongoStoreHarness(database);
	}

	@Override
	protected MongoStoreHarness harness() {
		return this.harness;
	}

	/**
	 * Trap 9: ids that are made of the time are not unique, and too many are marked.
	 */
	@Test
	void trap9OfManyEventsOfOneSecondExactlyThoseThatWereSentGo() {
		try (Transaction transaction = this.harness.begin()) {
			transaction.insertMany(500, "a");
			transaction.commit();
		}
		List<StoredEvent> events = this.harness.scan().step(Long.MAX_VALUE, 500, Long.MAX_VALUE).events();
		assertThat(events.stream().map((event) -> event.event().id()).distinct()).hasSize(500);
		this.harness.relay()
			.settle(events.stream().filter((event) -> event.seq() % 2 == 0).map(StoredEvent::ref).toList());
		assertThat(this.harness.scan().drain(100)).containsExactlyElementsOf(
				events.stream().filter((event) -> event.seq() % 2 != 0).map(Scan::payload).toList());
	}

	/**
	 * Asking at once would ask again and again, until the heartbeat.
	 */
	@Test
	void whoHasLostAPartitionDoesNotAskForItsDueEventsAtOnce() {
		try (Transaction transaction = this.harness.begin()) {
			transaction.schedule(List
				.of(DatabaseHarness.event(DatabaseHarness.ORDERS, "a", new byte[0], Instant.now().minusSeconds(1))));
			transaction.commit();
		}
		this.harness.claim("a");
		DueMove move = this.harness.relay()
			.moveDue(UUID.randomUUID(), "test", List.of(DatabaseHarness.partition("a")), 10);
		assertThat(move.moved()).isZero();
		assertThat(move.nextIn()).isPositive();
	}

}
