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

package dev.outbox.docs;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import dev.outbox.OutboxPublisher;
import dev.outbox.listener.OutboxListeners;
import dev.outbox.payload.EventTypes;
import dev.outbox.payload.RawPayloadSerializer;
import dev.outbox.publish.HeaderSettings;
import dev.outbox.publish.IdGenerator;
import dev.outbox.publish.OutboxRecordFactory;
import dev.outbox.publish.OutboxRouting;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.publish.TransactionalOutboxPublisher;
import dev.outbox.publish.WriteSettings;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelaySettings;
import dev.outbox.retry.ExponentialRetryPolicy;
import dev.outbox.retry.RetrySettings;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.Partitions;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jdbc.JdbcStoreTransactions;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import dev.outbox.transport.TransportCapabilities;
import dev.outbox.transport.kafka.KafkaTransport;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.transaction.support.TransactionTemplate;

// tag::wiring[]
/**
 * An outbox without Spring Boot, on PostgreSQL and Kafka.
 */
final class HandWiredOutbox implements AutoCloseable {

	private static final TableNames TABLES = new TableNames(null, "outbox_");

	private final KafkaTransport transport;

	private final CommitSignals signals;

	private final OutboxRelay relay;

	private final TransactionalOutboxPublisher publisher;

	private final OutboxTemplate template;

	/**
	 * Creates an outbox, and its tables where they are missing.
	 * @param application the application's pool
	 * @param work a pool of two connections for the relay
	 * @param heartbeat a pool of one connection, for the lease
	 * @param unpooled makes connections to listen on
	 * @param kafka settings of a producer, {@code bootstrap.servers} at least
	 */
	HandWiredOutbox(DataSource application, DataSource work, DataSource heartbeat, DataSource unpooled,
			Map<String, Object> kafka) {
		RelaySettings settings = RelaySettings.defaults();
		JdbcDialect dialect = new PostgresDialect();
		OutboxSchema schema = new OutboxSchema(dialect, application, TABLES);
		schema.create();
		schema.validate(settings.partitions());

		this.transport = new KafkaTransport(new DefaultKafkaProducerFactory<>(kafka), settings.publishTimeout(),
				settings.maxInFlightBytes(), Clock.systemUTC());
		this.signals = dialect.commitSignals(unpooled, TABLES);
		this.relay = new OutboxRelay(dialect.relayStore(work, TABLES, false),
				dialect.leaseStore(heartbeat, TABLES, settings.partitions()), this.signals, List.of(this.transport),
				new ExponentialRetryPolicy(RetrySettings.defaults()), new OutboxListeners(List.of()), settings);

		JdbcStoreTransactions transactions = new JdbcStoreTransactions(application);
		JdbcTransactionManager manager = new JdbcTransactionManager(application);
		// At every other transaction manager of this database, too.
		manager.addListener(transactions);
		WriteSettings write = new WriteSettings(1 << 20, KafkaTransport.NAME,
				List.of(TransportCapabilities.of(this.transport)), Map.of(), HeaderSettings.defaults("shop"));
		OutboxRecordFactory records = new OutboxRecordFactory(new EventTypes(), OutboxRouting.none(),
				RawPayloadSerializer.withDefaults(), write, (type, destination) -> Map.of(), IdGenerator.uuidV7(),
				Clock.systemUTC());
		this.publisher = new TransactionalOutboxPublisher(
				new JdbcEventStore(application, dialect.eventWriter(TABLES, Duration.ofDays(7))), transactions, records,
				new Partitions(settings.partitions()), this.relay, List.of(), null);
		this.template = new OutboxTemplate(this.publisher, records, new TransactionTemplate(manager));
	}

	void start() {
		this.relay.start();
	}

	OutboxPublisher publisher() {
		return this.publisher;
	}

	OutboxTemplate template() {
		return this.template;
	}

	@Override
	public void close() {
		this.publisher.close();
		this.relay.stop(Duration.ofSeconds(20));
		this.signals.close();
		this.transport.close();
	}

}
// end::wiring[]
