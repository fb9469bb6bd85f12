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

package dev.outbox.store.jdbc.sqlserver;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Map;
import java.util.Set;

import dev.outbox.store.jdbc.PortableDialect;
import dev.outbox.store.jdbc.PortableFormat;
import dev.outbox.store.jdbc.TableColumns;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.TransactionMode;
import dev.outbox.store.jdbc.UtcTimes;
import org.jspecify.annotations.Nullable;

/**
 * SQL Server 2019 and newer, in a database with {@code READ_COMMITTED_SNAPSHOT} and
 * {@code ALLOW_SNAPSHOT_ISOLATION}.
 * <p>
 * Written from its documentation and checked against a grammar; no server was there to
 * run it on.
 */
public final class SqlServerDialect extends PortableDialect {

	private static final TableColumns COLUMNS = new TableColumns(
			Map.of("event", "version", "returned", "number, seq, returned_at", "blocked_key", "identity_hash"));

	private static final PortableFormat TIMES = new UtcTimes();

	/**
	 * JDBC has no name for it.
	 */
	private static final int ISOLATION_SNAPSHOT = 4096;

	private static final TransactionMode READ_COMMITTED = TransactionMode
		.isolation(Connection.TRANSACTION_READ_COMMITTED);

	private static final int SQL_SERVER_2019 = 15;

	private static final int LOCK_TIMEOUT_MILLIS = 60_000;

	/**
	 * The server takes 2,100, and the driver needs some for itself.
	 */
	private static final int MOST_PARAMETERS = 2_000;

	/**
	 * A row of an index, or of a key, is there already.
	 */
	private static final Set<Integer> DUPLICATE = Set.of(2601, 2627);

	/**
	 * A row has changed that a snapshot must not see changed.
	 */
	private static final int CHANGED_SINCE_SNAPSHOT = 3960;

	/**
	 * A deadlock, a conflict of snapshots, a transaction that cannot be committed, and a
	 * log that is full: the next statement begins another transaction.
	 */
	private static final Set<Integer> ROLLED_BACK = Set.of(1205, CHANGED_SINCE_SNAPSHOT, 3961, 3930, 3998, 9002);

	private static final String STARTED = "SELECT DATEDIFF_BIG(SECOND, '1970-01-01', create_date) FROM sys.databases"
			+ " WHERE name = N'tempdb'";

	private static final String GO_ON = "SET XACT_ABORT OFF; ";

	/**
	 * A right on an object, on a column, or to create a table is missing, or the schema
	 * is.
	 */
	private static final Set<Integer> FORBIDDEN = Set.of(229, 230, 262, 2760);

	/**
	 * In two steps: one takes no more than 24 days of milliseconds.
	 */
	private static final String MILLIS_LATER = """
			DATEADD(MILLISECOND, CAST(%2$s - %2$s / 1000 * 1000 AS int), DATEADD(SECOND, CAST(%2$s / 1000 AS int), %1$s))""";

	@Override
	public String name() {
		return "sqlserver";
	}

	@Override
	public boolean supports(String productName) {
		return productName.equals("Microsoft SQL Server");
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

	/**
	 * One that is not committed would be seen, but such a read may overlook rows while
	 * pages are split.
	 */
	@Override
	public TransactionMode readUncommitted() {
		return READ_COMMITTED;
	}

	/**
	 * Each row of the table of events has a number of the database's that its transaction
	 * has taken.
	 */
	@Override
	public String transactionMarks() {
		return "SELECT CAST(@@DBTS AS bigint), CAST(MIN_ACTIVE_ROWVERSION() AS bigint)";
	}

	@Override
	public String now() {
		return "SYSUTCDATETIME()";
	}

	@Override
	public String fromNow() {
		return "(SELECT " + MILLIS_LATER.formatted(now(), "later.millis")
				+ " FROM (SELECT CAST(? AS bigint) AS millis) later)";
	}

	@Override
	public String millisBetween(String start, String end) {
		return "CEILING(DATEDIFF_BIG(MICROSECOND, " + start + ", " + end + ") / 1000.0)";
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

	/**
	 * Shared locks that are kept until the end, also where reads take none.
	 */
	@Override
	public String sharing() {
		return " WITH (REPEATABLEREAD, ROWLOCK)";
	}

	@Override
	public String locking() {
		return " WITH (UPDLOCK, ROWLOCK)";
	}

	@Override
	public String lockingUnlessLocked() {
		return " WITH (UPDLOCK, READPAST, ROWLOCK)";
	}

	@Override
	public String first(String count) {
		return " OFFSET 0 ROWS FETCH NEXT " + count + " ROWS ONLY";
	}

	@Override
	public String part(String query) {
		return "SELECT * FROM (" + query + ") part_of_union";
	}

	/**
	 * The server would rather read the whole table than look up many ranges.
	 */
	@Override
	public String inRanges(int count) {
		String range = "seq BETWEEN ? AND ?";
		return " WITH (FORCESEEK) WHERE (" + range + (" OR " + range).repeat(count - 1) + ')';
	}

	@Override
	public String useIndex(String index) {
		return " WITH (INDEX (" + index + "))";
	}

	/**
	 * The order of a list of values is not one of rows: numbers are promised in the order
	 * of a query only. A failure ends the statement, and not the application's
	 * transaction.
	 */
	@Override
	public String insertRows(String table, String columns, int rows) {
		if (rows == 1) {
			return GO_ON + super.insertRows(table, columns, 1);
		}
		StringBuilder values = new StringBuilder();
		String marks = ", ?".repeat((int) columns.chars().filter((c) -> c == ',').count() + 1);
		for (int row = 1; row <= rows; row++) {
			values.append((row > 1) ? ", " : "").append('(').append(row).append(marks).append(')');
		}
		return GO_ON + "INSERT INTO " + table + " (" + columns + ") SELECT " + columns + " FROM (VALUES " + values
				+ ") listed (place, " + columns + ") ORDER BY place";
	}

	@Override
	public String insertNumbered(String insert) {
		return "SET IDENTITY_INSERT ${event} ON; " + insert + "; SET IDENTITY_INSERT ${event} OFF";
	}

	@Override
	public int mostParameters() {
		return MOST_PARAMETERS;
	}

	@Override
	public String byteLength(String column) {
		return "DATALENGTH(" + column + ')';
	}

	@Override
	public String contains(String column) {
		return "CHARINDEX(?, " + column + ") > 0";
	}

	/**
	 * Characters beyond the first plane are two.
	 */
	@Override
	public int length(String text) {
		return text.length();
	}

	/**
	 * No collation tells a text from the same text with blanks behind it.
	 */
	@Override
	public boolean distinguishes(String text) {
		return !text.endsWith(" ");
	}

	/**
	 * The setting ends with the batch. With another one of the application's, a row that
	 * is there already would take back what its transaction has done before.
	 */
	@Override
	public String insertIfAbsent() {
		return GO_ON + "INSERT INTO";
	}

	/**
	 * The statement has ended, and not the transaction.
	 */
	@Override
	public boolean isDuplicate(SQLException failure) {
		return DUPLICATE.contains(failure.getErrorCode());
	}

	/**
	 * Without HOLDLOCK, which would keep off who claims a key beside this one: that
	 * another transaction was faster is told by {@link #isDuplicate}.
	 */
	@Override
	public String claimKey() {
		return GO_ON + """
				MERGE INTO ${idempotency} WITH (ROWLOCK) AS k
				USING (SELECT CAST(? AS nvarchar(700)) AS idempotency_key, CAST(? AS binary(16)) AS id,
					SYSUTCDATETIME() AS created_at, CAST(? AS bigint) AS millis) AS n
				ON k.idempotency_key = n.idempotency_key
				WHEN MATCHED AND k.created_at < %s
					THEN UPDATE SET id = n.id, created_at = n.created_at
				WHEN NOT MATCHED
					THEN INSERT (idempotency_key, id, created_at) VALUES (n.idempotency_key, n.id, n.created_at);"""
			.formatted(MILLIS_LATER.formatted("n.created_at", "(-n.millis)"));
	}

	@Override
	public String isReplica() {
		return "CASE WHEN CAST(DATABASEPROPERTYEX(DB_NAME(), 'Updateability') AS nvarchar(20)) = N'READ_ONLY' THEN 1 ELSE 0 END";
	}

	/**
	 * The server makes this database anew when it starts, and everybody may ask when that
	 * was.
	 */
	@Override
	public long serverStart(Connection connection, TableNames tables) throws SQLException {
		return Long.parseLong(first(connection, STARTED));
	}

	/**
	 * The driver connects again without saying so, by default. Numbers of sessions are
	 * given out again after a restart.
	 */
	@Override
	public String session() {
		return '(' + STARTED + ')';
	}

	@Override
	public long nextNumber(Connection connection, TableNames tables) throws SQLException {
		String sql = tables.apply("SELECT CAST(IDENT_CURRENT('${event}') AS bigint) + 1", quote());
		return Long.parseLong(first(connection, sql));
	}

	/**
	 * Ends with the transaction, as what creates tables does. There is a transaction only
	 * when something has been read.
	 */
	@Override
	public void lockSchema(Connection connection, TableNames tables) throws SQLException {
		first(connection, "SELECT count(*) FROM sys.tables");
		try (CallableStatement statement = connection
			.prepareCall("{? = call sp_getapplock(?, 'Exclusive', 'Transaction', ?)}")) {
			statement.registerOutParameter(1, Types.INTEGER);
			statement.setString(2, "outbox:" + Long.toHexString(tables.lock("schema")));
			statement.setInt(3, LOCK_TIMEOUT_MILLIS);
			statement.execute();
			if (statement.getInt(1) < 0) {
				throw new SQLException("Another instance has been creating the tables of the outbox for "
						+ LOCK_TIMEOUT_MILLIS / 1000 + " seconds, or the lock was refused: " + statement.getInt(1));
			}
		}
	}

	/**
	 * A session has the schema of its user: the script names it with each table.
	 */
	@Override
	public @Nullable String useSchema(String schema) {
		return null;
	}

	/**
	 * In the scripts brackets stand around the names of tables, and nothing else.
	 */
	@Override
	public String inSchema(String schema, String script) {
		return script.replace("[", '[' + schema + "].[");
	}

	@Override
	public boolean isConflict(SQLException failure) {
		return failure.getErrorCode() == CHANGED_SINCE_SNAPSHOT || isDuplicate(failure);
	}

	@Override
	public boolean rollsBack(SQLException failure) {
		return ROLLED_BACK.contains(failure.getErrorCode());
	}

	/**
	 * In the collation of the database, which as a rule does not tell the case.
	 */
	@Override
	public boolean hasSchema(Connection connection, String schema) throws SQLException {
		return !first(connection, "SELECT SCHEMA_ID(N'" + schema + "')").isEmpty();
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
		if (connection.getMetaData().getDatabaseMajorVersion() < SQL_SERVER_2019) {
			return "SQL Server 2019 or newer is needed, but the server is "
					+ connection.getMetaData().getDatabaseProductVersion() + ". Upgrade the server";
		}
		if (first(connection, "SELECT name FROM sys.databases WHERE name = N'tempdb'").isEmpty()) {
			return "the server does not say when it was started: sys.databases has no row for tempdb, as on Azure SQL"
					+ " Database. Use SQL Server 2019 or newer";
		}
		return snapshotProblem(connection);
	}

	private static @Nullable String snapshotProblem(Connection connection) throws SQLException {
		String own = " FROM sys.databases WHERE database_id = DB_ID()";
		if (!first(connection, "SELECT CAST(is_read_committed_snapshot_on AS int)" + own).equals("1")) {
			return "READ_COMMITTED_SNAPSHOT is off in this database, so that who reads waits for who writes."
					+ " Run, while nobody else is connected: ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON";
		}
		if (!first(connection, "SELECT CAST(snapshot_isolation_state AS int)" + own).equals("1")) {
			return "ALLOW_SNAPSHOT_ISOLATION is off in this database, so that several queries cannot see the same"
					+ " state. Run: ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON";
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
