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

package dev.outbox.autoconfigure.store.jdbc;

import javax.sql.DataSource;

import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.autoconfigure.PublishedMode;
import dev.outbox.autoconfigure.StoreExaminations;
import dev.outbox.autoconfigure.StoreSummary;
import dev.outbox.autoconfigure.StoreType;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.AuditStore;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.ClusterStore;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.EventStore;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.store.PollingSignals;
import dev.outbox.store.SharedBacklogStore;
import dev.outbox.store.jdbc.ExaminedDatabase;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jdbc.TableNames;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The stores. What the application writes goes through its own data source; all else
 * through connections of the relay.
 */
@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

	@Bean
	@ConditionalOnMissingBean(EventStore.class)
	@DependsOnDatabaseInitialization
	JdbcEventStore outboxEventStore(OutboxDatabase database, JdbcDialect dialect, TableNames tables,
			OutboxProperties properties) {
		if (properties.store().type() == StoreType.JPA) {
			throw new InvalidOutboxPropertyException("outbox.store.type", "jpa",
					"be auto or jdbc where the application has no EntityManagerFactory (with"
							+ " org.springframework.boot:spring-boot-starter-data-jpa it has one)");
		}
		return new JdbcEventStore(database.dataSource(),
				dialect.eventWriter(tables, properties.write().idempotencyRetention()));
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	RelayStore outboxRelayStore(RelayConnections connections, JdbcDialect dialect, TableNames tables,
			OutboxProperties properties) {
		return dialect.relayStore(connections.work(), tables, properties.published().mode() == PublishedMode.ARCHIVE);
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	LeaseStore outboxLeaseStore(RelayConnections connections, JdbcDialect dialect, TableNames tables,
			OutboxProperties properties) {
		return dialect.leaseStore(connections.heartbeat(), tables, properties.relay().partitions());
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	DeadLetterStore outboxDeadLetterStore(RelayConnections connections, JdbcDialect dialect, TableNames tables) {
		return dialect.deadLetterStore(connections.work(), tables);
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	ArchiveStore outboxArchiveStore(RelayConnections connections, JdbcDialect dialect, TableNames tables) {
		return dialect.archiveStore(connections.work(), tables);
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	HoldStore outboxHoldStore(RelayConnections connections, JdbcDialect dialect, TableNames tables) {
		return dialect.holdStore(connections.work(), tables);
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	AuditStore outboxAuditStore(RelayConnections connections, JdbcDialect dialect, TableNames tables) {
		return dialect.auditStore(connections.work(), tables);
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	ClusterStore outboxClusterStore(RelayConnections connections, JdbcDialect dialect, TableNames tables) {
		return dialect.clusterStore(connections.work(), tables);
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	ForwardStore outboxForwardStore(RelayConnections connections, JdbcDialect dialect, TableNames tables) {
		return dialect.forwardStore(connections.work(), tables);
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	BacklogStore outboxBacklogStore(RelayConnections connections, JdbcDialect dialect, TableNames tables) {
		return dialect.backlogStore(connections.work(), tables);
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	SharedBacklogStore outboxSharedBacklogStore(RelayConnections connections, JdbcDialect dialect, TableNames tables) {
		return dialect.sharedBacklogStore(connections.work(), tables);
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOnDatabaseInitialization
	HousekeepingStore outboxHousekeepingStore(RelayConnections connections, JdbcDialect dialect, TableNames tables) {
		return dialect.housekeepingStore(connections.work(), tables);
	}

	@Bean
	@ConditionalOnMissingBean
	StoreExaminations outboxStoreExaminations(RelayConnections connections, JdbcDialect dialect, TableNames tables,
			OutboxProperties properties) {
		// Only a relay listens.
		DataSource listening = properties.relay().enabled() ? connections.listening() : null;
		return (settings) -> dialect
			.examinations(new ExaminedDatabase(connections.work(), listening, tables, settings));
	}

	@Bean
	StoreSummary outboxStoreSummary(JdbcDialect dialect, TableNames tables) {
		String schema = (tables.schema() != null) ? tables.schema() + "." : "";
		return new StoreSummary(dialect.name() + ", tables " + schema + tables.prefix() + "*");
	}

	@Bean
	@ConditionalOnMissingBean
	CommitSignals outboxCommitSignals(RelayConnections connections, JdbcDialect dialect, TableNames tables) {
		return (connections.listening() != null) ? dialect.commitSignals(connections.listening(), tables)
				: new PollingSignals();
	}

}
