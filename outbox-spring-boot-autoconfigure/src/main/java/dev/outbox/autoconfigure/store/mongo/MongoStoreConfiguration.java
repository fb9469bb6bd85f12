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

package dev.outbox.autoconfigure.store.mongo;

import com.mongodb.client.MongoClient;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.autoconfigure.PublishedMode;
import dev.outbox.autoconfigure.StoreExaminations;
import dev.outbox.autoconfigure.StoreSummary;
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
import dev.outbox.store.PollingSignals;
import dev.outbox.store.RelayStore;
import dev.outbox.store.SharedBacklogStore;
import dev.outbox.store.mongo.CollectionNames;
import dev.outbox.store.mongo.MongoEventStore;
import dev.outbox.store.mongo.MongoStore;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/**
 * The stores. What the application writes goes through its own client; all else through
 * those of the relay.
 */
@Configuration(proxyBeanMethods = false)
class MongoStoreConfiguration {

	static final String SCHEMA = "outboxMongoSchemaInitializer";

	@Bean
	@ConditionalOnMissingBean(EventStore.class)
	@DependsOn(SCHEMA)
	MongoEventStore outboxEventStore(OutboxMongoDatabase database, CollectionNames names, OutboxProperties properties) {
		return new MongoEventStore(database.factory(), database.name(), names,
				properties.write().idempotencyRetention(), properties.mongodb().keyOrder());
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOn(SCHEMA)
	RelayStore outboxRelayStore(Access access, OutboxProperties properties) {
		return access.work()
			.relayStore(properties.published().mode() == PublishedMode.ARCHIVE,
					properties.mongodb().transactionLifetime());
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOn(SCHEMA)
	LeaseStore outboxLeaseStore(Access access, OutboxProperties properties) {
		return access.heartbeat().leaseStore(properties.relay().partitions());
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOn(SCHEMA)
	DeadLetterStore outboxDeadLetterStore(Access access) {
		return access.work().deadLetterStore();
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOn(SCHEMA)
	ArchiveStore outboxArchiveStore(Access access) {
		return access.work().archiveStore();
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOn(SCHEMA)
	HoldStore outboxHoldStore(Access access) {
		return access.work().holdStore();
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOn(SCHEMA)
	AuditStore outboxAuditStore(Access access) {
		return access.work().auditStore();
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOn(SCHEMA)
	ClusterStore outboxClusterStore(Access access) {
		return access.work().clusterStore();
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOn(SCHEMA)
	ForwardStore outboxForwardStore(Access access) {
		return access.work().forwardStore();
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOn(SCHEMA)
	BacklogStore outboxBacklogStore(Access access) {
		return access.work().backlogStore();
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOn(SCHEMA)
	SharedBacklogStore outboxSharedBacklogStore(Access access) {
		return access.work().sharedBacklogStore();
	}

	@Bean
	@ConditionalOnMissingBean
	@DependsOn(SCHEMA)
	HousekeepingStore outboxHousekeepingStore(Access access) {
		return access.work().housekeepingStore();
	}

	@Bean
	@ConditionalOnMissingBean
	StoreExaminations outboxStoreExaminations(Access access) {
		return access.work()::examinations;
	}

	@Bean
	StoreSummary outboxStoreSummary(CollectionNames names) {
		return new StoreSummary("mongodb, collections " + names.prefix() + "*");
	}

	@Bean
	@ConditionalOnMissingBean
	CommitSignals outboxCommitSignals(Access access, OutboxProperties properties) {
		return properties.relay().datasource().listen() ? access.work().commitSignals() : new PollingSignals();
	}

	@Bean
	Access outboxMongoAccess(OutboxMongoDatabase database, RelayClients clients, CollectionNames names) {
		return new Access(store(clients.work(), database, names), store(clients.heartbeat(), database, names));
	}

	private static MongoStore store(MongoClient client, OutboxMongoDatabase database, CollectionNames names) {
		return new MongoStore(client, database.name(), names);
	}

	/**
	 * What the stores are made by.
	 *
	 * @param work reads, settles and listens
	 * @param heartbeat renews the lease
	 */
	record Access(MongoStore work, MongoStore heartbeat) {

	}

}
