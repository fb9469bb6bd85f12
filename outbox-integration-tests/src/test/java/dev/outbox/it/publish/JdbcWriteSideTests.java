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

package dev.outbox.it.publish;

import dev.outbox.TransactionRequiredException;
import dev.outbox.TransactionRequiredException.Reason;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.publish.Events.OrderPlaced;
import dev.outbox.publish.TransactionalOutboxPublisher;
import dev.outbox.store.jdbc.JdbcStoreTransactions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The write side beside plain JDBC.
 */
class JdbcWriteSideTests extends WriteSideContract {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private static JdbcWriteSide side;

	private static DataSourceTransactionManager manager;

	private static TransactionalOutboxPublisher publisher;

	private static TransactionalOutboxPublisher ownPublisher;

	@BeforeAll
	static void start() {
		JdbcWriteSide.createTables(database);
		side = new JdbcWriteSide(database, true, TRACED);
		manager = new DataSourceTransactionManager(side.dataSource);
		JdbcStoreTransactions transactions = JdbcWriteSide.watch(side.dataSource, manager);
		publisher = side.publisher(transactions, null);
		ownPublisher = side.publisher(transactions, manager);
	}

	@AfterAll
	static void stop() {
		side.close();
	}

	@Override
	WriteSide side() {
		return side;
	}

	@Override
	AbstractPlatformTransactionManager manager() {
		return manager;
	}

	@Override
	TransactionalOutboxPublisher publisher() {
		return publisher;
	}

	@Override
	TransactionalOutboxPublisher ownPublisher() {
		return ownPublisher;
	}

	@Override
	void saveOrder(String id) {
		side.sql.sql("INSERT INTO orders (id) VALUES (?)").param(id).update();
	}

	// T2

	@Test
	void anInnerRollbackRemovesOnlyTheInnerEvent() {
		TransactionTemplate nested = transaction();
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		transaction().executeWithoutResult((status) -> {
			place("o-1");
			nested.executeWithoutResult((inner) -> {
				place("o-2");
				inner.setRollbackOnly();
			});
			nested.executeWithoutResult((inner) -> place("o-3"));
			place("o-4");
		});
		assertThat(side.keys()).containsExactly("o-1", "o-3", "o-4");
		assertThat(side.orders()).containsExactly("o-1", "o-3", "o-4");
	}

	/**
	 * Trap 10: under another resource's transaction the connection looks as if it were in
	 * a transaction, even to a pool that hands out connections without auto-commit, but
	 * the business rows would survive a rollback.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aTransactionOfAnotherResourceIsRefused(boolean autoCommit) {
		try (JdbcWriteSide own = new JdbcWriteSide(database, autoCommit, TRACED);
				JdbcWriteSide other = new JdbcWriteSide(database, true, TRACED)) {
			DataSourceTransactionManager right = new DataSourceTransactionManager(own.dataSource);
			DataSourceTransactionManager foreign = new DataSourceTransactionManager(other.dataSource);
			TransactionalOutboxPublisher guarded = own.publisher(JdbcWriteSide.watch(own.dataSource, right, foreign),
					right);
			new TransactionTemplate(foreign).executeWithoutResult((status) -> {
				DataSourceUtils.getConnection(own.dataSource);
				assertThatExceptionOfType(TransactionRequiredException.class)
					.isThrownBy(() -> guarded.publish(new OrderPlaced("a")))
					.extracting(TransactionRequiredException::reason)
					.isEqualTo(Reason.FOREIGN);
			});
			new TransactionTemplate(right).executeWithoutResult((status) -> guarded.publish(new OrderPlaced("b")));
		}
		assertThat(side.keys()).containsExactly("b");
	}

	@Test
	void aTransactionInsideOfAForeignOneIsFine() {
		try (JdbcWriteSide other = new JdbcWriteSide(database, true, TRACED)) {
			DataSourceTransactionManager foreign = new DataSourceTransactionManager(other.dataSource);
			new TransactionTemplate(foreign).executeWithoutResult((status) -> {
				transaction().executeWithoutResult((inner) -> place("o-1"));
				status.setRollbackOnly();
			});
		}
		assertThat(side.keys()).containsExactly("o-1");
	}

}
