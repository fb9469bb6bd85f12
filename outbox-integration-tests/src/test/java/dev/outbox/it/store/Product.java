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

package dev.outbox.it.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.h2.H2Dialect;
import dev.outbox.store.jdbc.mysql.MariaDbDialect;
import dev.outbox.store.jdbc.mysql.MySqlDialect;
import dev.outbox.store.jdbc.oracle.OracleDialect;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import dev.outbox.store.jdbc.sqlite.SqliteDialect;
import dev.outbox.store.jdbc.sqlserver.SqlServerDialect;

/**
 * The databases that the contracts of the stores are run on, and what their SQL says
 * differently; without an override, it is that of MySQL and MariaDB.
 */
public enum Product {

	POSTGRESQL(new PostgresDialect()) {

		@Override
		public String text(String column) {
			return "convert_from(" + column + ", 'UTF8')";
		}

		@Override
		public String time(String utc) {
			return "TIMESTAMPTZ '" + utc + "+00'";
		}

		@Override
		public String fromNow(double seconds) {
			return "clock_timestamp() + interval '" + micros(seconds) + " microseconds'";
		}

		@Override
		public String randomId() {
			return "gen_random_uuid()";
		}

		@Override
		public String foreignTimeZone() {
			return "SET TIME ZONE 'Asia/Kolkata'";
		}

		@Override
		public String waitingTransactions() {
			return "SELECT count(*) FROM pg_locks WHERE NOT granted";
		}

		@Override
		public String[] restartNumbers() {
			return new String[] { "ALTER TABLE outbox_event ALTER seq RESTART" };
		}

	},

	MARIADB(new MariaDbDialect()),

	MYSQL(new MySqlDialect()) {

		@Override
		public String refused() {
			return "HY000";
		}

	},

	H2(new H2Dialect()) {

		@Override
		public String text(String column) {
			return "UTF8TOSTRING(CAST(" + column + " AS VARBINARY))";
		}

		@Override
		public String time(String utc) {
			return "TIMESTAMP WITH TIME ZONE '" + utc + "+00'";
		}

		@Override
		public String fromNow(double seconds) {
			return "TIMESTAMPADD(MICROSECOND, " + micros(seconds) + ", CURRENT_TIMESTAMP(6))";
		}

		@Override
		public String randomId() {
			return "RANDOM_UUID()";
		}

		@Override
		public String foreignTimeZone() {
			return "SET TIME ZONE '+05:30'";
		}

		/**
		 * Who waits for a key that is a text tries again and again.
		 */
		@Override
		public String waitingTransactions() {
			return "SELECT count(*) FROM information_schema.sessions WHERE blocker_id IS NOT NULL"
					+ " OR executing_statement LIKE 'MERGE INTO %'";
		}

		@Override
		public String[] restartNumbers() {
			return new String[] { "ALTER TABLE outbox_event ALTER COLUMN seq RESTART WITH 1",
					"DELETE FROM outbox_returned" };
		}

		@Override
		public void cutSessions(TestDatabase<?> database) {
			database.query("SELECT abort_session(session_id) FROM information_schema.sessions"
					+ " WHERE session_id <> session_id()");
		}

		/**
		 * Nothing locks a table, but rows that are not committed keep others from adding
		 * rows with their numbers.
		 */
		@Override
		public String lockTable(String table) {
			return !table.equals("outbox_dead_letter") ? "SELECT 1" : """
					INSERT INTO outbox_dead_letter (number, seq, id, part, event_type, event_version, transport,
						destination, content_type, payload, created_at, attempts, died_at, error, fingerprint)
					SELECT x, 0, RANDOM_UUID(), 0, '', 0, '', '', '', '', now(), 0, now(), '', ''
					FROM SYSTEM_RANGE(1, 10000) r(x) WHERE x NOT IN (SELECT number FROM outbox_dead_letter)""";
		}

	},

	SQLITE(new SqliteDialect()) {

		@Override
		public String text(String column) {
			return "CAST(" + column + " AS TEXT)";
		}

		@Override
		public String time(String utc) {
			return String.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(utc.replace(' ', 'T') + 'Z')));
		}

		@Override
		public String fromNow(double seconds) {
			return "(CAST(round(unixepoch('subsec') * 1000) AS INTEGER) * 1000 + " + micros(seconds) + ")";
		}

		@Override
		public String randomId() {
			return "randomblob(16)";
		}

		/**
		 * A session has none.
		 */
		@Override
		public String foreignTimeZone() {
			return "SELECT 1";
		}

		/**
		 * Who waits does so inside of the driver, and nobody can ask.
		 */
		@Override
		public String waitingTransactions() {
			return "SELECT 1";
		}

		@Override
		public String[] restartNumbers() {
			return new String[] { "DELETE FROM sqlite_sequence WHERE name = 'outbox_event'",
					"DELETE FROM outbox_returned" };
		}

		@Override
		public String refused() {
			return "null";
		}

	},

	SQLSERVER(new SqlServerDialect()) {

		@Override
		public String text(String column) {
			return "CAST(" + column + " AS varchar(max))";
		}

		@Override
		public String time(String utc) {
			return "CAST('" + utc + "' AS datetime2(6))";
		}

		@Override
		public String fromNow(double seconds) {
			return "DATEADD(MICROSECOND, " + micros(seconds) % 1_000_000 + ", DATEADD(SECOND, "
					+ micros(seconds) / 1_000_000 + ", SYSUTCDATETIME()))";
		}

		@Override
		public String randomId() {
			return "CRYPT_GEN_RANDOM(16)";
		}

		/**
		 * A session has none.
		 */
		@Override
		public String foreignTimeZone() {
			return "SELECT 1";
		}

		@Override
		public String waitingTransactions() {
			return "SELECT count(*) FROM sys.dm_os_waiting_tasks WHERE wait_type LIKE 'LCK%'";
		}

		@Override
		public String[] restartNumbers() {
			return new String[] { "TRUNCATE TABLE outbox_event", "DELETE FROM outbox_returned" };
		}

		@Override
		public String savepoint(String name) {
			return "SAVE TRANSACTION " + name;
		}

		@Override
		public String rollBackTo(String name) {
			return "ROLLBACK TRANSACTION " + name;
		}

		/**
		 * They end with the transaction only.
		 */
		@Override
		public String release(String name) {
			return "SELECT 1";
		}

		@Override
		public void cutSessions(TestDatabase<?> database) {
			database
				.query("SELECT session_id AS id FROM sys.dm_exec_sessions WHERE database_id = DB_ID()"
						+ " AND session_id <> @@SPID")
				.forEach((session) -> database.sql("KILL " + session.get("id")));
		}

		@Override
		public String lockTable(String table) {
			return "SELECT count(*) FROM " + table + " WITH (TABLOCKX, HOLDLOCK)";
		}

	},

	ORACLE(new OracleDialect()) {

		@Override
		public String text(String column) {
			return "UTL_RAW.CAST_TO_VARCHAR2(DBMS_LOB.SUBSTR(" + column + ", 2000, 1))";
		}

		@Override
		public String fromNow(double seconds) {
			return "SYS_EXTRACT_UTC(SYSTIMESTAMP) + NUMTODSINTERVAL(" + micros(seconds) + " / 86400000000, 'DAY')";
		}

		@Override
		public String randomId() {
			return "SYS_GUID()";
		}

		@Override
		public String foreignTimeZone() {
			return "ALTER SESSION SET TIME_ZONE = '+05:30'";
		}

		@Override
		public String waitingTransactions() {
			return "SELECT COUNT(*) FROM v$lock WHERE request > 0";
		}

		@Override
		public String[] restartNumbers() {
			return new String[] { "ALTER TABLE outbox_event MODIFY seq GENERATED BY DEFAULT AS IDENTITY (START WITH 1)",
					"DELETE FROM outbox_returned" };
		}

		/**
		 * They end with the transaction only.
		 */
		@Override
		public String release(String name) {
			return "SELECT 1 FROM DUAL";
		}

		@Override
		public void cutSessions(TestDatabase<?> database) {
			database
				.query("SELECT sid || ',' || serial# AS id FROM v$session WHERE username = USER"
						+ " AND audsid <> SYS_CONTEXT('USERENV', 'SESSIONID')")
				.forEach((session) -> database.sql("ALTER SYSTEM KILL SESSION '" + session.get("id") + "' IMMEDIATE"));
		}

		@Override
		public String lockTable(String table) {
			return "LOCK TABLE " + table + " IN EXCLUSIVE MODE";
		}

	};

	private final JdbcDialect dialect;

	Product(JdbcDialect dialect) {
		this.dialect = dialect;
	}

	public static Product of(TestDatabase<?> database) {
		return of(database.jdbcUrl());
	}

	static Product of(String jdbcUrl) {
		for (Product product : values()) {
			if (jdbcUrl.startsWith("jdbc:" + product.dialect.name())) {
				return product;
			}
		}
		throw new IllegalArgumentException(jdbcUrl);
	}

	public JdbcDialect dialect() {
		return this.dialect;
	}

	/**
	 * Returns an expression for the text in a column of bytes.
	 */
	public String text(String column) {
		return "CONVERT(" + column + " USING utf8mb4)";
	}

	/**
	 * Returns an expression for the time in a literal without a time zone, which is in
	 * UTC.
	 */
	public String time(String utc) {
		return "TIMESTAMP '" + utc + "'";
	}

	/**
	 * Returns an expression for a time.
	 */
	public String fromNow(double seconds) {
		return "UTC_TIMESTAMP(6) + INTERVAL " + micros(seconds) + " MICROSECOND";
	}

	/**
	 * Returns an expression for a new id.
	 */
	public String randomId() {
		return "RANDOM_BYTES(16)";
	}

	/**
	 * Returns what gives a session a time zone that neither the JVM nor the server has.
	 */
	public String foreignTimeZone() {
		return "SET time_zone = '+05:30'";
	}

	/**
	 * Returns a query for how many transactions of the server wait for a lock.
	 */
	public String waitingTransactions() {
		return "SELECT count(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
	}

	/**
	 * Returns what lets an empty table of events begin with 1 again.
	 */
	public String[] restartNumbers() {
		return new String[] { "ALTER TABLE outbox_event AUTO_INCREMENT = 1", "DELETE FROM outbox_returned" };
	}

	/**
	 * Returns what begins a part of a transaction that can be rolled back.
	 */
	public String savepoint(String name) {
		return "SAVEPOINT " + name;
	}

	/**
	 * Returns what rolls a part of a transaction back.
	 */
	public String rollBackTo(String name) {
		return "ROLLBACK TO SAVEPOINT " + name;
	}

	/**
	 * Returns what ends a part of a transaction.
	 */
	public String release(String name) {
		return "RELEASE SAVEPOINT " + name;
	}

	/**
	 * Returns what the SQL state begins with when a row breaks a rule of its table.
	 */
	public String refused() {
		return "23";
	}

	static long micros(double seconds) {
		return Math.round(seconds * 1_000_000);
	}

	/**
	 * Ends all sessions of a database but the own one.
	 */
	public void cutSessions(TestDatabase<?> database) {
		if (this == POSTGRESQL) {
			database.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
					+ " WHERE datname = current_database() AND pid <> pg_backend_pid()");
			return;
		}
		database.query(
				"SELECT id AS id FROM information_schema.processlist WHERE db = database() AND id <> connection_id()")
			.forEach((session) -> database.sql("KILL " + session.get("id")));
	}

	/**
	 * Returns a statement that keeps others off a table until its connection is closed.
	 */
	public String lockTable(String table) {
		return (this == POSTGRESQL) ? "LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE"
				: "LOCK TABLES " + table + " WRITE";
	}

}
