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

/**
 * A transaction in a session whose isolation is changed, and changed back.
 */
final class IsolatedTransaction implements WorkTransaction {

	private final Connection connection;

	private final int isolation;

	private final boolean autoCommit;

	private final int found;

	IsolatedTransaction(Connection connection, int isolation) throws SQLException {
		this.connection = connection;
		this.isolation = isolation;
		this.autoCommit = connection.getAutoCommit();
		this.found = connection.getTransactionIsolation();
		if (!this.autoCommit) {
			// To ask is a statement, which has begun a transaction.
			connection.rollback();
		}
	}

	@Override
	public void begin() throws SQLException {
		if (this.found != this.isolation) {
			this.connection.setTransactionIsolation(this.isolation);
		}
		this.connection.setAutoCommit(false);
	}

	@Override
	public void commit() throws SQLException {
		this.connection.commit();
	}

	@Override
	public void rollback() throws SQLException {
		if (!this.connection.getAutoCommit()) {
			this.connection.rollback();
		}
	}

	@Override
	public void restore() throws SQLException {
		if (this.found != this.isolation) {
			this.connection.setTransactionIsolation(this.found);
		}
		this.connection.setAutoCommit(this.autoCommit);
	}

}
