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

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.LeaseStore.TakenPartition;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Leases on PostgreSQL.
 */
class PostgresLeaseStoreTests extends DatabaseLeaseStoreContract {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private JdbcStoreHarness harness;

	@BeforeEach
	void empty() {
		this.harness = new JdbcStoreHarness(database);
	}

	@Override
	protected JdbcStoreHarness harness() {
		return this.harness;
	}

	/**
	 * Rule 12: of two instances that take at the same time, the second does not take what
	 * the first has just taken, however the server repeats its checks.
	 */
	@Test
	void instancesThatTakeAtTheSameTimeNeverShareAPartition() throws Exception {
		UUID first = join("kafka");
		UUID second = join("kafka");
		CompletableFuture<List<TakenPartition>> waiting;
		try (Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("SELECT pg_advisory_xact_lock(" + JdbcStoreHarness.TABLES.lock("partitions") + ')');
			statement.execute("UPDATE outbox_partition SET owner = '" + first + "', epoch = epoch + 1 WHERE part < 40");
			waiting = CompletableFuture.supplyAsync(() -> this.harness.leases().take(second, "kafka", 64));
			await().until(() -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
			connection.commit();
		}
		assertThat(waiting.get()).extracting(TakenPartition::part)
			.containsExactlyInAnyOrderElementsOf(IntStream.range(40, 64).boxed().toList());
		assertThat(this.harness.leases().observe(first).owned().get("kafka")).hasSize(40);
	}

}
