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

import javax.sql.DataSource;

import dev.outbox.OutboxException;

/**
 * Runs the outbox's own transactions, those that are not the application's. Leaves each
 * connection as it was found: it may belong to the application's pool.
 */
public final class JdbcWork {

	private final DataSource dataSource;

	/**
	 * Creates the runner.
	 * @param dataSource where to get connections
	 */
	public JdbcWork(DataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Runs work in a transaction of its own.
	 * @param <T> type of the result
	 * @param settings statements to run first, separated by semicolons: isolation and
	 * settings that are valid for this transaction only
	 * @param work what to do
	 * @return the result
	 */
	public <T> T inTransaction(String settings, Work<T> work) {
		return inTransaction(TransactionMode.settings(settings), work);
	}

	/**
	 * Runs work in a transaction of its own.
	 * @param <T> type of the result
	 * @param mode how it begins and ends
	 * @param work what to do
	 * @return the result
	 */
	public <T> T inTransaction(TransactionMode mode, Work<T> work) {
		try (Connection connection = this.dataSource.getConnection()) {
			WorkTransaction transaction = mode.on(connection);
			boolean committed = false;
			try {
				transaction.begin();
				T result = work.run(connection);
				transaction.commit();
				committed = true;
				return result;
			}
			finally {
				restore(connection, transaction, committed);
			}
		}
		catch (SQLException ex) {
			throw new OutboxException("The outbox could not use the database: " + ex.getMessage(), ex);
		}
	}

	private static void restore(Connection connection, WorkTransaction transaction, boolean committed)
			throws SQLException {
		try {
			if (!committed) {
				transaction.rollback();
			}
			transaction.restore();
		}
		catch (SQLException ex) {
			if (committed) {
				throw ex;
			}
			// What broke the transaction has broken the connection, and is thrown
			// already.
			connection.abort(Runnable::run);
		}
	}

	/**
	 * What to do with a connection.
	 *
	 * @param <T> type of the result
	 */
	@FunctionalInterface
	public interface Work<T> {

		/**
		 * Does it.
		 * @param connection the connection, in a transaction
		 * @return the result
		 * @throws SQLException if the database refuses
		 */
		T run(Connection connection) throws SQLException;

	}

}
