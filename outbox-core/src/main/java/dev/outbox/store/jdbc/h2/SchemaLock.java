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

package dev.outbox.store.jdbc.h2;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Lets one instance at a time create tables. No lock of the database outlives a statement
 * that creates one, because it ends transactions: so this is a row that is valid for a
 * while, should its owner die.
 */
final class SchemaLock {

	private static final long VALID_SECONDS = 60;

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

	/**
	 * No such table; none but others, of which one may have come a moment too late; none
	 * at all.
	 */
	private static final Set<Integer> TABLE_NOT_FOUND = Set.of(42102, 42103, 42104);

	/**
	 * A key, a table, or in a race an object that is there already.
	 */
	private static final Set<Integer> THERE_ALREADY = Set.of(23505, 42101, 50000);

	private static final String CREATE = """
			CREATE TABLE IF NOT EXISTS ${setting} (
				name VARCHAR_CASESENSITIVE(200) NOT NULL PRIMARY KEY,
				"VALUE" VARCHAR_CASESENSITIVE(500) NOT NULL)""";

	private static final String TAKE = """
			MERGE INTO ${setting} s
			USING (SELECT 'lock.schema' AS name, CAST(EXTRACT(EPOCH FROM CURRENT_TIMESTAMP(6)) AS BIGINT) AS seconds) n
			ON s.name = n.name
			WHEN MATCHED AND CAST(s."VALUE" AS BIGINT) < n.seconds THEN UPDATE SET "VALUE" = n.seconds + %1$d
			WHEN NOT MATCHED THEN INSERT (name, "VALUE") VALUES (n.name, n.seconds + %1$d)""".formatted(VALID_SECONDS);

	private static final String RELEASE = "UPDATE ${setting} SET \"VALUE\" = '0' WHERE name = 'lock.schema'";

	private final Connection connection;

	private final UnaryOperator<String> names;

	SchemaLock(Connection connection, UnaryOperator<String> names) {
		this.connection = connection;
		this.names = names;
	}

	void take() throws SQLException {
		long start = System.nanoTime();
		while (!isTaken()) {
			if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(2 * VALID_SECONDS)) {
				throw new SQLException("Other instances have been creating the tables of the outbox for "
						+ 2 * VALID_SECONDS + " seconds");
			}
			LockSupport.parkNanos(PAUSE);
		}
	}

	private boolean isTaken() throws SQLException {
		try {
			boolean taken = update(TAKE) == 1;
			this.connection.commit();
			return taken;
		}
		catch (SQLException ex) {
			this.connection.rollback();
			if (TABLE_NOT_FOUND.contains(ex.getErrorCode())) {
				create();
			}
			else if (!THERE_ALREADY.contains(ex.getErrorCode())) {
				throw ex;
			}
			return false;
		}
	}

	private void create() throws SQLException {
		try {
			update(CREATE);
		}
		catch (SQLException ex) {
			if (!THERE_ALREADY.contains(ex.getErrorCode())) {
				throw ex;
			}
		}
	}

	void release() throws SQLException {
		update(RELEASE);
		this.connection.commit();
	}

	private int update(String sql) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(this.names.apply(sql))) {
			return statement.executeUpdate();
		}
	}

}
