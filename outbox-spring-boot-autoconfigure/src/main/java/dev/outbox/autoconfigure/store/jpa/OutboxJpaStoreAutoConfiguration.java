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

package dev.outbox.autoconfigure.store.jpa;

import javax.sql.DataSource;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.ConditionalOnOutboxStore;
import dev.outbox.autoconfigure.ConditionalOnRelationalStore;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.autoconfigure.store.jdbc.TransactionGuard;
import dev.outbox.store.EventStore;
import dev.outbox.store.StoreTransactions;
import dev.outbox.store.jdbc.ConnectionEventStore;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jpa.JpaEventStore;
import dev.outbox.store.jpa.JpaStoreTransactions;
import jakarta.persistence.EntityManagerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;

/**
 * Auto-configuration of the JPA store: what an entity manager holds back is written
 * before the events are, and they are stored on the connection of its session.
 */
@AutoConfiguration(afterName = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
		beforeName = "dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration")
@ConditionalOnOutboxEnabled
@ConditionalOnOutboxStore
@ConditionalOnRelationalStore
@ConditionalOnClass({ EntityManagerFactory.class, EntityManagerFactoryInfo.class })
@ConditionalOnBean({ EntityManagerFactory.class, DataSource.class })
@Import({ EntityConfiguration.class, RepositoryConfiguration.class })
public final class OutboxJpaStoreAutoConfiguration {

	@Bean
	OutboxEntityManagerFactories outboxEntityManagerFactories(TransactionGuard guard,
			ObjectProvider<EntityManagerFactory> factories) {
		return new OutboxEntityManagerFactories(guard.transactions().dataSource(), factories);
	}

	/**
	 * Also where events are stored through JDBC: those who wait for the row of an
	 * aggregate must not have numbered their events yet.
	 */
	@Bean
	@ConditionalOnMissingBean(StoreTransactions.class)
	JpaStoreTransactions outboxStoreTransactions(TransactionGuard guard, OutboxEntityManagerFactories factories) {
		return new JpaStoreTransactions(guard.transactions(), factories::sharing);
	}

	/**
	 * What stores the events.
	 */
	@Configuration(proxyBeanMethods = false)
	@Conditional(OnJpaStore.class)
	static class WriteConfiguration {

		@Bean
		@ConditionalOnMissingBean(EventStore.class)
		@DependsOnDatabaseInitialization
		JpaEventStore outboxEventStore(TransactionGuard guard, OutboxEntityManagerFactories factories,
				JdbcDialect dialect, TableNames tables, OutboxProperties properties) {
			EventWriter writer = dialect.eventWriter(tables, properties.write().idempotencyRetention());
			return new JpaEventStore(factories::sharing, (connection) -> new ConnectionEventStore(connection, writer),
					new JdbcEventStore(guard.transactions().dataSource(), writer));
		}

		/**
		 * Fails the start when all factories are there, if none of them could ever store
		 * an event.
		 */
		@Bean
		JpaStoreCheck outboxJpaStoreCheck(OutboxEntityManagerFactories factories, OutboxProperties properties) {
			return new JpaStoreCheck(factories, properties.store().type());
		}

	}

}
