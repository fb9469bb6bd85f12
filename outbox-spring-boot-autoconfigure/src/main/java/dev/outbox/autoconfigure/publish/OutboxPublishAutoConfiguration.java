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

package dev.outbox.autoconfigure.publish;

import dev.outbox.OutboxPublisher;
import dev.outbox.archive.OutboxArchive;
import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.autoconfigure.PublishedMode;
import dev.outbox.autoconfigure.StoreTransactionOperations;
import dev.outbox.autoconfigure.Wakening;
import dev.outbox.listener.OutboxListener;
import dev.outbox.payload.EventTypes;
import dev.outbox.publish.ApplicationEventCapture;
import dev.outbox.publish.OutboxRecordFactory;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.publish.TransactionalOutboxPublisher;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.EventStore;
import dev.outbox.store.Partitions;
import dev.outbox.store.StoreTransactions;
import dev.outbox.store.WakeUp;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Auto-configuration of the publisher: of all that happens in the transaction of the
 * application.
 */
@AutoConfiguration(after = OutboxRecordAutoConfiguration.class,
		afterName = { "dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration",
				"dev.outbox.autoconfigure.store.mongo.OutboxMongoStoreAutoConfiguration",
				"dev.outbox.autoconfigure.relay.OutboxRelayAutoConfiguration" })
@ConditionalOnOutboxEnabled
@ConditionalOnBean({ EventStore.class, StoreTransactions.class, StoreTransactionOperations.class })
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxPublishAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(OutboxPublisher.class)
	TransactionalOutboxPublisher outboxPublisher(EventStore store, StoreTransactions transactions,
			OutboxRecordFactory records, OutboxProperties properties, Wakening wakening,
			ObjectProvider<OutboxListener> listeners, ObjectProvider<StoreTransactionOperations> operations) {
		TransactionOperations own = properties.write().requireTransaction() ? null
				: new LateTransactionOperations(operations);
		return new TransactionalOutboxPublisher(store, transactions, records,
				new Partitions(properties.relay().partitions()), wakening.wakeUp(), listeners.orderedStream().toList(),
				own);
	}

	@Bean
	Wakening outboxWakening(ObjectProvider<WakeUp> relay, ObjectProvider<CommitSignals> signals) {
		return Wakening.of(relay, signals);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(ArchiveStore.class)
	OutboxArchive outboxArchive(ArchiveStore store, Wakening wakening, OutboxProperties properties) {
		return new OutboxArchive(store, wakening.wakeUp(), properties.published().mode() == PublishedMode.ARCHIVE);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(TransactionalOutboxPublisher.class)
	OutboxTemplate outboxTemplate(TransactionalOutboxPublisher publisher, OutboxRecordFactory records,
			ObjectProvider<StoreTransactionOperations> operations) {
		return new OutboxTemplate(publisher, records, new LateTransactionOperations(operations));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(TransactionalOutboxPublisher.class)
	@ConditionalOnBooleanProperty(name = "outbox.write.capture-events", matchIfMissing = true)
	ApplicationEventCapture outboxApplicationEventCapture(TransactionalOutboxPublisher publisher, EventTypes types) {
		return new ApplicationEventCapture(publisher, types);
	}

}
