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

import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.fixtures.sqlite.SqliteDatabase;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.JdbcEventStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.Test;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What is written to SQLite is what is read.
 */
class SqliteEventWriterTests extends JdbcEventWriterContract {

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

	@Override
	protected void numbersOfTransactionsThatWriteByTurnsAscendInEachOfThem() {
	}

	@Override
	void aDeadlockIsReportedAsSpringDoes() {
	}

	/**
	 * It cannot go on: see the next one.
	 */
	@Override
	void whatWasClaimedAfterATransactionBeganIsNotOverlookedByIt() {
	}

	/**
	 * What has been read may not be true any more: the application repeats the
	 * transaction.
	 */
	@Test
	void aTransactionThatHasReadBeforeAnotherOneHasWrittenIsReportedAsSpringDoes() {
		DataSourceTransactionManager transactions = new DataSourceTransactionManager(database.dataSource());
		JdbcEventStore store = new JdbcEventStore(transactions.getDataSource(), this.harness.writer());
		JdbcTemplate jdbc = new JdbcTemplate(transactions.getDataSource());
		List<Runnable> writes = List.of(() -> store.append(List.of(DatabaseHarness.event("a", "1"))),
				() -> store.claim("once", UUID.randomUUID()));
		for (Runnable write : writes) {
			assertThatExceptionOfType(ConcurrencyFailureException.class)
				.isThrownBy(() -> new TransactionTemplate(transactions).executeWithoutResult((status) -> {
					jdbc.queryForList("SELECT * FROM outbox_event");
					this.harness.insert("b", "2");
					write.run();
				}));
		}
		assertThat(this.harness.scan().poll()).containsExactly("2", "2");
	}

	/**
	 * As documented: it waits for its turn when it begins, not when it writes.
	 */
	@Test
	void aTransactionThatBeginsAsAWriterMayReadFirst() {
		DataSource impatient = dataSource("busy_timeout=0");
		try (JdbcTransaction transaction = new JdbcTransaction(dataSource("transaction_mode=IMMEDIATE"), writer())) {
			transaction.sql("SELECT * FROM outbox_event");
			try (JdbcTransaction other = new JdbcTransaction(impatient, writer())) {
				assertThatIllegalStateException().isThrownBy(() -> other.insert("b", "2"))
					.withMessageContaining("SQLITE_BUSY");
			}
			transaction.insert("a", "1").commit();
		}
		this.harness.insert("b", "2");
		assertThat(this.harness.scan().poll()).containsExactly("1", "2");
	}

	private EventWriter writer() {
		return this.harness.writer();
	}

	/**
	 * The later one of two settings wins.
	 */
	private static DataSource dataSource(String setting) {
		return new DriverManagerDataSource(database.jdbcUrl() + '&' + setting);
	}

}
