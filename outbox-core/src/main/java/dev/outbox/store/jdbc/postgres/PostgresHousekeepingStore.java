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

package dev.outbox.store.jdbc.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

import javax.sql.DataSource;

import dev.outbox.store.ArchivePartition;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TableNames;

/**
 * Housekeeping on PostgreSQL.
 */
public final class PostgresHousekeepingStore implements HousekeepingStore {

	/**
	 * {@code clock_timestamp()} would be no bound for the index: all rows would be read.
	 */
	private static final String REMOVE = """
			DELETE FROM %1$s WHERE %2$s = ANY (ARRAY(
				SELECT %2$s FROM %1$s l WHERE %3$s < statement_timestamp() - ? * interval '1 millisecond' AND %4$s
				ORDER BY %3$s LIMIT ? FOR UPDATE SKIP LOCKED))""";

	/**
	 * A dead letter that blocks its key is an operator's to decide about.
	 */
	private static final String UNBLOCKED = """
			NOT EXISTS (SELECT 1 FROM ${blocked_key} b WHERE b.transport = l.transport
				AND b.destination = l.destination AND b.event_key = l.event_key AND b.seq = l.seq AND b.id = l.id)""";

	private final JdbcWork work;

	private final Map<Kept, String> statements = new EnumMap<>(Kept.class);

	private final long lock;

	private final PostgresArchivePartitions partitions;

	private final TableNames tables;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 */
	public PostgresHousekeepingStore(DataSource dataSource, TableNames tables) {
		this.work = new JdbcWork(dataSource);
		this.tables = tables;
		this.lock = tables.lock("housekeeping");
		this.partitions = new PostgresArchivePartitions(this.work, tables, this::isAlone);
		this.statements.put(Kept.IDEMPOTENCY_KEY,
				tables.apply(REMOVE.formatted("${idempotency}", "idempotency_key", "created_at", "true")));
		this.statements.put(Kept.ARCHIVED_EVENT, archived("${archive}"));
		this.statements.put(Kept.DEAD_LETTER,
				tables.apply(REMOVE.formatted("${dead_letter}", "number", "died_at", UNBLOCKED)));
		this.statements.put(Kept.AUDIT_ENTRY,
				tables.apply(REMOVE.formatted("${audit}", "number", "happened_at", "true")));
	}

	private String archived(String table) {
		return this.tables.apply(REMOVE.formatted(table, "number", "archived_at", "true"));
	}

	@Override
	public void maintainArchive(Duration retention, ArchivePartition partition) {
		this.partitions.maintain(retention, partition);
	}

	@Override
	public int removeExpired(Kept what, Duration retention, int limit) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			if (!isAlone(connection)) {
				return 0;
			}
			try (PreparedStatement statement = connection.prepareStatement(statement(what))) {
				statement.setLong(1, retention.toMillis());
				statement.setInt(2, limit);
				return statement.executeUpdate();
			}
		});
	}

	private String statement(Kept what) {
		String remainder = (what == Kept.ARCHIVED_EVENT) ? this.partitions.remainder() : null;
		return (remainder != null) ? archived(remainder) : Objects.requireNonNull(this.statements.get(what));
	}

	private boolean isAlone(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("SELECT pg_try_advisory_xact_lock(?)")) {
			statement.setLong(1, this.lock);
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1);
			}
		}
	}

}
