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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.outbox.store.jdbc.SchemaState;
import dev.outbox.store.jdbc.TableColumns;
import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;

/**
 * Compares the tables with what the statements of this package need.
 */
final class PostgresSchemaInspection {

	private static final int OLDEST_SERVER = 140_000;

	private static final TableColumns COLUMNS = new TableColumns(Map.of("event", "xid"));

	private final Connection connection;

	private final TableNames tables;

	PostgresSchemaInspection(Connection connection, TableNames tables) {
		this.connection = connection;
		this.tables = tables;
	}

	SchemaState state() throws SQLException {
		String old = serverProblem();
		if (old != null) {
			return new SchemaState(true, List.of(), old);
		}
		SchemaState state = COLUMNS.compare(this.tables.prefix(), this::columnsOf);
		return new SchemaState(state.exists(), state.missing(), state.missing().isEmpty() ? sequenceProblem() : null);
	}

	/**
	 * Servers that speak PostgreSQL's protocol say that they are PostgreSQL, and have its
	 * functions, but not what these promise.
	 */
	@Nullable String serverProblem() throws SQLException {
		String name = text("SELECT version()");
		if (name.contains("CockroachDB")) {
			return "the server is CockroachDB, where advisory locks exclude nobody, and no snapshot says which transactions"
					+ " it has not seen: two instances could send the events of one key, and events that commit late"
					+ " would be passed over. Use PostgreSQL 14 or newer";
		}
		if (name.contains("-YB-") || name.contains("YugabyteDB")) {
			return "the server is YugabyteDB, whose sessions take numbers in advance, and whose snapshots do not say which"
					+ " transactions they have not seen: the events of a key could change their order, and events that"
					+ " commit late would be passed over. Use PostgreSQL 14 or newer";
		}
		int version = Integer.parseInt(text("SELECT current_setting('server_version_num')"));
		return (version >= OLDEST_SERVER) ? null : "PostgreSQL 14 or newer is needed, but the server is version "
				+ version / 10_000 + ". Upgrade the server";
	}

	private Set<String> columnsOf(String table) throws SQLException {
		Set<String> columns = new HashSet<>();
		try (PreparedStatement statement = this.connection.prepareStatement("""
				SELECT attname FROM pg_attribute
				WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped""")) {
			statement.setString(1, this.tables.apply("${" + table + "}"));
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					columns.add(row.getString(1));
				}
			}
		}
		return columns;
	}

	/**
	 * Numbers must be taken one by one, and never a second time: the order of the events
	 * of a key is the order of their numbers.
	 */
	private @Nullable String sequenceProblem() throws SQLException {
		String name = this.tables.prefix() + "event_seq_seq";
		String owned = text("SELECT pg_get_serial_sequence(?, 'seq')::regclass = to_regclass(?)",
				this.tables.apply("${event}"), this.tables.apply("${event_seq_seq}"));
		if (!"t".equals(owned)) {
			return "the column " + this.tables.prefix() + "event.seq does not take its values from the sequence " + name
					+ ". Rename its identity sequence, or create the tables with the outbox's own migrations";
		}
		String cache = text("SELECT seqcache FROM pg_sequence WHERE seqrelid = to_regclass(?)",
				this.tables.apply("${event_seq_seq}"));
		if (!"1".equals(cache)) {
			return "the sequence " + name + " has CACHE " + cache + ", so that sessions take numbers in advance and the"
					+ " events of a key could change their order. Run ALTER SEQUENCE " + name + " CACHE 1";
		}
		// The sequence is read last: it may only be found ahead of the rows.
		String highest = text(this.tables.apply("SELECT coalesce((SELECT max(seq) FROM ${event}), 0)"));
		String last = text(this.tables.apply("""
				SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM ${event_seq_seq}"""));
		if (Long.parseLong(last) < Long.parseLong(highest)) {
			return "the sequence " + name + " stands at " + last + ", but there is an event with number " + highest
					+ ": new events would be taken for old ones. Run SELECT setval('" + name + "', " + highest + ')';
		}
		return null;
	}

	private String text(String sql, String... parameters) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setString(i + 1, parameters[i]);
			}
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return Objects.requireNonNullElse(row.getString(1), "");
			}
		}
	}

}
