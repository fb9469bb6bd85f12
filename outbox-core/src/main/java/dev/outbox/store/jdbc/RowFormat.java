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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * How a database returns what is not a number, a text or bytes.
 */
public interface RowFormat {

	/**
	 * Reads an id.
	 * @param row a row
	 * @param column position of the column
	 * @return the id
	 * @throws SQLException if the column is of another type
	 */
	UUID uuid(ResultSet row, int column) throws SQLException;

	/**
	 * Reads a time.
	 * @param row a row
	 * @param column position of the column
	 * @return the time, {@code null} if there is none
	 * @throws SQLException if the column is of another type
	 */
	@Nullable Instant time(ResultSet row, int column) throws SQLException;

	/**
	 * Reads what has happened to a row so far.
	 * @param row a row
	 * @param column position of the first column
	 * @return attempts, crashes, the milliseconds until it is due and since it first
	 * failed; {@code null} if nothing has happened to it
	 * @throws SQLException if the columns are of other types
	 */
	long @Nullable [] history(ResultSet row, int column) throws SQLException;

	/**
	 * Returns a text of any length as a parameter in the list of a query's columns, where
	 * a database may take less than in that of an insertion.
	 * @param connection where the parameter is to be set
	 * @param text the text
	 * @return by default the text; a {@link java.sql.Clob} is freed after the statement
	 * @throws SQLException if the database refuses
	 */
	default Object longText(Connection connection, String text) throws SQLException {
		return text;
	}

}
