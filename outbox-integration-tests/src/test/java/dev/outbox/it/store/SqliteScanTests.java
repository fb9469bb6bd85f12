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

import dev.outbox.fixtures.sqlite.SqliteDatabase;
import dev.outbox.test.contract.Scan;
import dev.outbox.test.contract.ScanContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scans on SQLite.
 */
class SqliteScanTests extends ScanContract {

	@RegisterExtension
	static SqliteDatabase database = SqliteDatabase.fresh();

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
	 * The number of a transaction that was rolled back is given to the next one: nobody
	 * has seen it.
	 */
	@Test
	void aNumberThatWasRolledBackIsNotPassed() {
		Scan scan = this.harness.scan();
		try (JdbcTransaction open = this.harness.begin()) {
			open.insert("a", "never");
			assertThat(scan.poll()).isEmpty();
		}
		this.harness.insert("a", "1");
		this.harness.begin().insertMany(10, "never").close();
		this.harness.insert("a", "2");
		assertThat(scan.poll()).containsExactly("1", "2");
		assertThat(database.number("SELECT max(seq) FROM outbox_event")).isEqualTo(2);
	}

	/**
	 * Who reads keeps nobody off, nor is kept off.
	 */
	@Test
	void aReadGoesOnWhileATransactionWrites() {
		Scan scan = this.harness.scan();
		this.harness.insert("a", "1");
		try (JdbcTransaction open = this.harness.begin().insert("a", "2")) {
			assertThat(scan.poll()).containsExactly("1");
			open.insert("a", "3").commit();
		}
		assertThat(scan.poll()).containsExactly("2", "3");
	}

}
