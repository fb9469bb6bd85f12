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

import java.util.UUID;

import dev.outbox.fixtures.mariadb.MariaDbDatabase;
import dev.outbox.store.jdbc.JdbcEventStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is written to MariaDB is what is read.
 */
class MariaDbEventWriterTests extends MySqlFamilyEventWriterContract {

	@RegisterExtension
	static MariaDbDatabase database = MariaDbDatabase.fresh();

	private JdbcStoreHarness harness;

	@BeforeEach
	void empty() {
		this.harness = new JdbcStoreHarness(database);
	}

	@Override
	protected JdbcStoreHarness harness() {
		return this.harness;
	}

	@Test
	void anotherDialectOfTheServerChangesNoValue() {
		noModeOfASessionChangesAValue("ORACLE");
	}

	/**
	 * Newer servers keep a transaction from what has changed since its snapshot, unless
	 * told otherwise: the application repeats it.
	 */
	@Test
	void whatASnapshotForbidsToSeeIsReportedAsSpringDoes() {
		DataSourceTransactionManager transactions = new DataSourceTransactionManager(database.dataSource());
		JdbcEventStore store = new JdbcEventStore(transactions.getDataSource(), this.harness.writer());
		JdbcTemplate jdbc = new JdbcTemplate(transactions.getDataSource());
		assertThatExceptionOfType(ConcurrencyFailureException.class)
			.isThrownBy(() -> new TransactionTemplate(transactions).executeWithoutResult((status) -> {
				jdbc.execute("SET innodb_snapshot_isolation = ON");
				jdbc.queryForList("SELECT * FROM outbox_idempotency");
				try (JdbcTransaction other = this.harness.begin()) {
					assertThat(claim(other, "once", UUID.randomUUID())).isEmpty();
					other.commit();
				}
				store.claim("once", UUID.randomUUID());
			}));
	}

}
