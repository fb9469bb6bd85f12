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

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;

import dev.outbox.store.jdbc.TableNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is refused, by the answers that its documentation promises of a server that is not
 * here.
 */
class OracleCatalogTests {

	@Test
	void aDatabaseThatCanBeUsedHasNoProblem() throws SQLException {
		assertThat(problem("outbox_", 19, Map.of())).isNull();
	}

	@Test
	void whatCannotBeUsedIsRefusedWithWhatToChange() throws SQLException {
		assertThat(problem("outbox_", 18, Map.of())).startsWith("Oracle Database 19c or newer is needed");
		assertThat(problem("_", 19, Map.of())).contains("Use another prefix");
		assertThat(problem("outbox_", 19, Map.of("NLS_CHARACTERSET", "0"))).contains("AL32UTF8");
		assertThat(problem("outbox_", 19, Map.of("NLS_COMP", "0"))).contains("Leave the parameter NLS_COMP");
	}

	@ParameterizedTest
	@ValueSource(ints = { 942, 1031 })
	void aUserWhoMayNotSeeTransactionsIsToldWhatToGrant(int code) throws SQLException {
		Map<String, Object> answers = Map.of("gv$transaction", new SQLException("refused", "42000", code),
				"SELECT USER", "SHOP");
		assertThat(problem("outbox_", 19, answers)).contains("error " + code)
			.endsWith("GRANT SELECT ON GV_$TRANSACTION TO SHOP");
	}

	@Test
	void anotherFailureIsNoProblemOfRights() {
		Map<String, Object> answers = Map.of("gv$transaction", new SQLException("gone", "08000", 17002));
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> problem("outbox_", 19, answers))
			.withMessage("gone");
	}

	private static String problem(String prefix, int version, Map<String, Object> answers) throws SQLException {
		DatabaseMetaData server = proxy(DatabaseMetaData.class,
				(proxy, method, arguments) -> method.getName().equals("getDatabaseMajorVersion") ? version : "18c");
		Connection connection = proxy(Connection.class,
				(proxy, method, arguments) -> method.getName().equals("getMetaData") ? server
						: statement((String) arguments[0], answers));
		return new OracleCatalog(connection, new TableNames(null, prefix)).problem();
	}

	private static PreparedStatement statement(String sql, Map<String, Object> answers) {
		Object answer = answers.entrySet()
			.stream()
			.filter((entry) -> sql.contains(entry.getKey()))
			.findFirst()
			.map(Map.Entry::getValue)
			.orElse("1");
		return proxy(PreparedStatement.class, (proxy, method, arguments) -> {
			if (answer instanceof SQLException failure && method.getName().equals("executeQuery")) {
				throw failure;
			}
			return method.getName().equals("executeQuery") ? row(answer) : null;
		});
	}

	private static ResultSet row(Object answer) {
		return proxy(ResultSet.class, (proxy, method, arguments) -> switch (method.getName()) {
			case "next" -> true;
			case "getString" -> answer;
			default -> null;
		});
	}

	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type
			.cast(Proxy.newProxyInstance(OracleCatalogTests.class.getClassLoader(), new Class<?>[] { type }, handler));
	}

}
