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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import javax.sql.DataSource;

import dev.outbox.Destination;
import dev.outbox.OutboxException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the statements of operators, which are the same on all databases but for what
 * {@link CommonSyntax} says.
 */
final class OperatorWork {

	private static final int PATIENCE_SECONDS = 5;

	private static final int LONGEST_QUERY_SECONDS = 30;

	private final Semaphore reader = new Semaphore(1);

	private final JdbcWork work;

	private final TableNames tables;

	private final CommonSyntax syntax;

	OperatorWork(DataSource dataSource, TableNames tables, CommonSyntax syntax) {
		this.work = new JdbcWork(dataSource);
		this.tables = tables;
		this.syntax = syntax;
	}

	CommonSyntax syntax() {
		return this.syntax;
	}

	/**
	 * Puts the names of the tables into a statement.
	 */
	String sql(String statement) {
		return this.syntax.sql(this.tables, statement);
	}

	<T> T inTransaction(JdbcWork.Work<T> task) {
		return this.work.inTransaction(this.syntax.readCommitted(), task);
	}

	/**
	 * Reads for an operator. One at a time: the relay has few connections, and must not
	 * wait for people who look at a million dead letters.
	 */
	<T> T reading(JdbcWork.Work<T> task) {
		return alone(() -> this.work.inTransaction(this.syntax.reading(), task));
	}

	private <T> T alone(Supplier<T> read) {
		try {
			if (!this.reader.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				throw new OutboxException("The store is busy with what another operator wants to see. Nothing has been"
						+ " read. Ask again later, or for less");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new OutboxException("Interrupted while another operator's query ran. Nothing has been read", ex);
		}
		try {
			return read.get();
		}
		finally {
			this.reader.release();
		}
	}

	/**
	 * Runs queries which all see the same state.
	 */
	<T> T inSnapshot(JdbcWork.Work<T> task) {
		return alone(() -> this.work.inTransaction(this.syntax.snapshot(), task));
	}

	int update(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			set(statement, parameters);
			return statement.executeUpdate();
		}
	}

	<T> List<T> query(Connection connection, String sql, PortableWork.RowReader<T> reader,
			@Nullable Object... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			set(statement, parameters);
			statement.setQueryTimeout(LONGEST_QUERY_SECONDS);
			List<T> found = new ArrayList<>();
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					found.add(reader.read(row));
				}
			}
			return found;
		}
	}

	private void set(PreparedStatement statement, @Nullable Object... parameters) throws SQLException {
		for (int i = 0; i < parameters.length; i++) {
			Object parameter = parameters[i];
			if (parameter instanceof UUID id) {
				parameter = this.syntax.parameter(id);
			}
			else if (parameter instanceof Instant time) {
				parameter = this.syntax.parameter(time);
			}
			if (parameter == null) {
				statement.setString(i + 1, null);
			}
			else if (parameter instanceof byte[] bytes) {
				statement.setBytes(i + 1, bytes);
			}
			else {
				statement.setObject(i + 1, parameter);
			}
		}
	}

	/**
	 * Reads the columns transport and destination.
	 */
	static Destination destination(ResultSet row, int column) throws SQLException {
		return new Destination(text(row, column), text(row, column + 1));
	}

	/**
	 * Reads a text that is always there.
	 */
	static String text(ResultSet row, int column) throws SQLException {
		return present(row.getString(column));
	}

	Instant time(ResultSet row, int column) throws SQLException {
		return present(this.syntax.format().time(row, column));
	}

	private static <T> T present(@Nullable T value) {
		return Objects.requireNonNull(value);
	}

}
