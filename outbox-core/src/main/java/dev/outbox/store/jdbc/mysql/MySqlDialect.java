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
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;

/**
 * MySQL 8.0.17 and newer.
 */
public final class MySqlDialect extends MySqlFamily {

	private static final Pattern VERSION = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

	@Override
	public String name() {
		return "mysql";
	}

	@Override
	public boolean supports(String productName) {
		return productName.equals("MySQL");
	}

	@Override
	protected String status() {
		return "performance_schema.global_status";
	}

	@Override
	protected @Nullable String problem(Connection connection, TableNames tables) throws SQLException {
		DatabaseMetaData server = connection.getMetaData();
		if (server.getDatabaseProductVersion().contains("MariaDB")) {
			return "the server is a MariaDB. Use its own driver, org.mariadb.jdbc:mariadb-java-client, with a URL that"
					+ " begins with jdbc:mariadb:";
		}
		String problem = super.problem(connection, tables);
		if (problem == null && isOlder(server.getDatabaseProductVersion())) {
			return "MySQL 8.0.17 or newer is needed, but the server is " + server.getDatabaseProductVersion()
					+ ". Upgrade the server";
		}
		return problem;
	}

	/**
	 * Says whether a server has no collation that tells all texts apart.
	 */
	private static boolean isOlder(String version) {
		Matcher numbers = VERSION.matcher(version);
		return numbers.lookingAt() && Integer.parseInt(numbers.group(1)) * 1_000_000
				+ Integer.parseInt(numbers.group(2)) * 1000 + Integer.parseInt(numbers.group(3)) < 8_000_017;
	}

}
