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
package dev.outbox.store.jdbc.oracle;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.outbox.store.jdbc.PortableDialect;
import dev.outbox.store.jdbc.PortableFormat;
import dev.outbox.store.jdbc.SchemaLock;
import dev.outbox.store.jdbc.SchemaState;
import dev.outbox.store.jdbc.TableColumns;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.TransactionMode;
import org.jspecify.annotations.Nullable;

/**
 * Oracle Database 19c and newer, with the character set AL32UTF8. Names are those that a
 * statement without quotes has: in upper case.
 * <p>
 * Written from its documentation and checked against a grammar; no server was there to
 * run it on.
 */
public final class OracleDialect extends PortableDialect {

	private static final TableColumns COLUMNS = new TableColumns(Map.of("returned", "number, seq, returned_at"));

	private static final PortableFormat FORMAT = new OracleFormat();

	private static final TransactionMode READ_COMMITTED = TransactionMode
		.settings("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");

	private static final String MILLIS = "CEIL(EXTRACT(DAY FROM %1$s) * 86400000 + EXTRACT(HOUR FROM %1$s) * 3600000"
			+ " + EXTRACT(MINUTE FROM %1$s) * 60000 + EXTRACT(SECOND FROM %1$s) * 1000)";

	private static final int DUPLICATE = 1;

	/**
	 * A deadlock, which has taken back the statement only, a row that has changed since a
	 * serializable transaction began, and a lock that a distributed transaction has
	 * waited for too long.
	 */
	private static final Set<Integer> CONFLICT = Set.of(60, 2049, 8177);

	/**
	 * Transaction rolled back: of a commit that was refused, of a branch of a distributed
	 * transaction.
	 */
	private static final Set<Integer> ROLLED_BACK = Set.of(2091, 2092, 24761);

	/**
	 * A reserved word, and the name of a column.
	 */
	private static final Pattern NUMBER = Pattern.compile("\\bnumber\\b");

	@Override
	public String name() {
		return "oracle";
	}

	@Override
	public boolean supports(String productName) {
		return productName.equals("Oracle");
	}

	@Override
	public String sql(TableNames tables, String statement) {
		return tables.apply(NUMBER.matcher(statement).replaceAll("\"NUMBER\""), OracleCatalog::identifier);
	}

	@Override
	public PortableFormat format() {
		return FORMAT;
	}

	@Override
	public TransactionMode readCommitted() {
		return READ_COMMITTED;
	}

	@Override
	public TransactionMode snapshot() {
		return TransactionMode.settings("SET TRANSACTION READ ONLY");
	}

	/**
	 * There is no such thing.
	 */
	@Override
	public TransactionMode readUncommitted() {
		return READ_COMMITTED;
	}

	/**
	 * The change numbers with which the running transactions have begun that have changed
	 * something: one that runs has one that is not above the newest. A few have none yet,
	 * or never: while there is such a one, the newest is not known, and none is known to
	 * have ended.
	 */
	@Override
	public String transactionMarks() {
		return OracleCatalog.MARKS;
	}

	@Override
	public String now() {
		return "SYS_EXTRACT_UTC(SYSTIMESTAMP)";
	}

	/**
	 * In days: an interval is not made of as many seconds as there may be.
	 */
	@Override
	public String fromNow() {
		return '(' + now() + " + NUMTODSINTERVAL(? / 86400000, 'DAY'))";
	}

	@Override
	public String millisBetween(String start, String end) {
		return MILLIS.formatted('(' + end + " - " + start + ')');
	}

	/**
	 * Rows are not shared here.
	 */
	@Override
	public String forShare() {
		return forUpdate();
	}

	@Override
	public @Nullable String forCopy() {
		return null;
	}

	/**
	 * A query with a limit locks nothing: another one chooses the rows.
	 */
	@Override
	public String lockFirst(String columns, String table, String condition) {
		return "SELECT " + columns + " FROM " + table + " WHERE ROWID IN (SELECT ROWID FROM " + table + " WHERE "
				+ condition + first("?") + ')' + forUpdateSkipLocked();
	}

	@Override
	public String fromNothing() {
		return " FROM DUAL";
	}

	@Override
	public String first(String count) {
		return " FETCH FIRST " + count + " ROWS ONLY";
	}

	@Override
	public String part(String query) {
		return "SELECT * FROM (" + query + ')';
	}

	@Override
	public String inRanges(int count) {
		return " JOIN (SELECT ? AS first_seq, ? AS last_seq FROM DUAL"
				+ " UNION ALL SELECT ?, ? FROM DUAL".repeat(count - 1) + ") gap ON seq BETWEEN first_seq AND last_seq";
	}

	@Override
	public String eachRange() {
		return " /*+ LEADING(gap) USE_NL(e) INDEX(e) */";
	}

	/**
	 * A name for {@link #eachRange}: hints stand at the beginning.
	 */
	@Override
	public String byPrimaryKey() {
		return " e";
	}

	@Override
	public boolean insertsInBatches() {
		return true;
	}

	@Override
	public String byteLength(String column) {
		return "NVL(DBMS_LOB.GETLENGTH(" + column + "), 0)";
	}

	/**
	 * A text without characters is none at all.
	 */
	@Override
	public boolean distinguishes(String text) {
		return !text.isEmpty();
	}

	@Override
	public String insertIfAbsent() {
		return "INSERT INTO";
	}

	/**
	 * The statement has ended, and not the transaction.
	 */
	@Override
	public boolean isDuplicate(SQLException failure) {
		return failure.getErrorCode() == DUPLICATE;
	}

	/**
	 * Not by MERGE, of which nobody says that it looks again at a row for which it has
	 * waited. An update does.
	 */
	@Override
	public String claimKey() {
		return """
				DECLARE
					claimed VARCHAR2(2800) := ?;
					claimant RAW(16) := ?;
					millis NUMBER(19) := ?;
				BEGIN
					UPDATE ${idempotency} SET id = claimant, created_at = %1$s
					WHERE idempotency_key = claimed AND created_at < %1$s - NUMTODSINTERVAL(millis / 86400000, 'DAY');
					IF SQL%%ROWCOUNT = 0 THEN
						INSERT INTO ${idempotency} (idempotency_key, id, created_at)
						SELECT claimed, claimant, %1$s FROM DUAL
						WHERE NOT EXISTS (SELECT 1 FROM ${idempotency} WHERE idempotency_key = claimed);
					END IF;
				END;""".formatted(now());
	}

	@Override
	public String isReplica() {
		return "CASE WHEN SYS_CONTEXT('USERENV', 'DATABASE_ROLE') <> 'PRIMARY' THEN 1 ELSE 0 END";
	}

	/**
	 * A number is not given out again after a restart, but it can be by a standby that
	 * has become the primary, which has another name.
	 */
	@Override
	public long serverStart(Connection connection, TableNames tables) throws SQLException {
		return Long.parseLong(new OracleCatalog(connection, tables).first("SELECT " + session() + " FROM DUAL"));
	}

	/**
	 * A driver may connect again elsewhere without saying so.
	 */
	@Override
	public String session() {
		return "(ORA_HASH(SYS_CONTEXT('USERENV', 'DB_UNIQUE_NAME')) + 1)";
	}

	/**
	 * Statements that create tables end transactions, and cannot be taken back.
	 */
	@Override
	public boolean resumesMigrations() {
		return true;
	}

	@Override
	public List<String> statements(String script) {
		return OracleCatalog.blocks(script);
	}

	@Override
	public String end() {
		return "\n/";
	}

	@Override
	public void lockSchema(Connection connection, TableNames tables) throws SQLException {
		new SchemaLock(connection, OracleCatalog.LOCK, (statement) -> sql(tables, statement)).take();
	}

	/**
	 * The next one must see what was done.
	 */
	@Override
	public void unlockSchema(Connection connection, TableNames tables) throws SQLException {
		connection.commit();
		new SchemaLock(connection, OracleCatalog.LOCK, (statement) -> sql(tables, statement)).release();
	}

	@Override
	public String useSchema(String schema) {
		return "ALTER SESSION SET CURRENT_SCHEMA = " + OracleCatalog.identifier(schema);
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
		return CONFLICT.contains(failure.getErrorCode()) || isDuplicate(failure);
	}

	@Override
	public boolean rollsBack(SQLException failure) {
		return ROLLED_BACK.contains(failure.getErrorCode());
	}

	@Override
	public boolean isForbidden(SQLException failure) {
		return OracleCatalog.FORBIDDEN.contains(failure.getErrorCode());
	}

	@Override
	public boolean hasSchema(Connection connection, String schema) throws SQLException {
		return OracleCatalog.hasUser(connection, schema);
	}

	@Override
	public SchemaState inspect(Connection connection, TableNames tables) throws SQLException {
		String problem = problem(connection, tables);
		return (problem != null) ? new SchemaState(true, List.of(), problem)
				: COLUMNS.compare(tables.prefix(), new OracleCatalog(connection, tables)::columnsOf);
	}

	@Override
	protected TableColumns columns() {
		return COLUMNS;
	}

	@Override
	protected @Nullable String problem(Connection connection, TableNames tables) throws SQLException {
		return new OracleCatalog(connection, tables).problem();
	}

}
