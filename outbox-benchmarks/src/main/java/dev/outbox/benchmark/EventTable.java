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

import java.time.Duration;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.Partitions;
import dev.outbox.store.jdbc.EventRows;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jdbc.JdbcStoreTransactions;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The tables of the outbox in a database of their own, filled and emptied by SQL.
 */
abstract class EventTable implements MeasuredOutbox {

	static final TableNames NAMES = new TableNames(null, "outbox_");

	private static final int ROWS_PER_TRANSACTION = 10_000;

	private final TestDatabase<?> database;

	private final JdbcDialect dialect;

	EventTable(TestDatabase<?> database, JdbcDialect dialect) {
		this.database = database;
		this.dialect = dialect;
		new OutboxSchema(dialect, database.dataSource(), NAMES).create();
		this.database.sql(
				"CREATE TABLE business_order (id bigint PRIMARY KEY, customer varchar(100), total numeric, note text)",
				"CREATE TABLE benchmark_key (n int PRIMARY KEY, part smallint, name varchar(100))");
	}

	final TestDatabase<?> database() {
		return this.database;
	}

	final JdbcDialect dialect() {
		return this.dialect;
	}

	/**
	 * Empty the tables, and let the server write down what it has to.
	 */
	final void clear() {
		this.database.sql("TRUNCATE TABLE outbox_event", "TRUNCATE TABLE business_order", writeDown());
	}

	final JdbcAddress address() {
		return new JdbcAddress(this.database.jdbcUrl(), this.database.user());
	}

	@Override
	public final RelaySide relaySide(boolean archive) {
		return RelaySide.of(this.dialect, address(), archive);
	}

	@Override
	public final ApplicationSide applicationSide(int connections) {
		return applicationSide(address().pool("application", connections));
	}

	/**
	 * Return the application's side.
	 * @param pool its connections, which are closed together with the side
	 */
	final ApplicationSide applicationSide(HikariDataSource pool) {
		JdbcTemplate jdbc = new JdbcTemplate(pool);
		JdbcStoreTransactions storeTransactions = new JdbcStoreTransactions(pool);
		JdbcTransactionManager manager = new JdbcTransactionManager(pool);
		manager.addListener(storeTransactions);
		return new ApplicationSide(new TransactionTemplate(manager),
				new JdbcEventStore(pool, this.dialect.eventWriter(NAMES, Duration.ofDays(7))), storeTransactions,
				(id) -> jdbc.update("INSERT INTO business_order (id, customer, total, note) VALUES (?, ?, ?, ?)", id,
						"customer-" + id % 1000, id % 100, "an order of the benchmark"),
				pool::close);
	}

	@Override
	public final void fill(Backlog backlog) {
		clear();
		keys(backlog.keys());
		for (long from = 0; from < backlog.events(); from += ROWS_PER_TRANSACTION) {
			long to = Math.min(backlog.events(), from + ROWS_PER_TRANSACTION) - 1;
			this.database.update(insert().replace(":transport", "'" + backlog.transport() + "'"), backlog.topic(),
					backlog.headers(), backlog.payloadBytes(), from, to, backlog.keys());
		}
		this.database.sql(writeDown());
	}

	/**
	 * Replace what is in the archive by events that have been delivered.
	 * @param delivered what was delivered
	 */
	final void archive(Backlog delivered) {
		this.database.sql("TRUNCATE TABLE outbox_archive");
		for (long from = 0; from < delivered.events(); from += ROWS_PER_TRANSACTION) {
			fill(delivered.withEvents(Math.min(ROWS_PER_TRANSACTION, delivered.events() - from)));
			this.database
				.sql("INSERT INTO outbox_archive (seq, " + EventRows.COLUMNS + ", payload, archived_at) SELECT seq, "
						+ EventRows.COLUMNS + ", payload, created_at FROM outbox_event ORDER BY seq");
		}
		clear();
	}

	private void keys(int keys) {
		if (this.database.number("SELECT count(*) FROM benchmark_key") == keys) {
			return;
		}
		Partitions partitions = new Partitions(64);
		this.database.sql("TRUNCATE TABLE benchmark_key");
		StringBuilder values = new StringBuilder();
		for (int n = 0; n < keys; n++) {
			String name = "key-" + n;
			values.append((n > 0) ? "," : "")
				.append("(%d,%d,'%s')".formatted(n, partitions.partitionOf(name, new UUID(0, 0)), name));
		}
		this.database.sql("INSERT INTO benchmark_key VALUES " + values, analyze());
	}

	/**
	 * Return the statement that inserts events of {@code :transport}: with topic,
	 * headers, size of the payload, first and last number, and how many keys there are as
	 * parameters.
	 */
	abstract String insert();

	/**
	 * Return the statement that lets the server write down what it has to.
	 */
	abstract String writeDown();

	/**
	 * Return the statement that lets the server get to know the keys.
	 */
	abstract String analyze();

	@Override
	public final void close() {
		this.database.close();
	}

}
