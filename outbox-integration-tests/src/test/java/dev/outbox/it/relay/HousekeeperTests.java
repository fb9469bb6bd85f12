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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.relay.Housekeeper;
import dev.outbox.store.ArchivePartition;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

class HousekeeperTests {

	private static final TableNames TABLES = new TableNames(null, "outbox_");

	private static final Duration INTERVAL = Duration.ofMillis(20);

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private final AtomicInteger failures = new AtomicInteger();

	private HousekeepingStore store;

	@BeforeEach
	void fill() {
		PostgresDialect dialect = new PostgresDialect();
		new OutboxSchema(dialect, database.dataSource(), TABLES).create();
		HousekeepingStore real = dialect.housekeepingStore(database.dataSource(), TABLES);
		this.store = (what, retention, limit) -> {
			assertThat(limit).isEqualTo(10);
			if (this.failures.getAndDecrement() > 0) {
				throw new IllegalStateException("told to fail");
			}
			return real.removeExpired(what, retention, limit);
		};
		database.sql("TRUNCATE outbox_idempotency", """
				INSERT INTO outbox_idempotency (idempotency_key, id, created_at)
				SELECT n, gen_random_uuid(), now() - interval '1 hour' FROM generate_series(1, 100) n""");
	}

	@Test
	void removesPortionAfterPortionUntilNothingIsLeftAndGoesOn() {
		try (Housekeeper housekeeper = new Housekeeper(this.store, Map.of(Kept.IDEMPOTENCY_KEY, Duration.ofMinutes(1)),
				INTERVAL, 10, 100_000, ArchivePartition.NONE)) {
			housekeeper.start();
			awaitKeys(0);
			database.sql("INSERT INTO outbox_idempotency VALUES ('old', gen_random_uuid(), now() - interval '1 hour'),"
					+ " ('new', gen_random_uuid(), now())");
			awaitKeys(1);
		}
		assertThat(database.value("SELECT idempotency_key FROM outbox_idempotency")).isEqualTo("new");
	}

	@Test
	void survivesFailures() {
		this.failures.set(2);
		try (Housekeeper housekeeper = new Housekeeper(this.store, Map.of(Kept.IDEMPOTENCY_KEY, Duration.ofMinutes(1)),
				INTERVAL, 10, 100_000, ArchivePartition.NONE)) {
			housekeeper.start();
			awaitKeys(0);
		}
	}

	@Test
	void whatHasNoRetentionIsKept() {
		AtomicInteger asked = new AtomicInteger();
		HousekeepingStore counting = (what, retention, limit) -> {
			assertThat(what).isEqualTo(Kept.DEAD_LETTER);
			asked.incrementAndGet();
			return 0;
		};
		try (Housekeeper housekeeper = new Housekeeper(counting, Map.of(Kept.DEAD_LETTER, Duration.ofMinutes(1)),
				INTERVAL, 10, 100_000, ArchivePartition.NONE)) {
			housekeeper.start();
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> asked.get() > 2);
		}
		assertThat(database.number("SELECT count(*) FROM outbox_idempotency")).isEqualTo(100);
	}

	private static void awaitKeys(int count) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> database.number("SELECT count(*) FROM outbox_idempotency") == count);
	}

}
