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

package dev.outbox.store.jdbc.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;

import dev.outbox.store.jdbc.CommitOrder;
import dev.outbox.store.jdbc.PortableDialect;
import dev.outbox.store.jdbc.PortableFormat;
import dev.outbox.store.jdbc.TableColumns;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.TransactionMode;
import org.jspecify.annotations.Nullable;

/**
 * SQLite 3.43 and newer: a file on one machine, which any number of its processes use.
 * <p>
 * One transaction writes at a time, and takes its numbers while it does: they become
 * visible in their order, and no row is late. Nothing needs to be locked but the file,
 * which a transaction that will write does when it begins: one that has read before it
 * writes fails if another one has written since.
 */
public final class SqliteDialect extends PortableDialect {

	private static final TableColumns COLUMNS = new TableColumns(Map.of("returned", "number, seq, returned_at"));

	private static final PortableFormat TIMES = new MicrosecondTimes();

	private static final TransactionMode WRITING = (connection) -> new SqliteTransaction(connection, "BEGIN IMMEDIATE");

	private static final TransactionMode READING = (connection) -> new SqliteTransaction(connection, "BEGIN");

	private static final long SHORTEST_PATIENCE = 1000;

	/**
	 * Somebody else is writing, or has written since the transaction has read.
	 */
	private static final Set<Integer> BUSY = Set.of(5, 6);

	/**
	 * The file cannot be written to, or the user of the process may not.
	 */
	private static final Set<Integer> FORBIDDEN = Set.of(3, 8, 23);

	@Override
	public String name() {
		return "sqlite";
	}

	@Override
	public boolean supports(String productName) {
		return productName.equals("SQLite");
	}

	@Override
	public PortableFormat format() {
		return TIMES;
	}

	@Override
	public TransactionMode readCommitted() {
		return WRITING;
	}

	@Override
	public TransactionMode reading() {
		return READING;
	}

	@Override
	public TransactionMode snapshot() {
		return READING;
	}

	/**
	 * What is not committed is never missing behind what is.
	 */
	@Override
	public TransactionMode readUncommitted() {
		return READING;
	}

	@Override
	public CommitOrder commitOrder() {
		return CommitOrder.AS_NUMBERED;
	}

	/**
	 * The clock of the machine, to the millisecond.
	 */
	@Override
	public String now() {
		return "(CAST(round(unixepoch('subsec') * 1000) AS INTEGER) * 1000)";
	}

	@Override
	public String fromNow() {
		return '(' + now() + " + ? * 1000)";
	}

	@Override
	public String millisBetween(String start, String end) {
		return "((" + end + " - " + start + " + 999) / 1000)";
	}

	@Override
	public String forShare() {
		return "";
	}

	@Override
	public String forUpdate() {
		return "";
	}

	@Override
	public String forUpdateSkipLocked() {
		return "";
	}

	@Override
	public String first(String count) {
		return " LIMIT " + count;
	}

	@Override
	public String part(String query) {
		return "SELECT * FROM (" + query + ')';
	}

	@Override
	public String inRanges(int count) {
		String range = "seq BETWEEN ? AND ?";
		return " WHERE (" + range + (" OR " + range).repeat(count - 1) + ')';
	}

	@Override
	public String insertIfAbsent() {
		return "INSERT OR IGNORE INTO";
	}

	@Override
	public String claimKey() {
		return "INSERT INTO ${idempotency} (idempotency_key, id, created_at) VALUES (?, ?, " + now()
				+ ") ON CONFLICT (idempotency_key) DO UPDATE SET id = excluded.id, created_at = excluded.created_at"
				+ " WHERE created_at < excluded.created_at - ? * 1000";
	}

	@Override
	public String isReplica() {
		return "0";
	}

	/**
	 * There is no server: a process that goes on has not lost what it has seen.
	 */
	@Override
	public long serverStart(Connection connection, TableNames tables) {
		return 1;
	}

	/**
	 * The transaction has locked the file already.
	 */
	@Override
	public void lockSchema(Connection connection, TableNames tables) {
	}

	@Override
	public String useSchema(String schema) {
		throw new IllegalArgumentException("outbox.store.schema is '" + schema
				+ "', but SQLite has no schemas. Nothing has been changed. Remove the property");
	}

	@Override
	public boolean isConflict(SQLException failure) {
		return BUSY.contains(failure.getErrorCode());
	}

	@Override
	public boolean isForbidden(SQLException failure) {
		return FORBIDDEN.contains(failure.getErrorCode());
	}

	@Override
	protected TableColumns columns() {
		return COLUMNS;
	}

	@Override
	protected @Nullable String problem(Connection connection, TableNames tables) throws SQLException {
		if (tables.schema() != null) {
			return "outbox.store.schema is '" + tables.schema() + "', but SQLite has no schemas. Remove the property";
		}
		if (first(connection, "SELECT file FROM pragma_database_list WHERE name = 'main'").isEmpty()) {
			return "a database in memory is another one for each connection, or cannot be read while it is written to."
					+ " Use a file: jdbc:sqlite:shop.db?journal_mode=WAL&busy_timeout=5000&transaction_mode=IMMEDIATE";
		}
		String journal = first(connection, "PRAGMA journal_mode");
		if (!journal.equals("wal")) {
			return "journal_mode is " + journal + ", in which who reads keeps off who writes. Add journal_mode=WAL to"
					+ " the URL, behind a question mark or an ampersand";
		}
		String patience = first(connection, "PRAGMA busy_timeout");
		if (Long.parseLong(patience) < SHORTEST_PATIENCE) {
			return "busy_timeout is " + patience + " ms, so that a transaction fails when another one takes longer than"
					+ " that. Add busy_timeout=5000 to the URL, at least " + SHORTEST_PATIENCE;
		}
		return null;
	}

	private static String first(Connection connection, String sql) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql); ResultSet row = statement.executeQuery()) {
			String value = row.next() ? row.getString(1) : null;
			return (value != null) ? value : "";
		}
	}

}
