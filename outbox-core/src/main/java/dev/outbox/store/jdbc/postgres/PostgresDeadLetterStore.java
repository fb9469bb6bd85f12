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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.jdbc.EventRows;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TableNames;

/**
 * The dead letters in PostgreSQL.
 */
public final class PostgresDeadLetterStore implements DeadLetterStore {

	private final JdbcWork work;

	private final String list;

	private final String find;

	private final String findEvent;

	private final String unblock;

	private final String replayHead;

	private final String replayLast;

	private final String discard;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 */
	public PostgresDeadLetterStore(DataSource dataSource, TableNames tables) {
		this.work = new JdbcWork(dataSource);
		String select = "SELECT number, " + EventRows.COLUMNS
				+ ", payload, seq, attempts, first_failed_at, died_at, error FROM ${dead_letter} ";
		this.list = tables.apply(select + "WHERE number > ? ORDER BY number LIMIT ?");
		this.find = tables.apply(select + "WHERE number = ?");
		this.findEvent = tables.apply(select + "WHERE id = ? ORDER BY number");
		this.unblock = tables.apply("""
				DELETE FROM ${blocked_key} b USING ${dead_letter} l
				WHERE l.number = ? AND l.blocks_key AND b.transport = l.transport AND b.destination = l.destination
					AND b.event_key = l.event_key""");
		String replay = """
				WITH letter AS (DELETE FROM ${dead_letter} WHERE number = ? RETURNING seq, payload, %1$s)
				INSERT INTO ${event} (%2$spayload, %1$s) %3$s SELECT %2$spayload, %1$s FROM letter""";
		this.replayHead = tables.apply(replay.formatted(EventRows.COLUMNS, "seq, ", "OVERRIDING SYSTEM VALUE"));
		this.replayLast = tables.apply(replay.formatted(EventRows.COLUMNS, "", ""));
		this.discard = tables.apply("DELETE FROM ${dead_letter} WHERE number = ?");
	}

	@Override
	public List<DeadLetter> list(long afterNumber, int limit) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.list)) {
				statement.setLong(1, afterNumber);
				statement.setInt(2, limit);
				return letters(statement);
			}
		});
	}

	@Override
	public Optional<DeadLetter> find(long number) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.find)) {
				statement.setLong(1, number);
				return letters(statement).stream().findFirst();
			}
		});
	}

	@Override
	public Optional<DeadLetter> find(UUID eventId) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.findEvent)) {
				statement.setObject(1, eventId);
				return letters(statement).stream().findFirst();
			}
		});
	}

	private List<DeadLetter> letters(PreparedStatement statement) throws SQLException {
		List<DeadLetter> letters = new ArrayList<>();
		EventRows rows = new EventRows(PostgresFormat.INSTANCE);
		try (ResultSet row = statement.executeQuery()) {
			while (row.next()) {
				int next = 2 + EventRows.COUNT;
				letters.add(new DeadLetter(row.getLong(1), row.getLong(next + 1), row.getInt(3),
						rows.event(row, 2, row.getBytes(next)), row.getInt(next + 2),
						PostgresFormat.INSTANCE.time(row, next + 3),
						Objects.requireNonNull(PostgresFormat.INSTANCE.time(row, next + 4)),
						Objects.requireNonNull(row.getString(next + 5))));
			}
		}
		return letters;
	}

	/**
	 * The head of a blocked key goes back to its place, all others to the end: their keys
	 * have gone on without them.
	 */
	@Override
	public boolean replay(long number) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			boolean unblocked = update(connection, this.unblock, number) == 1;
			return update(connection, unblocked ? this.replayHead : this.replayLast, number) == 1;
		});
	}

	@Override
	public boolean discard(long number) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			update(connection, this.unblock, number);
			return update(connection, this.discard, number) == 1;
		});
	}

	private static int update(Connection connection, String sql, long number) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setLong(1, number);
			return statement.executeUpdate();
		}
	}

}
