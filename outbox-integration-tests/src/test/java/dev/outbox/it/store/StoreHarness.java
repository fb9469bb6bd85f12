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

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Partitions;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * The stores of one database, and transactions that a test keeps open as long as it
 * likes.
 */
final class StoreHarness {

	static final int PARTITIONS = 64;

	static final Destination ORDERS = new Destination("test", "orders");

	static final TableNames TABLES = new TableNames(null, "outbox_");

	private static final Set<Integer> ALL = IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toSet());

	private final TestDatabase<?> database;

	private final Product product;

	private final JdbcDialect dialect;

	StoreHarness(TestDatabase<?> database) {
		this.database = database;
		this.product = Product.of(database);
		this.dialect = this.product.dialect();
		OutboxSchema schema = new OutboxSchema(this.dialect, database.dataSource(), TABLES);
		schema.create();
		schema.validate(PARTITIONS);
		for (String table : List.of("event", "scheduled", "dead_letter", "archive", "instance", "partition",
				"blocked_key", "destination_state", "idempotency")) {
			database.sql("DELETE FROM outbox_" + table);
		}
		database.sql(this.product.restartNumbers());
	}

	/**
	 * Returns a source of connections on MySQL or MariaDB that wait no longer than a
	 * second for a lock.
	 */
	DataSource impatient() {
		String url = this.database.jdbcUrl();
		return new DriverManagerDataSource(
				url + (url.contains("?") ? '&' : '?') + "sessionVariables=innodb_lock_wait_timeout=1",
				this.database.user(), this.database.password());
	}

	TestDatabase<?> database() {
		return this.database;
	}

	Product product() {
		return this.product;
	}

	RelayStore relay() {
		return this.dialect.relayStore(this.database.dataSource(), TABLES, false);
	}

	RelayStore archivingRelay() {
		return this.dialect.relayStore(this.database.dataSource(), TABLES, true);
	}

	LeaseStore leases() {
		return this.dialect.leaseStore(this.database.dataSource(), TABLES, PARTITIONS);
	}

	DeadLetterStore deadLetters() {
		return this.dialect.deadLetterStore(this.database.dataSource(), TABLES);
	}

	JdbcDialect dialect() {
		return this.dialect;
	}

	EventWriter writer() {
		return this.dialect.eventWriter(TABLES, Duration.ofDays(7));
	}

	Scan scan() {
		return new Scan(relay(), new ReadScope("test", ALL, Set.of(), null));
	}

	Scan scan(Set<String> excluded, @Nullable String only) {
		return new Scan(relay(), new ReadScope("test", ALL, excluded, only));
	}

	/**
	 * Lets an instance join and take all partitions.
	 */
	Claim claim(String key) {
		UUID owner = UUID.randomUUID();
		LeaseStore leases = leases();
		leases.join(owner, Set.of("test"), Duration.ofMinutes(5));
		leases.take(owner, "test", PARTITIONS);
		int part = partition(key);
		return new Claim(owner, "test", part, leases.observe(owner).owned().get("test").get(part));
	}

	static int partition(String key) {
		return new Partitions(PARTITIONS).partitionOf(key, new UUID(0, 0));
	}

	Transaction begin() {
		return new Transaction(this.database.dataSource(), writer());
	}

	/**
	 * Writes events of one key and commits.
	 */
	void insert(String key, String... payloads) {
		try (Transaction transaction = begin()) {
			for (String payload : payloads) {
				transaction.insert(key, payload);
			}
			transaction.commit();
		}
	}

	void insertTo(Destination destination, String key, String payload) {
		try (Transaction transaction = begin()) {
			transaction.append(List.of(event(destination, key, payload.getBytes(StandardCharsets.UTF_8), null)));
			transaction.commit();
		}
	}

	static NewEvent event(String key, String payload) {
		return event(ORDERS, key, payload.getBytes(StandardCharsets.UTF_8), null);
	}

	static NewEvent event(Destination destination, String key, byte[] payload, @Nullable Instant deliverAt) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), key, "order", key, "order.placed", 1, destination,
				Map.of(), "text/plain", Map.of(), payload, Instant.parse("2026-11-21T10:15:30Z"));
		return new NewEvent(event, partition(key), deliverAt);
	}

	/**
	 * A transaction of an application.
	 */
	static final class Transaction implements AutoCloseable {

		private final Connection connection;

		private final EventWriter writer;

		Transaction(DataSource dataSource, EventWriter writer) {
			this.writer = writer;
			try {
				this.connection = dataSource.getConnection();
				this.connection.setAutoCommit(false);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		Connection connection() {
			return this.connection;
		}

		Transaction insert(String key, String payload) {
			append(List.of(event(key, payload)));
			return this;
		}

		void append(List<NewEvent> events) {
			try {
				this.writer.append(this.connection, events);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		Transaction sql(String sql) {
			try (Statement statement = this.connection.createStatement()) {
				statement.execute(sql);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
			return this;
		}

		/**
		 * Writes rows of a key quickly, with the payloads {@code key-0}, {@code key-1}
		 * and so on.
		 */
		Transaction insertMany(int count, String key) {
			append(IntStream.range(0, count).mapToObj((i) -> event(key, key + '-' + i)).toList());
			return this;
		}

		void commit() {
			try {
				this.connection.commit();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		void commitAndClose() {
			commit();
			close();
		}

		@Override
		public void close() {
			try {
				this.connection.rollback();
				this.connection.close();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
