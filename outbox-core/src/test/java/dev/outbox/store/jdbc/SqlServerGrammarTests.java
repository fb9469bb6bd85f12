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

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.outbox.store.jdbc.sqlserver.SqlServerDialect;
import org.apache.shardingsphere.sql.parser.api.CacheOption;
import org.apache.shardingsphere.sql.parser.api.SQLParserEngine;
import org.apache.shardingsphere.sql.parser.exception.SQLParsingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No SQL Server can be started here: all that the stores say to it, and what creates the
 * tables, is checked against a grammar of Apache ShardingSphere's, which knows less than
 * the server.
 */
class SqlServerGrammarTests {

	/**
	 * What the grammar does not know, and what stands in its place when it is asked for
	 * the rest.
	 */
	private static final List<Map.Entry<String, String>> UNKNOWN = List.of(
			// It knows some hints, and these not.
			Map.entry(" WITH \\(UPDLOCK, ROWLOCK\\)", ""), Map.entry(" WITH \\(UPDLOCK, READPAST, ROWLOCK\\)", ""),
			Map.entry(" WITH \\(REPEATABLEREAD, ROWLOCK\\)", ""), Map.entry(" WITH \\(FORCESEEK\\)", ""),
			Map.entry(" WITH \\(INDEX \\(\\w+\\)\\)", ""),
			// A list of values as a table.
			Map.entry("FROM \\(VALUES .*\\) listed \\(place, .*\\) ORDER", "FROM listed ORDER"),
			// Not statements that it knows.
			Map.entry("SET XACT_ABORT OFF; ", ""),
			Map.entry("SET IDENTITY_INSERT \\S+ ON; (.*); SET IDENTITY_INSERT \\S+ OFF", "$1"),
			// A column that is computed from others by functions.
			Map.entry("identity_hash\\s+AS .* PERSISTED", "identity_hash binary(32)"),
			// Functions with the names of keywords.
			Map.entry("CHECK \\(right\\(", "CHECK (upper("), Map.entry("AND left\\(", "AND upper("));

	private static final SQLParserEngine GRAMMAR = new SQLParserEngine("SQLServer", new CacheOption(16, 16L));

	/**
	 * Without the call of a procedure, which is JDBC's, and with long lists made short:
	 * the grammar takes its time.
	 */
	static Stream<String> statements() throws Exception {
		return rehearsal(null).statements()
			.stream()
			.filter((sql) -> !sql.equals("{? = call sp_getapplock(?, 'Exclusive', 'Transaction', ?)}"))
			.map((sql) -> sql.replaceAll("(, \\?){3,}", ", ?")
				.replaceAll("( OR seq BETWEEN \\? AND \\?)+", "$1")
				.replaceAll("(, \\(\\d+, \\?, \\?\\))+", "$1"))
			.distinct();
	}

	@ParameterizedTest
	@MethodSource("statements")
	void theGrammarKnowsEachStatement(String sql) {
		String known = sql;
		for (Map.Entry<String, String> unknown : UNKNOWN) {
			known = known.replaceAll(unknown.getKey(), unknown.getValue());
		}
		assertThat(isKnown(known)).as(known).isTrue();
		if (!known.equals(sql)) {
			assertThat(isKnown(sql)).as("no exception is needed for: " + sql).isFalse();
		}
	}

	@Test
	void theGrammarRefusesWhatOtherDatabasesSay() {
		assertThat(isKnown("SELECT seq FROM outbox_event ORDER BY seq LIMIT 10")).isFalse();
		assertThat(isKnown("SELECT seq FROM outbox_event FOR UPDATE")).isFalse();
		assertThat(isKnown("INSERT IGNORE INTO outbox_event (part) VALUES (1)")).isFalse();
	}

	@Test
	void allParametersAreSetAndNotTooMany() throws Exception {
		assertThat(rehearsal(null).mistakes()).isEmpty();
		assertThat(rehearsal(null).mostParameters()).isBetween(1000, 2090);
	}

	@Test
	void eachTableIsNamedWithItsSchema() throws Exception {
		assertThat(rehearsal("sales").statements().stream().filter((sql) -> sql.contains("outbox_"))).isNotEmpty()
			.allSatisfy(
					(sql) -> assertThat(sql.replaceAll("(\\w+_| ON )?\\[sales]\\.\\[outbox_|\"sales\"\\.\"outbox_", "")
						.replaceAll("CONSTRAINT outbox_\\w+", "")).doesNotContain("outbox_"));
	}

	private static Rehearsal rehearsal(String schema) throws Exception {
		return Rehearsal.of(new SqlServerDialect(), new TableNames(schema, "outbox_"));
	}

	private static boolean isKnown(String sql) {
		try {
			GRAMMAR.parse(sql, false);
			return true;
		}
		catch (SQLParsingException ex) {
			return false;
		}
	}

}
