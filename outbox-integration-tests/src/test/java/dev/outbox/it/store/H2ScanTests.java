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

import java.sql.ResultSet;
import java.sql.Statement;

import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TransactionMode;
import dev.outbox.store.jdbc.h2.H2Dialect;
import dev.outbox.test.contract.LateRowsContract;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scans on H2.
 */
class H2ScanTests extends LateRowsContract {

	@RegisterExtension
	static H2Database database = H2Database.fresh();

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
	 * What tells a transaction that still runs from one that was rolled back.
	 */
	@Test
	void whoReadsUncommittedSeesRowsUntilTheyAreRolledBack() {
		H2Dialect dialect = new H2Dialect();
		try (JdbcTransaction open = this.harness.begin()) {
			open.insert("a", "1");
			assertThat(count(dialect.readUncommitted())).isOne();
			assertThat(count(dialect.snapshot())).isZero();
		}
		assertThat(count(dialect.readUncommitted())).isZero();
	}

	private static long count(TransactionMode mode) {
		return new JdbcWork(database.dataSource()).inTransaction(mode, (connection) -> {
			try (Statement statement = connection.createStatement();
					ResultSet row = statement.executeQuery("SELECT count(*) FROM outbox_event WHERE seq > 0")) {
				row.next();
				return row.getLong(1);
			}
		});
	}

}
