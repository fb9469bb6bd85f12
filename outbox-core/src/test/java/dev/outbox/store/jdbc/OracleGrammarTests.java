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

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.outbox.store.jdbc.oracle.OracleDialect;
import org.apache.shardingsphere.sql.parser.api.CacheOption;
import org.apache.shardingsphere.sql.parser.api.SQLParserEngine;
import org.apache.shardingsphere.sql.parser.exception.SQLParsingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No Oracle Database can be started here: all that the stores say to it, and what creates
 * the tables, is checked against a grammar of Apache ShardingSphere's, which knows less
 * than the server.
 */
class OracleGrammarTests {

	/**
	 * What the grammar does not know, and what stands in its place when it is asked for
	 * the rest.
	 */
	private static final List<Map.Entry<String, String>> UNKNOWN = List.of(
			// A function of a package.
			Map.entry("DBMS_LOB\\.GETLENGTH\\(", "LENGTH("),
			// A column with the name of a keyword.
			Map.entry("WHERE parameter = ", "WHERE name = "),
			// A condition.
			Map.entry("IS JSON STRICT", "IS NOT NULL"));

	private static final Pattern TABLE_IN_BLOCK = Pattern.compile("(?s)BEGIN EXECUTE IMMEDIATE q'\\[\\s*(.*?)\\s*]'.*");

	private static final SQLParserEngine GRAMMAR = new SQLParserEngine("Oracle", new CacheOption(16, 16L));

	/**
	 * With long lists made short: the grammar takes its time.
	 */
	static Stream<String> statements() throws Exception {
		return rehearsal(null).statements()
			.stream()
			.flatMap(OracleGrammarTests::inside)
			.map((sql) -> sql.replaceAll("(, \\?){3,}", ", ?")
				.replaceAll("( UNION ALL SELECT \\?, \\? FROM DUAL)+", "$1"))
			.distinct();
	}

	static List<String> script() {
		OracleDialect oracle = new OracleDialect();
		return oracle.statements(OutboxSchema.script(oracle, new TableNames(null, "outbox_")));
	}

	/**
	 * Returns the statements in a block of PL/SQL, with a parameter for each variable.
	 */
	static Stream<String> inside(String sql) {
		Matcher table = TABLE_IN_BLOCK.matcher(sql);
		if (table.matches()) {
			return Stream.of(table.group(1));
		}
		if (!sql.matches("(?s)(BEGIN|DECLARE)\\s.*END;")) {
			return Stream.of(sql);
		}
		return Arrays.stream(sql.replaceAll("(?s)^.*?BEGIN|IF SQL%ROWCOUNT = 0 THEN|END IF;|END;$", "").split(";"))
			.map((statement) -> statement.replaceAll("\\b(claimed|claimant|millis)\\b", "?").strip())
			.filter((statement) -> !statement.isEmpty());
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
		assertThat(isKnown("SELECT seq FROM outbox_event LOCK IN SHARE MODE")).isFalse();
		assertThat(isKnown("INSERT IGNORE INTO outbox_event (part) VALUES (1)")).isFalse();
	}

	@Test
	void allParametersAreSetAndNotTooMany() throws Exception {
		assertThat(rehearsal(null).mistakes()).isEmpty();
		assertThat(rehearsal(null).mostParameters()).isBetween(1000, 65_535);
	}

	/**
	 * Names are in upper case, as those are that somebody writes without quotes; a list
	 * has 1,000 values at most.
	 */
	@Test
	void eachTableIsNamedWithItsSchemaAndInUpperCase() throws Exception {
		assertThat(rehearsal("sales").statements().stream().filter((sql) -> sql.contains("OUTBOX_"))).isNotEmpty()
			.allSatisfy(
					(sql) -> assertThat(sql.replace("\"SALES\".\"OUTBOX_", "")).doesNotContainIgnoringCase("outbox_"))
			.allSatisfy((sql) -> assertThat(sql).doesNotContainPattern("\\?(, \\?){999,}"))
			.allSatisfy((sql) -> assertThat(sql).doesNotContainPattern("\\bnumber\\b"));
	}

	/**
	 * Nothing but blocks, each of which can be run once more.
	 */
	@Test
	void eachStatementOfTheScriptLeavesAloneWhatIsThere() {
		assertThat(script()).hasSizeGreaterThan(15)
			.allSatisfy((block) -> assertThat(block).matches("(?s)BEGIN .*END;")
				.containsAnyOf("IF SQLCODE <> -955 THEN RAISE; END IF; END;", "WHERE NOT EXISTS")
				.doesNotContain("{", "?", "--"));
	}

	/**
	 * ORA-02014, and an error of syntax.
	 */
	@Test
	void noStatementLocksWhatItCannot() throws Exception {
		assertThat(rehearsal(null).statements().stream().filter((sql) -> sql.contains("FOR UPDATE"))).isNotEmpty()
			.allSatisfy((sql) -> assertThat(sql).startsWith("SELECT ")
				.doesNotContainPattern("ROWS ONLY FOR UPDATE")
				.doesNotContain("GROUP BY"));
	}

	static Rehearsal rehearsal(String schema) throws Exception {
		return Rehearsal.of(new OracleDialect(), new TableNames(schema, "outbox_"));
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
