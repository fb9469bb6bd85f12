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

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Map;

import dev.outbox.store.jdbc.TableNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Servers that cannot be started here: what they say of themselves is played back.
 */
class MySqlProblemTests {

	private static final TableNames TABLES = new TableNames(null, "outbox_");

	@ParameterizedTest
	@CsvSource({ "8.0.11-TiDB-v7.5.0, TiDB Server (Apache License 2.0)", "8.4.3-TiDB-v9.0.0, TiDB Server",
			"8.0.30-Vitess, Version: 21.0.0", "8.0.34, PlanetScale" })
	void whoSpeaksTheProtocolAndGivesOutNumbersInAdvanceIsRefused(String version, String comment) throws Exception {
		assertThat(problem(version, Map.of("version_comment", version + ' ' + comment)))
			.contains("gives out numbers in advance")
			.contains(version)
			.contains("Use MySQL or MariaDB itself");
	}

	@ParameterizedTest
	@ValueSource(strings = { "5.7.44-log", "8.0.16", "8.0.3-rc" })
	void aServerIsRefusedThatHasNoCollationThatTellsAllTextsApart(String version) throws Exception {
		assertThat(problem(version, Map.of())).contains("MySQL 8.0.17 or newer is needed").contains(version);
	}

	@ParameterizedTest
	@ValueSource(strings = { "8.0.17", "8.0.40-0ubuntu0.24.04.1", "8.4.3", "9.1.0" })
	void aServerIsTakenThatHasIt(String version) throws Exception {
		assertThat(problem(version, Map.of())).isNull();
	}

	@Test
	void serversThatAllTakeWritesAreRefused() throws Exception {
		assertThat(problem("8.4.3", Map.of("auto_increment_increment", "3")))
			.contains("auto_increment_increment is not 1")
			.contains("wsrep_auto_increment_control=OFF");
	}

	@Test
	void aLogOfStatementsIsRefused() throws Exception {
		assertThat(problem("8.4.3", Map.of("binlog_format", "STATEMENT"))).contains("Set it to ROW");
	}

	/**
	 * Asks for the problem of a server.
	 * @param answers by a part of the question
	 */
	private static String problem(String version, Map<String, String> answers) throws Exception {
		Connection connection = proxy(Connection.class,
				Map.of("getMetaData", proxy(DatabaseMetaData.class, Map.of("getDatabaseProductVersion", version))),
				version, answers);
		return new MySqlDialect().problem(connection, TABLES);
	}

	private static <T> T proxy(Class<T> type, Map<String, Object> values) {
		return proxy(type, values, "", Map.of());
	}

	private static <T> T proxy(Class<T> type, Map<String, Object> values, String version, Map<String, String> answers) {
		return type.cast(Proxy.newProxyInstance(MySqlProblemTests.class.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> method.getName().equals("prepareStatement")
						? statement((String) arguments[0], version, answers) : values.get(method.getName())));
	}

	private static PreparedStatement statement(String sql, String version, Map<String, String> answers) {
		String usual = sql.contains("version_comment") ? version + " MySQL Community Server" : "1";
		String answer = answers.entrySet()
			.stream()
			.filter((entry) -> sql.contains(entry.getKey()))
			.map(Map.Entry::getValue)
			.findAny()
			.orElse(usual);
		ResultSet row = proxy(ResultSet.class, Map.of("next", true, "getString", answer));
		return proxy(PreparedStatement.class, Map.of("executeQuery", row));
	}

}
