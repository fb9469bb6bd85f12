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
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * Lets one instance at a time create tables where no lock of the database outlives a
 * statement that creates one, because it ends transactions: so this is a row that is
 * valid for a while, should its owner die.
 */
public final class SchemaLock {

	/**
	 * How long the row is valid, in seconds.
	 */
	public static final long VALID_SECONDS = 60;

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

	private static final String RELEASE = "UPDATE ${setting} SET %s = '0' WHERE name = 'lock.schema'";

	private final Connection connection;

	private final Statements statements;

	private final UnaryOperator<String> names;

	/**
	 * Creates the lock.
	 * @param connection a connection in a transaction, which is ended
	 * @param statements what the database calls it
	 * @param names puts the names of tables into a statement
	 */
	public SchemaLock(Connection connection, Statements statements, UnaryOperator<String> names) {
		this.connection = connection;
		this.statements = statements;
		this.names = names;
	}

	/**
	 * Waits for the lock.
	 * @throws SQLException if the database refuses, or others have it for too long
	 */
	public void take() throws SQLException {
		take(() -> true);
	}

	/**
	 * Waits for the lock where others can use a table while it is still being created.
	 * @param complete whether the table of settings is there and has its primary key,
	 * without which two could take the lock
	 * @throws SQLException if the database refuses, or others have it for too long
	 */
	public void take(Condition complete) throws SQLException {
		long start = System.nanoTime();
		while (!isTaken(complete)) {
			if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(2 * VALID_SECONDS)) {
				throw new SQLException("Other instances have been creating the tables of the outbox for "
						+ 2 * VALID_SECONDS + " seconds");
			}
			LockSupport.parkNanos(PAUSE);
		}
	}

	private boolean isTaken(Condition complete) throws SQLException {
		try {
			if (!complete.isMet()) {
				create();
				return false;
			}
			boolean taken = update(this.statements.take()) == 1;
			this.connection.commit();
			return taken;
		}
		catch (SQLException ex) {
			this.connection.rollback();
			if (this.statements.tableNotFound().contains(ex.getErrorCode())) {
				create();
			}
			else if (!this.statements.thereAlready().contains(ex.getErrorCode())) {
				throw ex;
			}
			return false;
		}
	}

	private void create() throws SQLException {
		try {
			update(this.statements.create());
		}
		catch (SQLException ex) {
			if (!this.statements.thereAlready().contains(ex.getErrorCode())) {
				throw ex;
			}
		}
	}

	/**
	 * Lets the next one have it.
	 * @throws SQLException if the database refuses
	 */
	public void release() throws SQLException {
		update(RELEASE.formatted(this.statements.value()));
		this.connection.commit();
	}

	private int update(String sql) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(this.names.apply(sql))) {
			return statement.executeUpdate();
		}
	}

	/**
	 * What the database must be asked for.
	 */
	@FunctionalInterface
	public interface Condition {

		/**
		 * Asks.
		 * @return whether it is so
		 * @throws SQLException if the database refuses
		 */
		boolean isMet() throws SQLException;

	}

	/**
	 * What the database calls it.
	 *
	 * @param create creates the table of settings
	 * @param take lets the row be valid for {@link #VALID_SECONDS} unless it is, which
	 * changes one row
	 * @param value the column with the value of a setting
	 * @param tableNotFound codes of errors: there is no such table
	 * @param thereAlready codes of errors: a table or a row is there already
	 */
	public record Statements(String create, String take, String value, Set<Integer> tableNotFound,
			Set<Integer> thereAlready) {

		public Statements {
			tableNotFound = Set.copyOf(tableNotFound);
			thereAlready = Set.copyOf(thereAlready);
		}

	}

}
