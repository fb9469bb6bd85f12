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

package dev.outbox.store.jdbc.h2;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;

import dev.outbox.store.jdbc.IndexCatalogue;
import dev.outbox.store.jdbc.PortableDialect;
import dev.outbox.store.jdbc.PortableFormat;
import dev.outbox.store.jdbc.SchemaLock;
import dev.outbox.store.jdbc.TableColumns;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.TransactionMode;
import org.jspecify.annotations.Nullable;

/**
 * H2 2.2 and newer, in any of its compatibility modes, which is why only standard SQL is
 * used: in memory, in a file, or as a server.
 */
public final class H2Dialect extends PortableDialect {

	private static final TableColumns COLUMNS = new TableColumns(
			Map.of("returned", "number, seq, returned_at", "opened", "number, opened_at"));

	private static final PortableFormat TIMES = new OffsetTimes();

	/**
	 * JDBC has no name for it.
	 */
	private static final int ISOLATION_SNAPSHOT = 6;

	private static final TransactionMode READ_COMMITTED = TransactionMode
		.isolation(Connection.TRANSACTION_READ_COMMITTED);

	private static final int DUPLICATE = 23505;

	/**
	 * A row that a snapshot must not see has changed.
	 */
	private static final int CHANGED_CONCURRENTLY = 90131;

	/**
	 * Also what ends most deadlocks.
	 */
	private static final int LOCK_TIMEOUT = 50200;

	/**
	 * Not an administrator, not the owner of the schema, no right on a table.
	 */
	private static final Set<Integer> FORBIDDEN = Set.of(90040, 90096);

	private static final String CREATE_SETTINGS = """
			CREATE TABLE IF NOT EXISTS ${setting} (
				name VARCHAR_CASESENSITIVE(200) NOT NULL PRIMARY KEY,
				"VALUE" VARCHAR_CASESENSITIVE(500) NOT NULL)""";

	private static final String TAKE_LOCK = """
			MERGE INTO ${setting} s
			USING (SELECT 'lock.schema' AS name, CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP(6)) AS BIGINT) AS seconds) n
			ON s.name = n.name
			WHEN MATCHED AND CAST(s."VALUE" AS BIGINT) < n.seconds THEN UPDATE SET "VALUE" = n.seconds + %1$d
			WHEN NOT MATCHED THEN INSERT (name, "VALUE") VALUES (n.name, n.seconds + %1$d)"""
		.formatted(SchemaLock.VALID_SECONDS);

	/**
	 * No such table: none but others, of which one may have come a moment too late, or
	 * none at all. What is there already: a key, a table, or in a race an object.
	 */
	private static final SchemaLock.Statements LOCK = new SchemaLock.Statements(CREATE_SETTINGS, TAKE_LOCK, "\"VALUE\"",
			Set.of(42102, 42103, 42104), Set.of(23505, 42101, 50000));

	@Override
	public String name() {
		return "h2";
	}

	@Override
	public boolean supports(String productName) {
		return productName.equals("H2");
	}

	@Override
	public PortableFormat format() {
		return TIMES;
	}

	@Override
	public TransactionMode readCommitted() {
		return READ_COMMITTED;
	}

	@Override
	public TransactionMode snapshot() {
		return TransactionMode.isolation(ISOLATION_SNAPSHOT);
	}

	@Override
	public TransactionMode readUncommitted() {
		return TransactionMode.isolation(Connection.TRANSACTION_READ_UNCOMMITTED);
	}

	@Override
	public String now() {
		return "CURRENT_TIMESTAMP(6)";
	}

	@Override
	public String fromNow() {
		return "TIMESTAMPADD(MILLISECOND, CAST(? AS BIGINT), CURRENT_TIMESTAMP(6))";
	}

	@Override
	public String millisBetween(String start, String end) {
		return "CEILING(TIMESTAMPDIFF(MICROSECOND, " + start + ", " + end + ") / 1000.0)";
	}

	/**
	 * Rows are not shared here.
	 */
	@Override
	public String forShare() {
		return forUpdate();
	}

	@Override
	public String first(String count) {
		return " FETCH FIRST " + count + " ROWS ONLY";
	}

	@Override
	public String part(String query) {
		return '(' + query + ')';
	}

	/**
	 * A join looks each range up in the index, which alternatives in a condition do not.
	 */
	@Override
	public String inRanges(int count) {
		return " JOIN (VALUES (CAST(? AS BIGINT), CAST(? AS BIGINT))" + ", (?, ?)".repeat(count - 1)
				+ ") gap (first_seq, last_seq) ON seq BETWEEN first_seq AND last_seq";
	}

	@Override
	public String insertIfAbsent() {
		return "INSERT INTO";
	}

	@Override
	public boolean isDuplicate(SQLException failure) {
		return failure.getErrorCode() == DUPLICATE;
	}

	/**
	 * In upper case: it is quoted, because it is a reserved word.
	 */
	@Override
	public String value() {
		return "\"VALUE\"";
	}

	@Override
	public String claimKey() {
		return """
				MERGE INTO ${idempotency} k
				USING (SELECT CAST(? AS VARCHAR) AS idempotency_key, CAST(? AS UUID) AS id,
					CURRENT_TIMESTAMP(6) AS created_at) n
				ON k.idempotency_key = n.idempotency_key
				WHEN MATCHED AND k.created_at < TIMESTAMPADD(MILLISECOND, -CAST(? AS BIGINT), n.created_at)
					THEN UPDATE SET id = n.id, created_at = n.created_at
				WHEN NOT MATCHED
					THEN INSERT (idempotency_key, id, created_at) VALUES (n.idempotency_key, n.id, n.created_at)""";
	}

	@Override
	public String isReplica() {
		return "0";
	}

	/**
	 * The table is empty whenever the database has been opened.
	 */
	@Override
	public void noteServerStart(Connection connection, TableNames tables) throws SQLException {
		String sql = sql(tables, "INSERT INTO ${opened} (number, opened_at) SELECT 1, CURRENT_TIMESTAMP(6)"
				+ " WHERE NOT EXISTS (SELECT 1 FROM ${opened})");
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.executeUpdate();
		}
		catch (SQLException ex) {
			if (!isDuplicate(ex)) {
				throw ex;
			}
		}
	}

	/**
	 * In microseconds: a database can be closed and opened again within a moment.
	 */
	@Override
	public long serverStart(Connection connection, TableNames tables) throws SQLException {
		String sql = sql(tables, "SELECT CAST(max(EXTRACT(EPOCH FROM opened_at)) * 1000000 AS BIGINT) FROM ${opened}");
		try (PreparedStatement statement = connection.prepareStatement(sql); ResultSet row = statement.executeQuery()) {
			row.next();
			return row.getLong(1);
		}
	}

	/**
	 * Statements that create tables end transactions, and cannot be taken back.
	 */
	@Override
	public boolean resumesMigrations() {
		return true;
	}

	/**
	 * A table can be found before its primary key is there.
	 */
	@Override
	public void lockSchema(Connection connection, TableNames tables) throws SQLException {
		IndexCatalogue catalogue = IndexCatalogue.ofDriver();
		new SchemaLock(connection, LOCK, (statement) -> sql(tables, statement))
			.take(() -> catalogue.indexes(connection, tables, tables.prefix() + "setting")
				.stream()
				.anyMatch(IndexCatalogue.Index::primary));
	}

	/**
	 * The next one must see what was done.
	 */
	@Override
	public void unlockSchema(Connection connection, TableNames tables) throws SQLException {
		connection.commit();
		new SchemaLock(connection, LOCK, (statement) -> sql(tables, statement)).release();
	}

	@Override
	public String useSchema(String schema) {
		return "SET SCHEMA \"" + schema + '"';
	}

	@Override
	public void leaveSchema(Connection connection, @Nullable String catalog, @Nullable String schema)
			throws SQLException {
		if (schema != null) {
			connection.setSchema(schema);
		}
	}

	@Override
	public boolean isConflict(SQLException failure) {
		int code = failure.getErrorCode();
		return code == CHANGED_CONCURRENTLY || code == LOCK_TIMEOUT || isDuplicate(failure);
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
		DatabaseMetaData server = connection.getMetaData();
		if (server.getDatabaseMajorVersion() * 100 + server.getDatabaseMinorVersion() < 202) {
			return "H2 2.2 or newer is needed, but the database is " + server.getDatabaseProductVersion()
					+ ". Upgrade com.h2database:h2";
		}
		if (server.getURL().equals("jdbc:h2:mem:")) {
			return "a database in memory without a name is another one for each connection. Give it a name:"
					+ " jdbc:h2:mem:name;DB_CLOSE_DELAY=-1";
		}
		try (PreparedStatement statement = connection
			.prepareStatement("SELECT 'a' = 'A' OR 'e' = U&'\\00e9' OR 'a' = 'a '");
				ResultSet row = statement.executeQuery()) {
			row.next();
			return row.getBoolean(1) ? "the collation of the database takes keys for the same that differ."
					+ " Create the database without SET COLLATION, or with STRENGTH IDENTICAL" : null;
		}
	}

}
