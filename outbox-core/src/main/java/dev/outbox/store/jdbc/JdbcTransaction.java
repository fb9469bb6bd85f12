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
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A transaction whose settings end with it.
 */
final class JdbcTransaction implements WorkTransaction {

	private final Connection connection;

	private final String settings;

	private final boolean autoCommit;

	JdbcTransaction(Connection connection, String settings) throws SQLException {
		this.connection = connection;
		this.settings = settings;
		this.autoCommit = connection.getAutoCommit();
	}

	@Override
	public void begin() throws SQLException {
		this.connection.setAutoCommit(false);
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(this.settings);
		}
	}

	@Override
	public void commit() throws SQLException {
		this.connection.commit();
	}

	@Override
	public void rollback() throws SQLException {
		this.connection.rollback();
	}

	@Override
	public void restore() throws SQLException {
		this.connection.setAutoCommit(this.autoCommit);
	}

}
