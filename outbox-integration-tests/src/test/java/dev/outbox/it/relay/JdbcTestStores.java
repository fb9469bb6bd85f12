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

package dev.outbox.it.relay;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.it.store.Ability;
import dev.outbox.it.store.JdbcTransaction;
import dev.outbox.it.store.Product;
import dev.outbox.test.contract.Transaction;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;

/**
 * The stores of one database with tables.
 */
final class JdbcTestStores extends TestStores {

	private static final TableNames TABLES = new TableNames(null, "outbox_");

	private final TestDatabase<?> database;

	private final Product product;

	private final JdbcDialect dialect;

	private final HikariDataSource pool;

	JdbcTestStores(TestDatabase<?> database) {
		this.database = database;
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(database.jdbcUrl());
		config.setUsername(database.user());
		config.setPassword(database.password());
		config.setMaximumPoolSize(8);
		this.pool = new HikariDataSource(config);
		this.product = Product.of(database);
		this.dialect = this.product.dialect();
		new OutboxSchema(this.dialect, database.dataSource(), TABLES).create();
	}

	@Override
	RelayStore relayStore() {
		return this.dialect.relayStore(this.pool, TABLES, false);
	}

	@Override
	LeaseStore leaseStore() {
		return this.dialect.leaseStore(this.pool, TABLES, 64);
	}

	@Override
	DeadLetterStore deadLetters() {
		return this.dialect.deadLetterStore(this.pool, TABLES);
	}

	@Override
	HoldStore holds() {
		return this.dialect.holdStore(this.database.dataSource(), TABLES);
	}

	@Override
	Set<Ability> abilities() {
		return switch (this.product) {
			case POSTGRESQL -> EnumSet.allOf(Ability.class);
			case SQLITE -> EnumSet.complementOf(EnumSet.of(Ability.TRANSACTION_NUMBERS, Ability.LOCKS));
			default -> EnumSet.complementOf(EnumSet.of(Ability.TRANSACTION_NUMBERS));
		};
	}

	@Override
	int connectionsInUse() {
		return this.pool.getHikariPoolMXBean().getActiveConnections();
	}

	@Override
	JdbcTransaction begin() {
		return new JdbcTransaction(this.database.dataSource(), this.dialect.eventWriter(TABLES, Duration.ofDays(7)));
	}

	@Override
	JdbcTransaction beginLocking(String table) {
		return begin().sql(this.product.lockTable("outbox_" + table));
	}

	@Override
	JdbcTransaction beginLockingEvents() {
		return begin().readCommitted().sql("SELECT 1 FROM outbox_event FOR UPDATE");
	}

	@Override
	void makeTransactionOlder(Transaction transaction, String key) {
		((JdbcTransaction) transaction).sql("UPDATE outbox_event SET xid = '3' WHERE event_key = '" + key + "'");
	}

	@Override
	long count(String table) {
		return this.database.number("SELECT count(*) FROM outbox_" + table);
	}

	@Override
	List<Row> events() {
		return this.database
			.query("SELECT part, event_key, transport, attempts, crashes FROM outbox_event ORDER BY seq")
			.stream()
			.map((row) -> new Row(((Number) row.get("part")).intValue(), (String) row.get("event_key"),
					(String) row.get("transport"), ((Number) row.get("attempts")).intValue(),
					((Number) row.get("crashes")).intValue()))
			.toList();
	}

	@Override
	long ownedPartitions() {
		return this.database.number("SELECT count(*) FROM outbox_partition WHERE owner IS NOT NULL");
	}

	@Override
	BooleanSupplier heartbeats() {
		Object then = this.database.value("SELECT " + this.product.fromNow(3));
		return () -> this.database.number("SELECT count(*) FROM outbox_instance WHERE expires_at < ?", then) == 0;
	}

	@Override
	void clear() {
		for (String table : List.of("event", "scheduled", "dead_letter", "archive", "instance", "partition",
				"blocked_key", "destination_state", "audit")) {
			clear(table);
		}
	}

	@Override
	void clear(String table) {
		this.database.sql("DELETE FROM outbox_" + table);
	}

	@Override
	void delay(String destination, Duration time) {
		this.database.update("UPDATE outbox_event SET attempts = 1, first_failed_at = " + this.product.fromNow(0)
				+ ", next_attempt_at = " + fromNow(time) + " WHERE destination = ?", destination);
	}

	@Override
	void retryIn(Duration time) {
		this.database.sql("UPDATE outbox_event SET next_attempt_at = " + fromNow(time));
	}

	@Override
	void raiseEpochs() {
		this.database.sql("UPDATE outbox_partition SET epoch = epoch + 1");
	}

	@Override
	void giveAway(int partitions) {
		this.database.sql("UPDATE outbox_partition SET owner = " + this.product.randomId()
				+ ", epoch = epoch + 1 WHERE part < " + partitions);
	}

	@Override
	void refuseErrors(boolean refuse) {
		this.database.sql(refuse ? "ALTER TABLE outbox_event ADD CONSTRAINT no_errors CHECK (last_error IS NULL)"
				: "ALTER TABLE outbox_event DROP CONSTRAINT no_errors");
	}

	@Override
	void damage(String column, List<String> payloads) {
		String those = payloads.stream().map((payload) -> "'" + payload + "'").collect(Collectors.joining(", "));
		this.database.update("UPDATE outbox_event SET " + column + " = '{\"n\": 3000000000}' WHERE "
				+ this.product.text("payload") + " IN (" + those + ")");
	}

	@Override
	void repairDeadLetters(String column) {
		this.database.update("UPDATE outbox_dead_letter SET " + column + " = '{\"n\": 3}'");
	}

	@Override
	void cutConnections() {
		this.product.cutSessions(this.database);
	}

	private String fromNow(Duration time) {
		return this.product.fromNow(time.toMillis() / 1000.0);
	}

	@Override
	public void close() {
		this.pool.close();
	}

}
