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

import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB 10.6 and newer.
 */
public final class MariaDbDialect extends MySqlFamily {

	@Override
	public String name() {
		return "mariadb";
	}

	@Override
	public boolean supports(String productName) {
		return productName.equals("MariaDB");
	}

	@Override
	protected String status() {
		return "information_schema.global_status";
	}

	@Override
	protected @Nullable String problem(Connection connection, TableNames tables) throws SQLException {
		DatabaseMetaData server = connection.getMetaData();
		if (server.getDatabaseMajorVersion() * 100 + server.getDatabaseMinorVersion() < 1006) {
			return "MariaDB 10.6 or newer is needed, but the server is " + server.getDatabaseProductVersion()
					+ ". Upgrade the server";
		}
		return super.problem(connection, tables);
	}

}
