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
import dev.outbox.test.contract.LateRowsContract;
import dev.outbox.test.contract.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scans on PostgreSQL, and what they cost.
 */
class PostgresScanTests extends LateRowsContract {

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
	 * Late rows beyond the limits are read in chunks, in order, before any row of the
	 * tail; what commits meanwhile, before or behind the chunks, is found by the next
	 * pass.
	 */
	@Test
	void aLateBulkTransactionIsReadInChunksBeforeTheTail() {
		Scan scan = this.harness.scan();
		try (JdbcTransaction first = this.harness.begin().insert("a", "first");
				JdbcTransaction bulk = this.harness.begin().insertMany(2500, "bulk")) {
			this.harness.insert("b", "fast");
			assertThat(scan.poll()).containsExactly("fast");
			bulk.commit();
			this.harness.insert("b", "tail");
			List<String> all = new ArrayList<>(scan.poll());
			assertThat(all).hasSize(1000).doesNotContain("tail");
			first.commit();
			this.harness.insert("b", "tail 2");
			all.addAll(scan.poll());
			assertThat(all).hasSize(2000).doesNotContain("tail", "tail 2", "first");
			all.addAll(scan.poll());
			assertThat(all).containsExactlyElementsOf(IntStream.range(0, 2500).mapToObj((i) -> "bulk-" + i).toList());
			// The pass began before it was committed, and had passed its place.
			assertThat(scan.poll()).containsExactly("first", "tail", "tail 2");
		}
	}

	/**
	 * A pass over late rows, here in twenty chunks, does not look at all of them for each
	 * chunk.
	 */
	@Test
	void aLatePassDoesNotLookAtAllItsRowsForEachChunk() {
		Scan scan = this.harness.scan();
		try (JdbcTransaction bulk = this.harness.begin().insertMany(60_000, "bulk")) {
			this.harness.insert("b", "fast");
			assertThat(scan.poll()).containsExactly("fast");
			bulk.commit();
		}
		this.harness.insert("b", "tail");
		database.sql("ANALYZE outbox_event", "SELECT pg_stat_force_next_flush()");
		long before = readRows();
		List<String> all = new ArrayList<>(scan.poll(3000));
		all.addAll(scan.poll(3000));
		database.sql("DELETE FROM outbox_event WHERE convert_from(payload, 'UTF8') IN ('bulk-6000', 'bulk-9000')");
		all.addAll(scan.drain(3000));
		List<String> expected = IntStream.range(0, 60_000)
			.filter((i) -> i != 6000 && i != 9000)
			.mapToObj((i) -> "bulk-" + i)
			.collect(Collectors.toCollection(ArrayList::new));
		expected.add("tail");
		assertThat(all).isEqualTo(expected);
		assertThat(readRows() - before).isLessThan(10 * 60_000);
	}

	/**
	 * Rule 6: a poll beside a large transaction that has not ended does not look at its
	 * rows.
	 */
	@Test
	void rowsOfATransactionThatIsStillRunningAreNotLookedAt() {
		this.harness.insert("a", "1");
		Scan scan = this.harness.scan();
		try (JdbcTransaction bulk = this.harness.begin().insertMany(50_000, "bulk")) {
			this.harness.insert("a", "2");
			assertThat(scan.poll()).containsExactly("1", "2");
			assertThat(scan.poll()).isEmpty();
			database.sql("SELECT pg_stat_force_next_flush()");
			long before = readRows();
			for (int i = 0; i < 5; i++) {
				assertThat(scan.poll()).isEmpty();
			}
			assertThat(readRows() - before).isLessThan(50_000);
			bulk.commit();
		}
		assertThat(scan.drain(1000)).hasSize(50_000);
	}

	private static long readRows() {
		return database.number("SELECT idx_tup_read FROM pg_stat_user_indexes WHERE indexrelname = 'outbox_event_xid'");
	}

}
