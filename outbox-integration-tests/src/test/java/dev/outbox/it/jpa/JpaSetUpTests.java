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

package dev.outbox.it.jpa;

import java.sql.SQLException;
import java.util.Map;

import dev.outbox.OutboxPublisher;
import dev.outbox.OutboxPublishers;
import dev.outbox.TransactionRequiredException;
import dev.outbox.TransactionRequiredException.Reason;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.it.listener.Ticket;
import dev.outbox.it.listener.TicketApplication;
import dev.outbox.store.EventStore;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jpa.OutboxStoredEvent;
import dev.outbox.store.jpa.OutboxStoredEvents;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.metamodel.EntityType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.domain.Pageable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * How applications set up JPA, and what then becomes of the outbox.
 */
class JpaSetUpTests {

	private final PostgresDatabase database = PostgresDatabase.fresh();

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "create-drop", "update", "validate" })
	void theMapperLeavesTheTablesOfTheOutboxAlone(String mode) {
		if (!mode.equals("create-drop")) {
			this.database.sql("CREATE TABLE account (id varchar(255) PRIMARY KEY, version int NOT NULL,"
					+ " balance int NOT NULL)");
		}
		try (ConfigurableApplicationContext context = application(BankApplication.class)
			.with("spring.jpa.hibernate.ddl-auto=" + mode)
			.run()) {
			context.getBean(Bank.class).deposit("a-1", 3);
		}
		assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isOne();
		assertThat(this.database
			.number("SELECT count(*) FROM information_schema.tables WHERE lower(table_name) LIKE 'outbox%stored%'"))
			.isZero();
	}

	@Test
	void jdbcMayStoreTheEventsBesideJpaAndThenThereAreNoEntities() {
		try (ConfigurableApplicationContext context = application(BankApplication.class).with("outbox.store.type=jdbc")
			.run()) {
			context.getBean(Bank.class).deposit("a-1", 3);
			assertThat(context.getBean(EventStore.class)).isInstanceOf(JdbcEventStore.class);
			assertThat(context.getBean(EntityManagerFactory.class).getMetamodel().getEntities())
				.extracting(EntityType::getName)
				.containsExactly("Account");
			assertThat(context.getBeansOfType(OutboxStoredEvents.class)).isEmpty();
			assertThat(context.getBean(OutboxPublisher.class)).isNotNull();
			assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isOne();
		}
	}

	@Test
	void jpaIsRefusedWhereThereIsNone() {
		Throwable failure = catchThrowable(() -> application(BankApplication.class)
			.with(TestApplication.WITHOUT_JPA, "outbox.store.type=jpa", "spring.main.lazy-initialization=true")
			.run());
		assertThat(failure).hasStackTraceContaining(InvalidOutboxPropertyException.class.getName())
			.hasStackTraceContaining("outbox.store.type must be auto or jdbc")
			.hasStackTraceContaining("spring-boot-starter-data-jpa");
	}

	@Test
	void aNamedOutboxStoresItsEventsThroughJpa() {
		try (ConfigurableApplicationContext context = application(NoBeans.class)
			.with("outbox.instances.bank.store.type=jpa")
			.run()) {
			OutboxPublisher outbox = context.getBean(OutboxPublishers.class).get("bank");
			EntityManager entities = context.getBean(EntityManager.class);
			TransactionTemplate transaction = transaction(context, "transactionManager");
			transaction.executeWithoutResult((status) -> {
				entities.persist(new Account("a-1"));
				outbox.publish(new Deposited("a-1", 1));
			});
			transaction.executeWithoutResult((status) -> {
				entities.persist(new Account("a-2"));
				outbox.publish(new Deposited("a-2", 1));
				status.setRollbackOnly();
			});
			assertThat(this.database.value("SELECT id FROM account")).isEqualTo("a-1");
			assertThat(this.database.value("SELECT event_key FROM outbox_event")).isEqualTo("a-1");
		}
	}

	@Test
	void jpaIsRefusedWhereItUsesAnotherDatabaseOnly() {
		Throwable failure = catchThrowable(
				() -> application(OutboxElsewhere.class).with("outbox.store.type=jpa").run());
		assertThat(failure).hasStackTraceContaining("no EntityManagerFactory uses the data source of the outbox");
	}

	@Test
	void ofSeveralPersistenceUnitsThatOnTheDatabaseOfTheOutboxStoresEvents() {
		try (ConfigurableApplicationContext context = application(TwoUnits.class).run()) {
			OutboxPublisher outbox = context.getBean(OutboxPublisher.class);
			transaction(context, "bankTransactions")
				.executeWithoutResult((status) -> outbox.publish(new Deposited("a-1", 1)));
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> transaction(context, "reportTransactions")
					.executeWithoutResult((status) -> outbox.publish(new Deposited("a-2", 1))))
				.extracting(TransactionRequiredException::reason)
				.isEqualTo(Reason.FOREIGN);
			assertThat(entities(context, "bankUnit")).contains("Account", "OutboxStoredEvent");
			assertThat(entities(context, "reportUnit")).containsExactly("Account");
			assertThat(context.getBean(OutboxStoredEvents.class).findAll(Pageable.unpaged()))
				.extracting(OutboxStoredEvent::getEventKey)
				.containsExactly("a-1");
		}
	}

	/**
	 * The factory of the entity managers needs the publisher then, and the publisher does
	 * not need the factory before the first transaction. What is flushed by the commit
	 * itself is too late: nothing is stored, and the transaction rolls back.
	 */
	@Test
	void anEntityListenerMayPublishWhileItsEntityIsFlushed() {
		try (ConfigurableApplicationContext context = application(TicketApplication.class).run()) {
			EntityManager entities = context.getBean(EntityManager.class);
			TransactionTemplate transaction = transaction(context, "transactionManager");
			transaction.executeWithoutResult((status) -> {
				entities.persist(new Ticket("t-1"));
				entities.flush();
				entities.find(Ticket.class, "t-1").change();
			});
			transaction.executeWithoutResult((status) -> {
				entities.persist(new Ticket("t-2"));
				entities.flush();
				status.setRollbackOnly();
			});
			assertThatThrownBy(() -> transaction.executeWithoutResult((status) -> entities.persist(new Ticket("t-3"))))
				.rootCause()
				.isInstanceOf(TransactionRequiredException.class)
				.hasMessageContaining("or from the commit itself");
			assertThat(this.database.number("SELECT count(*) FROM ticket")).isOne();
			assertThat(context.getBean(OutboxStoredEvents.class).findAll(Pageable.ofSize(10)))
				.extracting(OutboxStoredEvent::getEventType)
				.containsExactly("ticket.opened", "ticket.changed");
		}
	}

	/**
	 * The events of all tenants are in one table, in the transaction of the tenant.
	 */
	@Test
	void tenantsWithSchemasOfTheirOwnShareTheOutbox() throws SQLException {
		for (String tenant : new String[] { "north", "south" }) {
			this.database.sql("CREATE SCHEMA " + tenant, "CREATE TABLE " + tenant
					+ ".account (id varchar(255) PRIMARY KEY, version int NOT NULL, balance int NOT NULL)");
		}
		try (ConfigurableApplicationContext context = application(TenantApplication.class)
			.with("outbox.store.schema=public", "spring.jpa.hibernate.ddl-auto=none")
			.run()) {
			Bank bank = context.getBean(Bank.class);
			TenantApplication.Tenants tenants = context.getBean(TenantApplication.Tenants.class);
			tenants.as("north", () -> bank.deposit("n-1", 1));
			tenants.as("south", () -> bank.deposit("s-1", 1));
			tenants.as("south", () -> assertThat(catchThrowable(() -> bank.depositBesideTheMapper("s-2", true)))
				.isInstanceOf(IllegalStateException.class));
			assertThat(this.database.query("SELECT event_key FROM public.outbox_event ORDER BY seq"))
				.containsExactly(Map.of("event_key", "n-1"), Map.of("event_key", "s-1"));
			assertThat(this.database.value("SELECT id FROM north.account")).isEqualTo("n-1");
			assertThat(this.database.value("SELECT id FROM south.account")).isEqualTo("s-1");
			tenants.as("north", () -> assertThat(context.getBean(OutboxStoredEvents.class).count()).isEqualTo(2));
		}
	}

	private TestApplication application(Class<?> configuration) {
		return TestApplication.of(configuration, this.database)
			.with(TestApplication.WITHOUT_FLYWAY, "spring.jpa.hibernate.ddl-auto=create-drop",
					"outbox.relay.enabled=false", "outbox.transport=kafka");
	}

	private static TransactionTemplate transaction(ConfigurableApplicationContext context, String manager) {
		return new TransactionTemplate(context.getBean(manager, PlatformTransactionManager.class));
	}

	private static Iterable<String> entities(ConfigurableApplicationContext context, String unit) {
		return context.getBean(unit, EntityManagerFactory.class)
			.getMetamodel()
			.getEntities()
			.stream()
			.map(EntityType::getName)
			.toList();
	}

	/**
	 * An application with entities, and nothing that publishes.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class NoBeans {

	}

}
