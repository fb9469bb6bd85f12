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

package dev.outbox.store.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.outbox.store.jdbc.sqlserver.SqlServerDialect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The tables for SQL Server as H2 creates them in its mode {@code MSSQLServer}, and the
 * statements as it prepares them: all tables and columns are there that are named. What
 * they do on SQL Server, and which locks they take, that does not tell.
 */
class SqlServerOnH2Tests {

	/**
	 * What H2 does not know, and what it is asked for instead.
	 */
	private static final List<Map.Entry<String, String>> UNKNOWN = List.of(
			Map.entry("SYSUTCDATETIME\\(\\)", "LOCALTIMESTAMP"),
			Map.entry("\\(sysutcdatetime\\(\\)\\)", "LOCALTIMESTAMP"), Map.entry("DATEDIFF_BIG", "DATEDIFF"),
			Map.entry("DATALENGTH", "OCTET_LENGTH"), Map.entry(" COLLATE Latin1_General_100_BIN2", ""),
			Map.entry("nvarchar\\(max\\)", "nvarchar"), Map.entry("varbinary\\(max\\)", "varbinary"),
			Map.entry(" rowversion ", " bigint DEFAULT 0 "), Map.entry(" CLUSTERED| NONCLUSTERED", ""),
			Map.entry("CHECK \\(isjson.*\\),", ","), Map.entry(" NULL CONSTRAINT \\w+ ,", ","),
			Map.entry("identity_hash\\s+AS .* PERSISTED", "identity_hash binary(32) DEFAULT X'00'"),
			Map.entry(" WITH \\(FORCESEEK\\)| WITH \\(INDEX \\(\\w+\\)\\)| WITH \\(REPEATABLEREAD, ROWLOCK\\)", ""),
			Map.entry("DELETE FROM (\\S+) WITH \\(UPDLOCK, ROWLOCK\\)", "DELETE FROM $1"),
			Map.entry("SET XACT_ABORT OFF; ", ""),
			Map.entry("SET IDENTITY_INSERT \\S+ ON; (.*); SET IDENTITY_INSERT \\S+ OFF", "$1"));

	/**
	 * Statements that are about the server itself, settings of tables, and a MERGE with a
	 * hint.
	 */
	private static final List<String> NOT_FOR_H2 = List.of("sys.", "@@DBTS", "sp_getapplock", "DATABASEPROPERTYEX",
			"LOCK_ESCALATION", "MERGE INTO");

	private static Connection connection;

	@BeforeAll
	static void createTables() throws SQLException {
		connection = DriverManager
			.getConnection("jdbc:h2:mem:;MODE=MSSQLServer;DATABASE_TO_LOWER=TRUE;NON_KEYWORDS=VALUE");
		try (Statement statement = connection.createStatement()) {
			String script = OutboxSchema.script(new SqlServerDialect(), new TableNames(null, "outbox_"));
			for (String sql : SqlStatements.split(script)) {
				if (!sql.startsWith("ALTER TABLE")) {
					statement.execute(forH2(sql));
				}
			}
		}
	}

	@AfterAll
	static void close() throws SQLException {
		connection.close();
	}

	static Stream<String> statements() throws Exception {
		return Rehearsal.of(new SqlServerDialect(), new TableNames(null, "outbox_"))
			.statements()
			.stream()
			.filter((sql) -> NOT_FOR_H2.stream().noneMatch(sql::contains) && !sql.startsWith("CREATE "))
			.filter((sql) -> sql.length() < 5_000);
	}

	@ParameterizedTest
	@MethodSource("statements")
	void allThatAStatementNamesIsThere(String sql) throws SQLException {
		connection.prepareStatement(forH2(sql)).close();
	}

	@Test
	void whatIsNotThereIsNoticed() {
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> connection.prepareStatement("SELECT no_column FROM \"outbox_event\""));
	}

	private static String forH2(String sql) {
		String known = sql;
		for (Map.Entry<String, String> unknown : UNKNOWN) {
			known = known.replaceAll(unknown.getKey(), unknown.getValue());
		}
		return known;
	}

}
