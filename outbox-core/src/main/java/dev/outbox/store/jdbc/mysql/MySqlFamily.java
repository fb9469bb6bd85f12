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

package dev.outbox.store.jdbc.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.outbox.doctor.Examination;
import dev.outbox.store.jdbc.ExaminedDatabase;
import dev.outbox.store.jdbc.PortableDialect;
import dev.outbox.store.jdbc.PortableFormat;
import dev.outbox.store.jdbc.TableColumns;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.TransactionMode;
import dev.outbox.store.jdbc.UtcTimes;
import org.jspecify.annotations.Nullable;

/**
 * What MySQL and MariaDB have in common.
 */
abstract class MySqlFamily extends PortableDialect {

	private static final TableColumns COLUMNS = new TableColumns(
			Map.of("returned", "number, seq, returned_at", "blocked_key", "number, identity"));

	private static final PortableFormat TIMES = new UtcTimes();

	private static final TransactionMode READ_COMMITTED = TransactionMode
		.settings("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");

	private static final int LOCK_TIMEOUT_SECONDS = 60;

	/**
	 * Access denied to a database, or to a table.
	 */
	private static final Set<Integer> FORBIDDEN = Set.of(1044, 1142);

	private static final int CHANGED_SINCE_SNAPSHOT = 1020;

	/**
	 * For a lock: the statement has been rolled back, and the transaction goes on.
	 */
	private static final int WAITED_TOO_LONG = 1205;

	private static final int DEADLOCK = 1213;

	private static final Pattern OTHERS = Pattern.compile("(?i)tidb|vitess|planetscale");

	private static final Pattern NEXT_NUMBER = Pattern.compile("\\) ENGINE=.* AUTO_INCREMENT=(\\d+)");

	@Override
	public List<Examination> examinations(ExaminedDatabase database) {
		List<Examination> all = new ArrayList<>(super.examinations(database));
		all.add(new TransactionExamination(database, reading()));
		return all;
	}

	@Override
	public char quote() {
		return '`';
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
		return TransactionMode.settings("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
	}

	@Override
	public TransactionMode readUncommitted() {
		return TransactionMode.settings("SET TRANSACTION ISOLATION LEVEL READ UNCOMMITTED");
	}

	@Override
	public String now() {
		return "UTC_TIMESTAMP(6)";
	}

	@Override
	public String fromNow() {
		return "TIMESTAMPADD(MICROSECOND, ? * 1000, UTC_TIMESTAMP(6))";
	}

	@Override
	public String millisBetween(String start, String end) {
		return "CEILING(TIMESTAMPDIFF(MICROSECOND, " + start + ", " + end + ") / 1000)";
	}

	@Override
	public String forShare() {
		return " LOCK IN SHARE MODE";
	}

	@Override
	public String first(String count) {
		return " LIMIT " + count;
	}

	@Override
	public String part(String query) {
		return '(' + query + ')';
	}

	@Override
	public String inRanges(int count) {
		String range = "seq BETWEEN ? AND ?";
		return " WHERE (" + range + (" OR " + range).repeat(count - 1) + ')';
	}

	@Override
	public String useIndex(String index) {
		return " FORCE INDEX (" + index + ")";
	}

	@Override
	public String byPrimaryKey() {
		return useIndex("PRIMARY");
	}

	/**
	 * A deletion from a single table takes no hint.
	 */
	@Override
	public String deleteByPrimaryKey(String table) {
		return deleteByIndex(table, "PRIMARY");
	}

	@Override
	public String deleteByIndex(String table, String index) {
		return "DELETE t FROM " + table + " t" + useIndex(index);
	}

	@Override
	public String insertIfAbsent() {
		return "INSERT IGNORE INTO";
	}

	/**
	 * The time last: what is assigned first is what the next assignment sees.
	 */
	@Override
	public String claimKey() {
		String expired = "created_at < TIMESTAMPADD(MICROSECOND, ? * -1000, UTC_TIMESTAMP(6))";
		return "INSERT INTO ${idempotency} (idempotency_key, id, created_at) VALUES (?, ?, " + now()
				+ ") ON DUPLICATE KEY UPDATE id = IF(" + expired + ", VALUES(id), id), created_at = IF(" + expired
				+ ", VALUES(created_at), created_at)";
	}

	@Override
	public String isReplica() {
		return "IF(" + isOn("@@global.read_only") + " OR " + isOn("@@global.innodb_read_only")
				+ ", 1, IF(@@global.auto_increment_increment = 1, 0, 2))";
	}

	/**
	 * Where there are more ways to be on than one, the value is a name.
	 */
	private static String isOn(String variable) {
		return "UPPER(CAST(" + variable + " AS CHAR)) NOT IN ('0', 'OFF')";
	}

	/**
	 * In one statement, so that both are of the same second, and with what tells servers
	 * apart that were started together.
	 */
	@Override
	public long serverStart(Connection connection, TableNames tables) throws SQLException {
		return Long.parseLong(text(connection,
				"SELECT (UNIX_TIMESTAMP() - CAST(VARIABLE_VALUE AS SIGNED)) * 1048576"
						+ " + CRC32(CONCAT(@@hostname, ':', @@port)) % 1048576 FROM " + status()
						+ " WHERE VARIABLE_NAME = 'Uptime'",
				1));
	}

	/**
	 * Returns the table with the status of the server.
	 */
	protected abstract String status();

	@Override
	public String session() {
		return "CONNECTION_ID()";
	}

	@Override
	public long nextNumber(Connection connection, TableNames tables) throws SQLException {
		Matcher next = NEXT_NUMBER.matcher(text(connection, sql(tables, "SHOW CREATE TABLE ${event}"), 2));
		return next.find() ? Long.parseLong(next.group(1)) : 1;
	}

	/**
	 * A lock of the session: statements that create tables end transactions.
	 */
	@Override
	public void lockSchema(Connection connection, TableNames tables) throws SQLException {
		String taken = text(connection, "SELECT GET_LOCK(" + lock(tables) + ", " + LOCK_TIMEOUT_SECONDS + ")", 1);
		if (!"1".equals(taken)) {
			throw new SQLException("Another instance has been creating the tables of the outbox for "
					+ LOCK_TIMEOUT_SECONDS + " seconds");
		}
	}

	/**
	 * The next one must see what was done.
	 */
	@Override
	public void unlockSchema(Connection connection, TableNames tables) throws SQLException {
		connection.commit();
		text(connection, "SELECT RELEASE_LOCK(" + lock(tables) + ")", 1);
	}

	private static String lock(TableNames tables) {
		return "'outbox:" + Long.toHexString(tables.lock("schema")) + "'";
	}

	/**
	 * Statements that create tables end transactions, and cannot be taken back.
	 */
	@Override
	public boolean resumesMigrations() {
		return true;
	}

	@Override
	public String useSchema(String schema) {
		return "USE `" + schema + '`';
	}

	/**
	 * A schema is a database, and stays in use.
	 */
	@Override
	public void leaveSchema(Connection connection, @Nullable String catalog, @Nullable String schema)
			throws SQLException {
		if (catalog != null) {
			connection.setCatalog(catalog);
		}
	}

	@Override
	public boolean isConflict(SQLException failure) {
		return failure.getErrorCode() == CHANGED_SINCE_SNAPSHOT || failure.getErrorCode() == WAITED_TOO_LONG;
	}

	@Override
	public boolean rollsBack(SQLException failure) {
		return failure.getErrorCode() == DEADLOCK || failure.getErrorCode() == CHANGED_SINCE_SNAPSHOT;
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
		String version = text(connection, "SELECT CONCAT(@@version, ' ', @@version_comment)", 1);
		if (OTHERS.matcher(version).find()) {
			return "the server is " + version
					+ ", which gives out numbers in advance, so that they do not ascend in the"
					+ " order in which they are taken. Use MySQL or MariaDB itself";
		}
		if (!"1".equals(text(connection, "SELECT @@global.auto_increment_increment", 1))) {
			return "auto_increment_increment is not 1, so that numbers do not ascend in the order in which they are"
					+ " taken: several servers take writes. Let one server take all writes and set it to 1 (on Galera,"
					+ " set wsrep_auto_increment_control=OFF too)";
		}
		if ("STATEMENT".equals(text(connection, "SELECT IF(@@global.log_bin, @@global.binlog_format, '')", 1))) {
			return "binlog_format is STATEMENT, with which transactions cannot be READ COMMITTED. Set it to ROW";
		}
		return null;
	}

	private static String text(Connection connection, String sql, int column) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql); ResultSet row = statement.executeQuery()) {
			row.next();
			return String.valueOf(row.getString(column));
		}
	}

}
