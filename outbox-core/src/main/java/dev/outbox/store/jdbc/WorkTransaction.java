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

import java.sql.SQLException;

/**
 * One transaction of the outbox on one connection.
 */
public interface WorkTransaction {

	/**
	 * Begins it.
	 * @throws SQLException if the database refuses
	 */
	void begin() throws SQLException;

	/**
	 * Commits it.
	 * @throws SQLException if the database refuses
	 */
	void commit() throws SQLException;

	/**
	 * Rolls it back, as far as it has begun.
	 * @throws SQLException if the connection is broken
	 */
	void rollback() throws SQLException;

	/**
	 * Sets the connection, whose transaction has ended, as it was found.
	 * @throws SQLException if the connection is broken
	 */
	void restore() throws SQLException;

}
