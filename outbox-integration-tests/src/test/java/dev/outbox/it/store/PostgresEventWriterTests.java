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

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.jdbc.JdbcEventStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is written to PostgreSQL is what is read.
 */
class PostgresEventWriterTests extends JdbcEventWriterContract {

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
	 * Rule 4: a row carries the number of the transaction that wrote it, also inside a
	 * savepoint.
	 */
	@Test
	void aRowCarriesTheNumberOfItsTransaction() {
		try (JdbcTransaction transaction = this.harness.begin()) {
			transaction.insert("a", "1").sql("SAVEPOINT s").insert("a", "2");
			transaction.sql("CREATE TABLE number_of AS SELECT pg_current_xact_id()::text AS xid");
			transaction.commit();
		}
		assertThat(database.number("SELECT count(*) FROM outbox_event e JOIN number_of n ON e.xid::text = n.xid"))
			.isEqualTo(2);
		database.sql("DROP TABLE number_of");
	}

	/**
	 * Applications repeat such transactions by the type of the exception.
	 */
	@Test
	void aTransactionThatTheServerEndsIsReportedAsSpringDoes() {
		DataSourceTransactionManager transactions = new DataSourceTransactionManager(database.dataSource());
		JdbcEventStore store = new JdbcEventStore(transactions.getDataSource(), this.harness.writer());
		TransactionTemplate serializable = new TransactionTemplate(transactions);
		serializable.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
		database.sql("INSERT INTO outbox_idempotency VALUES ('once', gen_random_uuid(), now() - interval '8 days')");
		assertThatExceptionOfType(ConcurrencyFailureException.class)
			.isThrownBy(() -> serializable.executeWithoutResult((status) -> {
				new JdbcTemplate(transactions.getDataSource()).queryForList("SELECT 1");
				database.sql("UPDATE outbox_idempotency SET created_at = created_at - interval '1 day'");
				store.claim("once", UUID.randomUUID());
			}));
	}

	/**
	 * The server describes a row that it refuses by all its values.
	 */
	@Test
	void whatTheServerSaysOfARefusedRowIsLeftOut() {
		try (JdbcTransaction transaction = this.harness.begin()) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> transaction.insert("", "secret"))
				.satisfies((ex) -> assertThat(ex.getCause()).hasNoCause().hasMessageNotContaining("Failing row"));
		}
	}

}
