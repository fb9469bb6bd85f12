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
 * How the outbox's own transactions begin and end. Whatever that takes, the connection is
 * left as it was found.
 */
@FunctionalInterface
public interface TransactionMode {

	/**
	 * Prepares a transaction, which has not begun then.
	 * @param connection where it is to be
	 * @return the transaction
	 * @throws SQLException if the connection does not say how it is set
	 */
	WorkTransaction on(Connection connection) throws SQLException;

	/**
	 * Returns a mode where statements say all that there is to say.
	 * @param settings statements to begin with, separated by semicolons: isolation and
	 * settings that are valid for this transaction only
	 * @return the mode
	 */
	static TransactionMode settings(String settings) {
		return (connection) -> new JdbcTransaction(connection, settings);
	}

	/**
	 * Returns a mode where the isolation is one of the session, not of the transaction.
	 * @param level the isolation as {@link Connection#setTransactionIsolation} takes it
	 * @return the mode
	 */
	static TransactionMode isolation(int level) {
		return (connection) -> new IsolatedTransaction(connection, level);
	}

}
