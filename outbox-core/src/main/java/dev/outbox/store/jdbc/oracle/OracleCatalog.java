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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

import dev.outbox.store.jdbc.SchemaLock;
import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;

/**
 * What Oracle Database says about its tables and itself.
 */
final class OracleCatalog {

	static final String MARKS = """
			SELECT CASE WHEN MIN(start_scn) = 0 THEN 0 ELSE NVL(MAX(start_scn), 0) END,
				NVL(MIN(start_scn), 9223372036854775807) FROM gv$transaction WHERE used_urec > 0""";

	static final int NO_SUCH_TABLE = 942;

	static final Set<Integer> FORBIDDEN = Set.of(NO_SUCH_TABLE, 1031, 1435, 1536, 1950, 41900);

	private static final int ORACLE_19 = 19;

	/**
	 * A row, or an object of this name, is there already.
	 */
	private static final Set<Integer> THERE_ALREADY = Set.of(1, 955);

	private static final String COLUMNS = "SELECT column_name FROM all_tab_columns"
			+ " WHERE owner = NVL(?, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')) AND table_name = ?";

	private static final String SECONDS = "ROUND((CAST(SYS_EXTRACT_UTC(SYSTIMESTAMP) AS DATE)"
			+ " - DATE '1970-01-01') * 86400)";

	private static final String CREATE_SETTINGS = """
			CREATE TABLE ${setting} (
				name VARCHAR2(100 CHAR) NOT NULL PRIMARY KEY,
				value VARCHAR2(250 CHAR) NOT NULL)""";

	private static final String TAKE_LOCK = """
			MERGE INTO ${setting} s
			USING (SELECT 'lock.schema' AS name, %1$s AS seconds FROM DUAL) n ON (s.name = n.name)
			WHEN MATCHED THEN UPDATE SET s.value = TO_CHAR(n.seconds + %2$d) WHERE TO_NUMBER(s.value) < n.seconds
			WHEN NOT MATCHED THEN INSERT (name, value) VALUES (n.name, TO_CHAR(n.seconds + %2$d))""".formatted(SECONDS,
			SchemaLock.VALID_SECONDS);

	static final SchemaLock.Statements LOCK = new SchemaLock.Statements(CREATE_SETTINGS, TAKE_LOCK, "value",
			Set.of(NO_SUCH_TABLE), THERE_ALREADY);

	private static final Pattern END_OF_BLOCK = Pattern.compile("(?m)^/\\s*$");

	private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*--.*\\n?");

	private final Connection connection;

	private final TableNames tables;

	OracleCatalog(Connection connection, TableNames tables) {
		this.connection = connection;
		this.tables = tables;
	}

	/**
	 * Returns the blocks of a script, each of which ends with a slash in a line of its
	 * own.
	 */
	static List<String> blocks(String script) {
		return Arrays.stream(END_OF_BLOCK.split(script))
			.map((block) -> COMMENT.matcher(block).replaceAll("").strip())
			.filter((block) -> !block.isEmpty())
			.toList();
	}

	/**
	 * Returns a name as Oracle stores those that are not quoted.
	 */
	static String identifier(String name) {
		return '"' + upper(name) + '"';
	}

	private static String upper(String name) {
		return name.toUpperCase(Locale.ROOT);
	}

	/**
	 * A schema is that of a user.
	 */
	static boolean hasUser(Connection connection, String name) throws SQLException {
		try (PreparedStatement statement = connection
			.prepareStatement("SELECT username FROM all_users WHERE username = ?")) {
			statement.setString(1, upper(name));
			try (ResultSet row = statement.executeQuery()) {
				return row.next();
			}
		}
	}

	Set<String> columnsOf(String table) throws SQLException {
		String schema = this.tables.schema();
		Set<String> columns = new HashSet<>();
		try (PreparedStatement statement = this.connection.prepareStatement(COLUMNS)) {
			statement.setString(1, (schema != null) ? upper(schema) : null);
			statement.setString(2, upper(this.tables.prefix() + table));
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					columns.add(row.getString(1).toLowerCase(Locale.ROOT));
				}
			}
		}
		return columns;
	}

	@Nullable String problem() throws SQLException {
		if (this.connection.getMetaData().getDatabaseMajorVersion() < ORACLE_19) {
			return "Oracle Database 19c or newer is needed, but the server is "
					+ this.connection.getMetaData().getDatabaseProductVersion() + ". Upgrade the server";
		}
		if (this.tables.prefix().startsWith("_")) {
			return "outbox.store.table-prefix is '" + this.tables.prefix()
					+ "', but no name of a table begins with an underscore on Oracle. Use another prefix";
		}
		if (!isTrue("nls_database_parameters WHERE parameter = 'NLS_CHARACTERSET' AND value = 'AL32UTF8'")) {
			return "the character set of the database is not AL32UTF8, so that keys which differ can become the same."
					+ " Use a database with AL32UTF8, which is the default";
		}
		if (!isTrue("nls_session_parameters WHERE parameter = 'NLS_COMP' AND value = 'BINARY'")) {
			return "NLS_COMP is not BINARY in the session, so that keys which differ can be taken for the same."
					+ " Leave the parameter NLS_COMP as it is by default";
		}
		return rightsProblem();
	}

	private @Nullable String rightsProblem() throws SQLException {
		try {
			first(MARKS);
			return null;
		}
		catch (SQLException ex) {
			if (!FORBIDDEN.contains(ex.getErrorCode())) {
				throw ex;
			}
			return "the user may not read GV$TRANSACTION, which tells when the transactions have ended whose events are"
					+ " not visible yet (error " + ex.getErrorCode() + "). Run as SYS, in the pluggable database:"
					+ " GRANT SELECT ON GV_$TRANSACTION TO " + first("SELECT USER FROM DUAL");
		}
	}

	private boolean isTrue(String condition) throws SQLException {
		return first("SELECT COUNT(*) FROM " + condition).equals("1");
	}

	String first(String sql) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(sql);
				ResultSet row = statement.executeQuery()) {
			String value = row.next() ? row.getString(1) : null;
			return (value != null) ? value : "";
		}
	}

}
