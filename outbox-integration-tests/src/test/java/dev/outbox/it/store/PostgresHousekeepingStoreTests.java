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

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Trap 13: a cleanup that deletes nothing, that deletes what has failed too, or that
 * deletes everything in one transaction.
 */
class PostgresHousekeepingStoreTests {

	private static final Duration DAY = Duration.ofDays(1);

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private HousekeepingStore housekeeping;

	@BeforeEach
	void fill() {
		StoreHarness harness = new StoreHarness(database);
		this.housekeeping = harness.dialect().housekeepingStore(database.dataSource(), StoreHarness.TABLES);
		String columns = """
				id, part, event_key, event_type, event_version, transport, destination, content_type, payload,
				created_at""";
		String values = """
				gen_random_uuid(), 1, n, 'test', 1, 'test', 'orders', 'text/plain', '', now() - interval '9 days'""";
		String rows = " FROM generate_series(1, 5) n";
		database.sql(
				"INSERT INTO outbox_idempotency (idempotency_key, id, created_at)"
						+ " SELECT n, gen_random_uuid(), now() - n * interval '10 hours'" + rows,
				"INSERT INTO outbox_archive (" + columns + ", seq, archived_at) SELECT " + values
						+ ", n, now() - n * interval '10 hours'" + rows,
				"INSERT INTO outbox_dead_letter (" + columns + ", seq, attempts, died_at, error, blocks_key) SELECT "
						+ values + ", n, 10, now() - n * interval '10 hours', 'refused', n = 4" + rows,
				"INSERT INTO outbox_event (" + columns + ", attempts, first_failed_at) SELECT " + values
						+ ", 9, now() - interval '9 days' FROM generate_series(1, 1) n",
				"INSERT INTO outbox_scheduled (" + columns + ", deliver_at) SELECT " + values
						+ ", now() + interval '1 day' FROM generate_series(1, 1) n");
	}

	@ParameterizedTest
	@EnumSource
	void whatHasBeenKeptLongEnoughGoesInPortionsTheOldestFirst(Kept what) {
		int expired = (what == Kept.DEAD_LETTER) ? 2 : 3;
		assertThat(this.housekeeping.removeExpired(what, DAY, 1)).isEqualTo(1);
		assertThat(rest(what)).isEqualTo("1,2,3,4");
		assertThat(this.housekeeping.removeExpired(what, DAY, 100)).isEqualTo(expired - 1);
		assertThat(this.housekeeping.removeExpired(what, DAY, 100)).isZero();
		assertThat(rest(what)).isEqualTo((what == Kept.DEAD_LETTER) ? "1,2,4" : "1,2");
	}

	@Test
	void whatWaitsIsNeverRemoved() {
		for (Kept what : Kept.values()) {
			this.housekeeping.removeExpired(what, Duration.ofMillis(1), 100);
		}
		assertThat(database.number("SELECT count(*) FROM outbox_event")).isEqualTo(1);
		assertThat(database.number("SELECT count(*) FROM outbox_scheduled")).isEqualTo(1);
	}

	@Test
	void whileOneInstanceIsAtItTheOthersLeaveItAlone() throws SQLException {
		try (Connection other = database.dataSource().getConnection(); Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SELECT pg_advisory_xact_lock(" + StoreHarness.TABLES.lock("housekeeping") + ")");
			assertThat(this.housekeeping.removeExpired(Kept.ARCHIVED_EVENT, DAY, 100)).isZero();
			other.rollback();
		}
		assertThat(this.housekeeping.removeExpired(Kept.ARCHIVED_EVENT, DAY, 100)).isEqualTo(3);
	}

	private static Object rest(Kept what) {
		return database.value(switch (what) {
			case IDEMPOTENCY_KEY -> "SELECT string_agg(idempotency_key, ',' ORDER BY 1) FROM outbox_idempotency";
			case ARCHIVED_EVENT -> "SELECT string_agg(event_key, ',' ORDER BY seq) FROM outbox_archive";
			case DEAD_LETTER -> "SELECT string_agg(event_key, ',' ORDER BY seq) FROM outbox_dead_letter";
		});
	}

}
