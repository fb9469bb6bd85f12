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

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.publish.Events.OrderPlaced;
import dev.outbox.publish.TransactionalOutboxPublisher;
import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.StoreTransactions;
import dev.outbox.store.jdbc.ConnectionEventStore;
import dev.outbox.store.jpa.JpaEventStore;
import dev.outbox.store.jpa.JpaStoreTransactions;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.orm.ObjectOptimisticLockingFailureException;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.NestedTransactionNotSupportedException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The write side beside JPA, which holds business rows back until it is flushed.
 */
class JpaWriteSideTests extends WriteSideContract {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private static JdbcWriteSide side;

	private static LocalContainerEntityManagerFactoryBean factoryBean;

	private static EntityManagerFactory factory;

	private static JpaTransactionManager manager;

	private static TransactionalOutboxPublisher publisher;

	private static TransactionalOutboxPublisher ownPublisher;

	@BeforeAll
	static void start() {
		JdbcWriteSide.createTables(database);
		side = new JdbcWriteSide(database, true, TRACED);
		factoryBean = new LocalContainerEntityManagerFactoryBean();
		factoryBean.setDataSource(side.dataSource);
		factoryBean.setPackagesToScan(OrderEntity.class.getPackageName());
		factoryBean.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		factoryBean.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "none"));
		factoryBean.afterPropertiesSet();
		factory = Objects.requireNonNull(factoryBean.getObject());
		manager = new JpaTransactionManager(factory);
		manager.setDataSource(side.dataSource);
		manager.setNestedTransactionAllowed(true);
		StoreTransactions transactions = new JpaStoreTransactions(JdbcWriteSide.watch(side.dataSource, manager),
				() -> Set.of(factory));
		publisher = side.publisher(store(), transactions, null);
		ownPublisher = side.publisher(store(), transactions, manager);
	}

	@AfterAll
	static void stop() {
		factoryBean.destroy();
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
		entities().persist(new OrderEntity(id));
	}

	@Test
	void aLostUpdateRollsItsEventBackAndIsReportedAsSpringDoes() {
		transaction().executeWithoutResult((status) -> place("o-1"));
		assertThatExceptionOfType(ObjectOptimisticLockingFailureException.class)
			.isThrownBy(() -> transaction().executeWithoutResult((status) -> {
				OrderEntity order = entities().find(OrderEntity.class, "o-1");
				order.raise();
				requiresNew().executeWithoutResult((inner) -> {
					entities().find(OrderEntity.class, "o-1").raise();
					publisher.publish(new OrderPlaced("o-1"));
				});
				publisher.publish(new OrderPlaced("lost"));
			}));
		assertThat(side.keys()).containsExactly("o-1", "o-1");
	}

	@Test
	void changesMadeAfterPublishAreFlushedBeforeTheEventIsWritten() {
		transaction().executeWithoutResult((status) -> {
			publisher.publish(new OrderPlaced("o-1"));
			OrderEntity order = new OrderEntity("o-1");
			entities().persist(order);
			order.raise();
		});
		assertThat(side.sql.sql("SELECT total FROM orders").query(Integer.class).single()).isEqualTo(1);
		assertThat(side.keys()).containsExactly("o-1");
	}

	/**
	 * Rule 21: the event takes its number when the row of its aggregate is locked. A
	 * mapper that inserts the event in the flush of the commit does so before that.
	 */
	@Test
	void eventsOfConcurrentChangesOfAnAggregateAreNumberedInTheOrderOfTheChanges() throws Exception {
		transaction().executeWithoutResult((status) -> entities().persist(new OrderEntity("o-1")));
		CountDownLatch stored = new CountDownLatch(1);
		CountDownLatch commit = new CountDownLatch(1);
		PausingEventStore pausing = new PausingEventStore(store(), stored, commit);
		StoreTransactions transactions = new JpaStoreTransactions(JdbcWriteSide.watch(side.dataSource, manager),
				() -> Set.of(factory));
		CompletableFuture<Void> first = CompletableFuture
			.runAsync(() -> change(side.publisher(pausing, transactions, null), 1));
		assertThat(stored.await(60, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Void> second = CompletableFuture.runAsync(() -> change(publisher, 2));
		Awaitility.await().until(() -> second.isDone() || side.aTransactionWaits());
		commit.countDown();
		first.get(60, TimeUnit.SECONDS);
		second.get(60, TimeUnit.SECONDS);
		int last = side.sql.sql("SELECT total FROM orders").query(Integer.class).single();
		assertThat(side.stored()).extracting(OutboxRecord::eventType)
			.containsExactly("total." + (3 - last), "total." + last);
	}

	private static void change(TransactionalOutboxPublisher outbox, int total) {
		new TransactionTemplate(manager).executeWithoutResult((status) -> {
			entities().find(UnversionedOrder.class, "o-1").setTotal(total);
			outbox.publish(OutboxMessage.of("thing", "o-1", "total." + total, "{}"));
		});
	}

	@Test
	void anInnerRollbackRemovesOnlyTheInnerEventWhereTheDialectTakesSavepoints() {
		JpaTransactionManager nesting = new JpaTransactionManager(factory);
		nesting.setDataSource(side.dataSource);
		nesting.setJpaDialect(new SavepointJpaDialect());
		nesting.setNestedTransactionAllowed(true);
		TransactionalOutboxPublisher outbox = side.publisher(
				new JpaStoreTransactions(JdbcWriteSide.watch(side.dataSource, nesting), () -> Set.of(factory)), null);
		TransactionTemplate inner = new TransactionTemplate(nesting);
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		new TransactionTemplate(nesting).executeWithoutResult((status) -> {
			place(outbox, "o-1");
			inner.executeWithoutResult((nested) -> {
				place(outbox, "o-2");
				nested.setRollbackOnly();
			});
			inner.executeWithoutResult((nested) -> place(outbox, "o-3"));
			place(outbox, "o-4");
		});
		assertThat(side.keys()).containsExactly("o-1", "o-3", "o-4");
		assertThat(side.orders()).containsExactly("o-1", "o-3", "o-4");
	}

	@Test
	void whereTheDialectTakesNoSavepointsANestedTransactionIsRefusedAndTheOuterOneGoesOn() {
		TransactionTemplate inner = transaction();
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		transaction().executeWithoutResult((status) -> {
			place("o-1");
			assertThatExceptionOfType(NestedTransactionNotSupportedException.class)
				.isThrownBy(() -> inner.executeWithoutResult((nested) -> place("o-2")));
			place("o-3");
		});
		assertThat(side.keys()).containsExactly("o-1", "o-3");
		assertThat(side.orders()).containsExactly("o-1", "o-3");
	}

	private static JpaEventStore store() {
		return new JpaEventStore(() -> Set.of(factory),
				(connection) -> new ConnectionEventStore(connection, JdbcWriteSide.writer()), side.store());
	}

	private void place(TransactionalOutboxPublisher outbox, String id) {
		saveOrder(id);
		outbox.publish(new OrderPlaced(id));
	}

	private static EntityManager entities() {
		return Objects.requireNonNull(EntityManagerFactoryUtils.getTransactionalEntityManager(factory));
	}

	/**
	 * Stops a transaction between the insertion of its events and its commit.
	 *
	 * @param store stores the events
	 * @param stored when they are stored
	 * @param commit when the transaction may go on
	 */
	private record PausingEventStore(EventStore store, CountDownLatch stored,
			CountDownLatch commit) implements EventStore {

		@Override
		public void append(List<NewEvent> events) {
			this.store.append(events);
			this.stored.countDown();
			await(this.commit);
		}

		@Override
		public Optional<UUID> claim(String idempotencyKey, UUID id) {
			return this.store.claim(idempotencyKey, id);
		}

		@Override
		public Damage damage(RuntimeException failure) {
			return this.store.damage(failure);
		}

	}

}
