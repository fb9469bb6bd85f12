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
import java.util.Map;

import javax.sql.DataSource;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.StoreTransactions.State;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jdbc.JdbcStoreTransactions;
import dev.outbox.store.jpa.JpaStoreTransactions;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Events beside entities.
 */
class JpaStoreTransactionsTests {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private final DataSource dataSource = database.dataSource();

	private JdbcStoreHarness harness;

	private EntityManagerFactory factory;

	private JpaStoreTransactions transactions;

	private TransactionTemplate template;

	@BeforeEach
	void createFactory() {
		this.harness = new JdbcStoreHarness(database);
		LocalContainerEntityManagerFactoryBean bean = new LocalContainerEntityManagerFactoryBean();
		bean.setDataSource(this.dataSource);
		bean.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		bean.setManagedTypes(PersistenceManagedTypes.of(Thing.class.getName()));
		bean.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "create"));
		bean.afterPropertiesSet();
		this.factory = bean.getObject();
		JpaTransactionManager manager = new JpaTransactionManager(this.factory);
		JdbcStoreTransactions jdbc = new JdbcStoreTransactions(this.dataSource);
		manager.addListener(jdbc);
		manager.afterPropertiesSet();
		this.transactions = new JpaStoreTransactions(jdbc, () -> List.of(this.factory));
		this.template = new TransactionTemplate(manager);
	}

	@AfterEach
	void closeFactory() {
		this.factory.close();
	}

	/**
	 * Rule 21: the row of an entity is written, and so locked, before an event takes its
	 * number, on the same connection.
	 */
	@Test
	void whatTheMapperHoldsBackIsWrittenByAFlush() {
		JdbcEventStore store = new JdbcEventStore(this.dataSource, this.harness.writer());
		JdbcTemplate jdbc = new JdbcTemplate(this.dataSource);
		this.template.executeWithoutResult((status) -> {
			EntityManager entities = EntityManagerFactoryUtils.getTransactionalEntityManager(this.factory);
			entities.persist(new Thing(7));
			assertThat(this.transactions.state()).isEqualTo(State.ACTIVE);
			assertThat(jdbc.queryForObject("SELECT count(*) FROM thing", Long.class)).isZero();
			this.transactions.flush();
			assertThat(jdbc.queryForObject("SELECT count(*) FROM thing", Long.class)).isOne();
			store.append(List.of(DatabaseHarness.event("a", "1")));
		});
		assertThat(this.harness.scan().poll()).containsExactly("1");
		assertThat(database.number("SELECT id FROM thing")).isEqualTo(7);
	}

	@Test
	void entitiesAndEventsRollBackTogether() {
		JdbcEventStore store = new JdbcEventStore(this.dataSource, this.harness.writer());
		this.template.executeWithoutResult((status) -> {
			EntityManagerFactoryUtils.getTransactionalEntityManager(this.factory).persist(new Thing(8));
			this.transactions.flush();
			store.append(List.of(DatabaseHarness.event("a", "never")));
			status.setRollbackOnly();
		});
		assertThat(this.harness.scan().poll()).isEmpty();
		assertThat(database.number("SELECT count(*) FROM thing")).isZero();
	}

	@Test
	void withoutAnEntityManagerThereIsNothingToFlush() {
		this.transactions.flush();
		assertThat(this.transactions.state()).isEqualTo(State.NONE);
	}

	/**
	 * An entity of the application.
	 */
	@Entity(name = "thing")
	static class Thing {

		@Id
		private long id;

		Thing() {
		}

		Thing(long id) {
			this.id = id;
		}

	}

}
