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

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxRecord;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.listener.OutboxListener;
import dev.outbox.listener.TraceContext;
import dev.outbox.payload.EventTypes;
import dev.outbox.payload.JacksonPayloadSerializer;
import dev.outbox.payload.RawPayloadSerializer;
import dev.outbox.publish.HeaderSettings;
import dev.outbox.publish.IdGenerator;
import dev.outbox.publish.OutboxRecordFactory;
import dev.outbox.publish.OutboxRouting;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.publish.TransactionalOutboxPublisher;
import dev.outbox.publish.WriteSettings;
import dev.outbox.store.EventStore;
import dev.outbox.store.Partitions;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoreTransactions;
import dev.outbox.store.StoredEvent;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jdbc.JdbcStoreTransactions;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The write side as an application has it: a pool of two connections, a transaction
 * manager, a publisher.
 */
class WriteSide implements AutoCloseable {

	static final TableNames TABLES = new TableNames(null, "outbox_");

	static final PostgresDialect POSTGRES = new PostgresDialect();

	final HikariDataSource dataSource;

	final JdbcClient sql;

	final OutboxRecordFactory records;

	final List<OutboxRecord> told = Collections.synchronizedList(new ArrayList<>());

	private final RelayStore relay;

	WriteSide(PostgresDatabase database, boolean autoCommit, TraceContext trace) {
		this.dataSource = pool(database, autoCommit);
		this.sql = JdbcClient.create(this.dataSource);
		this.relay = POSTGRES.relayStore(this.dataSource, TABLES, false);
		WriteSettings settings = new WriteSettings(1_000_000, "kafka", List.of(), Map.of(),
				HeaderSettings.defaults("shop"));
		this.records = new OutboxRecordFactory(new EventTypes(), OutboxRouting.none(),
				new RawPayloadSerializer(new JacksonPayloadSerializer(JsonMapper.builder().build())), settings, trace,
				IdGenerator.uuidV7(), Clock.systemUTC());
	}

	static HikariDataSource pool(PostgresDatabase database, boolean autoCommit) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(database.jdbcUrl());
		config.setUsername(database.user());
		config.setPassword(database.password());
		config.setMaximumPoolSize(2);
		config.setConnectionTimeout(5_000);
		config.setAutoCommit(autoCommit);
		return new HikariDataSource(config);
	}

	TransactionalOutboxPublisher publisher(StoreTransactions transactions,
			@Nullable AbstractPlatformTransactionManager own) {
		return publisher(store(), transactions, own);
	}

	JdbcEventStore store() {
		return new JdbcEventStore(this.dataSource, writer());
	}

	static EventWriter writer() {
		return POSTGRES.eventWriter(TABLES, Duration.ofDays(7));
	}

	TransactionalOutboxPublisher publisher(EventStore store, StoreTransactions transactions,
			@Nullable AbstractPlatformTransactionManager own) {
		return new TransactionalOutboxPublisher(store, transactions, this.records, new Partitions(64), (events) -> {
		}, List.of(new OutboxListener() {

			@Override
			public void onStored(List<OutboxRecord> events) {
				WriteSide.this.told.addAll(events);
			}

		}), (own != null) ? new TransactionTemplate(own) : null);
	}

	OutboxTemplate template(TransactionalOutboxPublisher publisher, TransactionTemplate transaction) {
		return new OutboxTemplate(publisher, this.records, transaction);
	}

	/**
	 * Lets the check see the transactions of a manager.
	 */
	static JdbcStoreTransactions watch(DataSource dataSource, AbstractPlatformTransactionManager... managers) {
		JdbcStoreTransactions transactions = new JdbcStoreTransactions(dataSource);
		for (AbstractPlatformTransactionManager manager : managers) {
			manager.addListener(transactions);
		}
		return transactions;
	}

	/**
	 * The rows as the relay reads them.
	 */
	List<OutboxRecord> stored() {
		Set<Integer> parts = IntStream.range(0, 64).boxed().collect(Collectors.toSet());
		return this.relay
			.read(new ReadRequest(new ReadScope("kafka", parts, Set.of(), null), this.relay.start(), Long.MAX_VALUE,
					10_000, 10_000_000))
			.events()
			.stream()
			.map(StoredEvent::event)
			.toList();
	}

	List<String> keys() {
		return stored().stream().map((event) -> String.valueOf(event.key())).toList();
	}

	List<String> orders() {
		return this.sql.sql("SELECT id FROM orders ORDER BY id").query(String.class).list();
	}

	void clear() {
		this.sql.sql("TRUNCATE outbox_event, outbox_scheduled, outbox_idempotency, orders, statements").update();
		this.told.clear();
	}

	@Override
	public void close() {
		this.dataSource.close();
	}

	/**
	 * Creates the tables. A trigger refuses events whose order is not there yet, and
	 * another one counts statements.
	 */
	static void createTables(PostgresDatabase database) {
		new OutboxSchema(POSTGRES, database.dataSource(), TABLES).create();
		database.sql("""
				CREATE TABLE orders (id text PRIMARY KEY, version int NOT NULL DEFAULT 0, total int NOT NULL DEFAULT 0);
				CREATE TABLE statements (events bigint)""");
		database.sql("""
				CREATE FUNCTION check_order() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
					IF NEW.aggregate_type = 'order' AND NEW.aggregate_id LIKE 'o-%'
							AND NOT EXISTS (SELECT FROM orders WHERE id = NEW.aggregate_id) THEN
						RAISE 'event before its order %', NEW.aggregate_id;
					END IF;
					RETURN NEW;
				END $$""");
		database.sql("CREATE TRIGGER check_order BEFORE INSERT ON outbox_event"
				+ " FOR EACH ROW EXECUTE FUNCTION check_order()");
		database.sql("""
				CREATE FUNCTION count_statement() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
					INSERT INTO statements SELECT count(*) FROM stored;
					RETURN NULL;
				END $$""");
		database.sql("""
				CREATE TRIGGER count_statement AFTER INSERT ON outbox_event REFERENCING NEW TABLE AS stored
				FOR EACH STATEMENT EXECUTE FUNCTION count_statement()""");
	}

}
