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

import java.sql.Clob;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * Runs statements that name their tables and say what differs as {@link SqlSyntax} does,
 * with parameters of the types that {@link PortableFormat} reads.
 */
final class PortableWork {

	private static final int[] LIST_SIZES = { 1, 10, 100, 500 };

	/**
	 * The longest list of parameters. From 1,000 on MariaDB joins the list as a table.
	 */
	static final int LONGEST_LIST = 500;

	private final JdbcWork work;

	private final TableNames tables;

	private final SqlSyntax syntax;

	PortableWork(DataSource dataSource, TableNames tables, SqlSyntax syntax) {
		this.work = new JdbcWork(dataSource);
		this.tables = tables;
		this.syntax = syntax;
	}

	SqlSyntax syntax() {
		return this.syntax;
	}

	TableNames tables() {
		return this.tables;
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
	 * Runs queries, which see what was committed before the transaction.
	 */
	<T> T reading(JdbcWork.Work<T> task) {
		return this.work.inTransaction(this.syntax.reading(), task);
	}

	<T> T inSnapshot(JdbcWork.Work<T> task) {
		return this.work.inTransaction(this.syntax.snapshot(), task);
	}

	<T> T inTransactionThatSeesAll(JdbcWork.Work<T> task) {
		return this.work.inTransaction(this.syntax.readUncommitted(), task);
	}

	/**
	 * Runs one statement in a transaction of its own.
	 * @return how many rows it has changed
	 */
	int update(String sql, @Nullable Object... parameters) {
		return inTransaction((connection) -> update(connection, sql, parameters));
	}

	static int update(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			set(statement, 1, parameters);
			return statement.executeUpdate();
		}
	}

	/**
	 * Inserts a row unless it is there already.
	 * @param sql a statement that begins with {@link SqlSyntax#insertIfAbsent}
	 * @return how many rows it has inserted
	 */
	int insertIfAbsent(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
		try {
			return update(connection, sql, parameters);
		}
		catch (SQLException ex) {
			if (this.syntax.isDuplicate(ex)) {
				return 0;
			}
			throw ex;
		}
	}

	static <T> List<T> query(Connection connection, String sql, RowReader<T> reader, @Nullable Object... parameters)
			throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			set(statement, 1, parameters);
			List<T> found = new ArrayList<>();
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					found.add(reader.read(row));
				}
			}
			return found;
		}
	}

	/**
	 * Sets parameters, those in collections one by one.
	 * @return the position of the next parameter
	 */
	static int set(PreparedStatement statement, int first, @Nullable Object... parameters) throws SQLException {
		int next = first;
		for (Object parameter : parameters) {
			if (parameter instanceof Collection<?> several) {
				next = set(statement, next, several.toArray());
			}
			else {
				set(statement, next++, parameter);
			}
		}
		return next;
	}

	private static void set(PreparedStatement statement, int position, @Nullable Object parameter) throws SQLException {
		if (parameter instanceof UUID id) {
			statement.setBytes(position, PortableFormat.bytes(id));
		}
		else if (parameter instanceof byte[] bytes) {
			statement.setBytes(position, bytes);
		}
		else if (parameter instanceof String text) {
			statement.setString(position, text);
		}
		else if (parameter == null) {
			statement.setString(position, null);
		}
		else {
			statement.setObject(position, parameter);
		}
	}

	/**
	 * Ends what {@link RowFormat#longText} has begun.
	 */
	static void free(@Nullable Object text) throws SQLException {
		if (text instanceof Clob clob) {
			clob.free();
		}
	}

	/**
	 * Returns the question marks of a list. There are few lengths, so that there are few
	 * statements.
	 */
	static String marks(int length) {
		int size = length;
		for (int i = LIST_SIZES.length - 1; i >= 0 && LIST_SIZES[i] >= length; i--) {
			size = LIST_SIZES[i];
		}
		return "?" + ", ?".repeat(size - 1);
	}

	/**
	 * Returns the values of a list whose question marks are {@link #marks}: the last one
	 * fills it up.
	 */
	static <T> List<T> padded(Collection<T> values) {
		List<T> padded = new ArrayList<>(values);
		long size = marks(values.size()).chars().filter((mark) -> mark == '?').count();
		T last = padded.get(padded.size() - 1);
		while (padded.size() < size) {
			padded.add(last);
		}
		return padded;
	}

	/**
	 * Cuts values into lists.
	 */
	static <T> List<List<T>> lists(Collection<T> values) {
		return lists(values, LONGEST_LIST);
	}

	static <T> List<List<T>> lists(Collection<T> values, int longest) {
		List<List<T>> lists = new ArrayList<>();
		Iterator<T> each = values.iterator();
		while (each.hasNext()) {
			List<T> list = new ArrayList<>();
			while (each.hasNext() && list.size() < longest) {
				list.add(each.next());
			}
			lists.add(list);
		}
		return lists;
	}

	/**
	 * Reads a row.
	 *
	 * @param <T> what it is
	 */
	@FunctionalInterface
	interface RowReader<T> {

		T read(ResultSet row) throws SQLException;

	}

}
