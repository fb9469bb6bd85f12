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
import java.util.List;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.store.StoreHarness.Transaction;
import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.EventRef;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How much waits.
 */
class PostgresBacklogStoreTests {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private StoreHarness harness;

	private BacklogStore backlog;

	@BeforeEach
	void empty() {
		this.harness = new StoreHarness(database);
		this.backlog = this.harness.dialect().backlogStore(database.dataSource(), StoreHarness.TABLES);
	}

	@Test
	void anEmptyOutboxHasNoBacklog() {
		Backlog measured = this.backlog.measure(0);
		assertThat(measured.waiting()).isZero();
		assertThat(measured.oldest()).isZero();
	}

	@Test
	void theOldestEventIsFoundFromANumberOn() {
		this.harness.insert("a", "1", "2");
		database.sql("UPDATE outbox_event SET created_at = clock_timestamp() - interval '3 hours' WHERE seq = 1",
				"UPDATE outbox_event SET created_at = clock_timestamp() - interval '1 hour' WHERE seq = 2");
		assertThat(this.backlog.measure(0).oldest()).isBetween(Duration.ofMinutes(179), Duration.ofMinutes(185));
		assertThat(this.backlog.measure(2).oldest()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(65));
		assertThat(this.backlog.measure(2).waiting()).isOne();
		assertThat(this.backlog.measure(3).waiting()).isZero();
	}

	@Test
	void theEstimateFollowsTheTable() {
		try (Transaction transaction = this.harness.begin().insertMany(5000, "a")) {
			transaction.commit();
		}
		await().untilAsserted(() -> assertThat(this.backlog.measure(0).waiting()).isEqualTo(5000));
		List<EventRef> rows = this.harness.scan()
			.step(Long.MAX_VALUE, 4000, Long.MAX_VALUE)
			.events()
			.stream()
			.map(StoredEvent::ref)
			.toList();
		this.harness.relay().settle(rows);
		await().untilAsserted(() -> assertThat(this.backlog.measure(0).waiting()).isEqualTo(1000));
	}

	/**
	 * Statistics are lost in a crash: then the distance of the numbers is reported, which
	 * is never too low.
	 */
	@Test
	void withoutStatisticsNothingIsOverlooked() {
		this.harness.insert("a", "1", "2", "3");
		database.sql("SELECT pg_stat_reset()");
		assertThat(this.backlog.measure(0).waiting()).isEqualTo(3);
	}

}
