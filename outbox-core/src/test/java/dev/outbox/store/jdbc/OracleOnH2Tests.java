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

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The tables for Oracle Database as H2 creates them in its mode {@code Oracle}, and the
 * statements as it prepares them: all tables and columns are there that are named. What
 * they do on Oracle Database, and which locks they take, that does not tell.
 */
class OracleOnH2Tests {

	/**
	 * What H2 does not know, and what it is asked for instead.
	 */
	private static final List<Map.Entry<String, String>> UNKNOWN = List.of(
			Map.entry("SYS_EXTRACT_UTC\\(SYSTIMESTAMP\\)", "LOCALTIMESTAMP"),
			Map.entry("NUMTODSINTERVAL\\(\\? / 86400000, 'DAY'\\)", "INTERVAL '1' DAY * CAST(? AS BIGINT)"),
			Map.entry("DBMS_LOB\\.GETLENGTH", "OCTET_LENGTH"), Map.entry("IS JSON STRICT", "IS JSON"),
			Map.entry("\\(CACHE 1000 ORDER\\)", "(CACHE 1000)"), Map.entry("ROWID", "_ROWID_"), Map.entry(
					"SELECT \\? AS first_seq, \\? AS", "SELECT CAST(? AS BIGINT) AS first_seq, CAST(? AS BIGINT) AS"));

	/**
	 * Statements that are about the server itself, and a clause of MERGE that only Oracle
	 * has.
	 */
	private static final List<String> NOT_FOR_H2 = List.of("gv$", "nls_", "all_tab_columns", "all_users", "SYS_CONTEXT",
			"SET TRANSACTION", "MERGE INTO");

	private static Connection connection;

	@BeforeAll
	static void createTables() throws SQLException {
		connection = DriverManager.getConnection("jdbc:h2:mem:;MODE=Oracle;NON_KEYWORDS=VALUE");
		for (String block : OracleGrammarTests.script()) {
			for (String sql : OracleGrammarTests.inside(block).toList()) {
				try (Statement statement = connection.createStatement()) {
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
		return OracleGrammarTests.rehearsal(null)
			.statements()
			.stream()
			.flatMap(OracleGrammarTests::inside)
			.filter((sql) -> sql.length() < 5_000)
			.filter((sql) -> NOT_FOR_H2.stream().noneMatch(sql::contains) && !sql.startsWith("CREATE "));
	}

	@ParameterizedTest
	@MethodSource("statements")
	void allThatAStatementNamesIsThere(String sql) throws SQLException {
		connection.prepareStatement(forH2(sql)).close();
	}

	@Test
	void whatIsNotThereIsNoticed() {
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> connection.prepareStatement("SELECT no_column FROM outbox_event"));
	}

	private static String forH2(String sql) {
		String known = sql;
		for (Map.Entry<String, String> unknown : UNKNOWN) {
			known = known.replaceAll(unknown.getKey(), unknown.getValue());
		}
		return known;
	}

}
