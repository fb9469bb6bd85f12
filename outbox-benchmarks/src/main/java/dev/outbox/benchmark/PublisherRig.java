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

package dev.outbox.benchmark;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxPublisher;
import dev.outbox.benchmark.RelayRig.Target;
import dev.outbox.payload.EventTypes;
import dev.outbox.payload.RawPayloadSerializer;
import dev.outbox.publish.HeaderSettings;
import dev.outbox.publish.IdGenerator;
import dev.outbox.publish.OutboxRecordFactory;
import dev.outbox.publish.OutboxRouting;
import dev.outbox.publish.TransactionalOutboxPublisher;
import dev.outbox.publish.WriteSettings;
import dev.outbox.store.Partitions;
import dev.outbox.store.WakeUp;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jdbc.JdbcStoreTransactions;
import dev.outbox.transport.kafka.KafkaTransport;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The publisher as an application gets it without setting anything, with Spring's
 * transactions around it.
 */
final class PublisherRig implements AutoCloseable {

	private final HikariDataSource dataSource;

	private final TransactionTemplate transactions;

	private final JdbcTemplate jdbc;

	private final TransactionalOutboxPublisher publisher;

	private final OutboxRecordFactory records;

	PublisherRig(Target target, int connections, WakeUp wakeUp) {
		this(target, KafkaTransport.NAME, connections, wakeUp);
	}

	PublisherRig(Target target, String transport, int connections, WakeUp wakeUp) {
		this.dataSource = target.pool("application", connections);
		this.jdbc = new JdbcTemplate(this.dataSource);
		JdbcStoreTransactions storeTransactions = new JdbcStoreTransactions(this.dataSource);
		JdbcTransactionManager manager = new JdbcTransactionManager(this.dataSource);
		manager.addListener(storeTransactions);
		this.transactions = new TransactionTemplate(manager);
		WriteSettings settings = new WriteSettings(1 << 20, transport, List.of(), Map.of(),
				HeaderSettings.defaults("benchmark"));
		this.records = new OutboxRecordFactory(new EventTypes(), OutboxRouting.none(), new RawPayloadSerializer(null),
				settings, (eventType, destination) -> Map.of(), IdGenerator.uuidV7(), Clock.systemUTC());
		this.publisher = new TransactionalOutboxPublisher(
				new JdbcEventStore(this.dataSource, target.dialect().eventWriter(EventTable.NAMES, Duration.ofDays(7))),
				storeTransactions, this.records, new Partitions(64), wakeUp, List.of(), null);
	}

	TransactionTemplate transactions() {
		return this.transactions;
	}

	JdbcTemplate jdbc() {
		return this.jdbc;
	}

	OutboxPublisher publisher() {
		return this.publisher;
	}

	OutboxRecordFactory records() {
		return this.records;
	}

	/**
	 * Write what the application is there for.
	 */
	void placeOrder(long id) {
		this.jdbc.update("INSERT INTO business_order (id, customer, total, note) VALUES (?, ?, ?, ?)", id,
				"customer-" + id % 1000, id % 100, "an order of the benchmark");
	}

	@Override
	public void close() {
		this.publisher.close();
		this.dataSource.close();
	}

}
