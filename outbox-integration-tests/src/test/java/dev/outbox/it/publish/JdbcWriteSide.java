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

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.store.Ability;
import dev.outbox.listener.TraceContext;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jdbc.JdbcStoreTransactions;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.postgres.PostgresDialect;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/**
 * The write side of an application with tables, and a pool of two connections.
 */
final class JdbcWriteSide extends WriteSide {

	static final TableNames TABLES = new TableNames(null, "outbox_");

	static final PostgresDialect POSTGRES = new PostgresDialect();

	final HikariDataSource dataSource;

	final JdbcClient sql;

	private final PostgresDatabase database;

	JdbcWriteSide(PostgresDatabase database, boolean autoCommit, TraceContext trace) {
		super(trace);
		this.database = database;
		this.dataSource = pool(database, autoCommit);
		this.sql = JdbcClient.create(this.dataSource);
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

	@Override
	JdbcEventStore store() {
		return new JdbcEventStore(this.dataSource, writer());
	}

	static EventWriter writer() {
		return POSTGRES.eventWriter(TABLES, Duration.ofDays(7));
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

	@Override
	RelayStore relay() {
		return POSTGRES.relayStore(this.dataSource, TABLES, false);
	}

	@Override
	List<String> orders() {
		return this.sql.sql("SELECT id FROM orders ORDER BY id").query(String.class).list();
	}

	@Override
	List<Long> statements() {
		return this.sql.sql("SELECT events FROM statements").query(Long.class).list();
	}

	@Override
	List<String> scheduled() {
		return this.sql.sql("SELECT event_key FROM outbox_scheduled ORDER BY deliver_at").query(String.class).list();
	}

	@Override
	List<String> scheduledFor(Instant time) {
		return this.sql.sql("SELECT event_key FROM outbox_scheduled WHERE deliver_at = ?")
			.param(time.atOffset(ZoneOffset.UTC))
			.query(String.class)
			.list();
	}

	@Override
	int connectionsInUse() {
		return this.dataSource.getHikariPoolMXBean().getActiveConnections();
	}

	@Override
	boolean aTransactionWaits() {
		// Outside of the pool, whose connections are all in use.
		return this.database.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
				+ " AND datname = current_database()") == 1;
	}

	@Override
	Set<Ability> abilities() {
		return EnumSet.allOf(Ability.class);
	}

	@Override
	void clear() {
		super.clear();
		this.sql.sql("TRUNCATE outbox_event, outbox_scheduled, outbox_idempotency, orders, statements").update();
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
