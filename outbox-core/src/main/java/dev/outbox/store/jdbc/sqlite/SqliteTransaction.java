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

package dev.outbox.store.jdbc.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import dev.outbox.store.jdbc.WorkTransaction;

/**
 * A transaction that is begun by a statement, behind the back of the driver, which begins
 * all transactions of a connection as it was configured, at once and not when they are
 * needed.
 */
final class SqliteTransaction implements WorkTransaction {

	private final Connection connection;

	private final String begin;

	private final boolean autoCommit;

	private boolean begun;

	SqliteTransaction(Connection connection, String begin) throws SQLException {
		this.connection = connection;
		this.begin = begin;
		this.autoCommit = connection.getAutoCommit();
	}

	@Override
	public void begin() throws SQLException {
		this.connection.setAutoCommit(true);
		run(this.begin);
		this.begun = true;
	}

	@Override
	public void commit() throws SQLException {
		run("COMMIT");
		this.begun = false;
	}

	@Override
	public void rollback() throws SQLException {
		if (this.begun) {
			run("ROLLBACK");
			this.begun = false;
		}
	}

	@Override
	public void restore() throws SQLException {
		this.connection.setAutoCommit(this.autoCommit);
	}

	private void run(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
