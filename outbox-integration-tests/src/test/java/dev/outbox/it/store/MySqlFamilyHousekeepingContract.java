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

import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.test.contract.Transaction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Cleanup of what only MySQL and MariaDB have.
 */
abstract class MySqlFamilyHousekeepingContract extends DatabaseHousekeepingStoreContract {

	@Override
	protected abstract JdbcStoreHarness harness();

	@Override
	Transaction lock() {
		return harness().begin().sql("SELECT value FROM outbox_setting WHERE name = 'lock.housekeeping' FOR UPDATE");
	}

	@Test
	void claimsOfOpenTransactionsDoNotHoldUpTheCleanup() throws SQLException {
		for (int i = 0; i < 60; i++) {
			harness().database()
				.update("INSERT INTO outbox_idempotency (idempotency_key, id, created_at)"
						+ " VALUES (?, RANDOM_BYTES(16), UTC_TIMESTAMP(6) - INTERVAL 9 DAY)", "old " + i);
		}
		try (JdbcTransaction open = harness().begin()) {
			harness().writer().claim(open.connection(), "new", UUID.randomUUID());
			assertThat(harness().dialect()
				.housekeepingStore(harness().impatient(), JdbcStoreHarness.TABLES)
				.removeExpired(Kept.IDEMPOTENCY_KEY, Duration.ofDays(7), 100)).isEqualTo(60);
		}
	}

	/**
	 * What came back to a place that scans have passed is remembered for as long as it
	 * waits.
	 */
	@Test
	void whatCameBackIsForgottenOnceItIsGone() {
		fill();
		long waits = harness().database().number("SELECT seq FROM outbox_event");
		harness().database()
			.update("INSERT INTO outbox_returned (seq, returned_at) VALUES (?, UTC_TIMESTAMP(6) - INTERVAL 2 HOUR),"
					+ " (?, UTC_TIMESTAMP(6) - INTERVAL 2 HOUR), (?, UTC_TIMESTAMP(6))", waits, waits + 1, waits + 2);
		harness().dialect()
			.housekeepingStore(harness().database().dataSource(), JdbcStoreHarness.TABLES)
			.removeExpired(Kept.ARCHIVED_EVENT, Duration.ofDays(1), 1);
		assertThat(harness().database().query("SELECT seq FROM outbox_returned ORDER BY seq"))
			.extracting((row) -> row.get("seq"))
			.containsExactly(waits, waits + 2);
	}

}
