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

import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.StoreTransactions.State;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jdbc.JdbcStoreTransactions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Which transactions are the outbox's own.
 */
class JdbcStoreTransactionsTests {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private JdbcStoreHarness harness;

	private HikariDataSource pool;

	@BeforeEach
	void openPool() {
		this.harness = new JdbcStoreHarness(database);
		this.pool = pool(true);
	}

	@AfterEach
	void closePool() {
		this.pool.close();
	}

	@Test
	void thereIsNoTransactionOutsideOfOne() {
		JdbcStoreTransactions transactions = new JdbcStoreTransactions(this.pool);
		assertThat(transactions.state()).isEqualTo(State.NONE);
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void ourOwnTransactionIsRecognisedHoweverConnectionsAreFetched(Kind kind) {
		DataSource dataSource = kind.of(this.pool);
		JdbcStoreTransactions transactions = new JdbcStoreTransactions(dataSource);
		DataSourceTransactionManager manager = manager(dataSource, transactions);
		JdbcEventStore store = new JdbcEventStore(dataSource, this.harness.writer());
		List<State> states = new ArrayList<>();
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
			states.add(transactions.state());
			store.append(List.of(DatabaseHarness.event("a", "1")));
			new TransactionTemplate(manager, requiresNew()).executeWithoutResult((inner) -> {
				states.add(transactions.state());
				store.append(List.of(DatabaseHarness.event("a", "2")));
				inner.setRollbackOnly();
			});
			states.add(transactions.state());
		});
		assertThat(states).containsOnly(State.ACTIVE);
		assertThat(transactions.state()).isEqualTo(State.NONE);
		assertThat(this.harness.scan().poll()).containsExactly("1");
	}

	@Test
	void aReadOnlyTransactionIsRecognised() {
		JdbcStoreTransactions transactions = new JdbcStoreTransactions(this.pool);
		TransactionTemplate readOnly = new TransactionTemplate(manager(this.pool, transactions));
		readOnly.setReadOnly(true);
		assertThat(readOnly.<State>execute((status) -> transactions.state())).isEqualTo(State.READ_ONLY);
	}

	/**
	 * The transaction of another resource, under which also our connection is bound and
	 * looks transactional, most of all with auto-commit off.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theTransactionOfAnotherResourceIsNotOurs(boolean autoCommit) {
		try (HikariDataSource ours = pool(autoCommit)) {
			JdbcStoreTransactions transactions = new JdbcStoreTransactions(ours);
			manager(ours, transactions);
			DataSourceTransactionManager other = manager(this.pool, transactions);
			new TransactionTemplate(other).executeWithoutResult((status) -> {
				assertThat(transactions.state()).isEqualTo(State.FOREIGN);
				DataSourceUtils.getConnection(ours);
				assertThat(TransactionSynchronizationManager.hasResource(ours)).isTrue();
				assertThat(transactions.state()).isEqualTo(State.FOREIGN);
			});
		}
	}

	/**
	 * A manager that does not tell when it begins is not trusted.
	 */
	@Test
	void aTransactionOfAManagerWithoutTheListenerIsForeign() {
		JdbcStoreTransactions transactions = new JdbcStoreTransactions(this.pool);
		TransactionTemplate template = new TransactionTemplate(new DataSourceTransactionManager(this.pool));
		assertThat(template.<State>execute((status) -> transactions.state())).isEqualTo(State.FOREIGN);
	}

	@Test
	void callbacksSeeTheEndOfTheTransaction() {
		JdbcStoreTransactions transactions = new JdbcStoreTransactions(this.pool);
		TransactionTemplate template = new TransactionTemplate(manager(this.pool, transactions));
		List<String> seen = new ArrayList<>();
		for (boolean rollback : List.of(false, true)) {
			template.executeWithoutResult((status) -> {
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCommit(boolean readOnly) {
						seen.add("before commit " + transactions.state());
					}

					@Override
					public void beforeCompletion() {
						seen.add("before completion " + transactions.state());
					}

					@Override
					public void afterCommit() {
						seen.add("after commit " + transactions.state());
					}

					@Override
					public void afterCompletion(int completion) {
						seen.add("after completion " + transactions.state());
					}

				});
				if (rollback) {
					status.setRollbackOnly();
				}
			});
		}
		assertThat(seen).containsExactly("before commit ACTIVE", "before completion ACTIVE", "after commit ENDED",
				"after completion ENDED", "before completion ACTIVE", "after completion ENDED");
	}

	@Test
	void aCheckThatFailsWhenAllCallbacksHaveRunRollsBack() {
		JdbcStoreTransactions transactions = new JdbcStoreTransactions(this.pool);
		TransactionTemplate template = new TransactionTemplate(manager(this.pool, transactions));
		JdbcTemplate jdbc = new JdbcTemplate(this.pool);
		List<String> seen = new ArrayList<>();
		assertThatIllegalStateException().isThrownBy(() -> template.executeWithoutResult((status) -> {
			jdbc.execute("CREATE TABLE checked (id integer)");
			transactions.checkBeforeCommit(() -> {
				seen.add("check");
				throw new IllegalStateException("no");
			});
			transactions.checkBeforeCommit(() -> seen.add("another one"));
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					seen.add("callback");
				}

				@Override
				public void afterCompletion(int completion) {
					seen.add((completion == STATUS_ROLLED_BACK) ? "rolled back" : "committed");
				}

			});
		})).withMessage("no");
		assertThat(seen).containsExactly("callback", "check", "rolled back");
		template.executeWithoutResult((status) -> jdbc.execute("CREATE TABLE checked (id integer)"));
	}

	@Test
	void aTransactionGoesOnAfterASavepoint() {
		JdbcStoreTransactions transactions = new JdbcStoreTransactions(this.pool);
		PlatformTransactionManager manager = manager(this.pool, transactions);
		TransactionTemplate nested = new TransactionTemplate(manager);
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
			nested.executeWithoutResult((inner) -> assertThat(transactions.state()).isEqualTo(State.ACTIVE));
			assertThat(transactions.state()).isEqualTo(State.ACTIVE);
			nested.executeWithoutResult((inner) -> inner.setRollbackOnly());
			assertThat(transactions.state()).isEqualTo(State.ACTIVE);
		});
	}

	private static DataSourceTransactionManager manager(DataSource dataSource, JdbcStoreTransactions transactions) {
		DataSourceTransactionManager manager = new DataSourceTransactionManager(dataSource);
		manager.addListener(transactions);
		return manager;
	}

	private static TransactionDefinition requiresNew() {
		return new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
	}

	private static HikariDataSource pool(boolean autoCommit) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(database.jdbcUrl());
		config.setUsername(database.user());
		config.setPassword(database.password());
		config.setMaximumPoolSize(3);
		config.setAutoCommit(autoCommit);
		return new HikariDataSource(config);
	}

	/**
	 * What an application's data source may look like.
	 */
	enum Kind {

		PLAIN {

			@Override
			DataSource of(DataSource pool) {
				return pool;
			}

		},

		LAZY {

			@Override
			DataSource of(DataSource pool) {
				return new LazyConnectionDataSourceProxy(pool);
			}

		},

		TRANSACTION_AWARE {

			@Override
			DataSource of(DataSource pool) {
				return new TransactionAwareDataSourceProxy(pool);
			}

		};

		abstract DataSource of(DataSource pool);

	}

}
