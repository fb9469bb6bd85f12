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
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What statements that run on all databases have to say differently. Times are in UTC,
 * whatever the time zones of session and server are.
 */
public interface CommonSyntax {

	/**
	 * Puts the names of tables into a statement.
	 * @param tables names of the tables
	 * @param statement a statement
	 * @return the statement with all names as this database wants them
	 */
	String sql(TableNames tables, String statement);

	/**
	 * Returns how a transaction begins that writes: each of its statements sees what was
	 * committed before it.
	 * @return the mode
	 */
	TransactionMode readCommitted();

	/**
	 * Returns how a transaction begins that only reads: each of its statements sees what
	 * was committed before the transaction.
	 * @return the mode, by default that of {@link #readCommitted}
	 */
	default TransactionMode reading() {
		return readCommitted();
	}

	/**
	 * Returns how a transaction begins whose queries all see the same state.
	 * @return the mode
	 */
	TransactionMode snapshot();

	/**
	 * Returns the current time: that of the statement, not of the transaction.
	 * @return an expression
	 */
	String now();

	/**
	 * Returns a time that is some milliseconds from now.
	 * @return an expression with one parameter
	 */
	String fromNow();

	/**
	 * Returns how many milliseconds lie between two times.
	 * @param start an expression
	 * @param end an expression
	 * @return an expression, rounded up
	 */
	String millisBetween(String start, String end);

	/**
	 * Returns what lets a query lock its rows.
	 * @return the end of a query, by default that of the standard
	 */
	default String forUpdate() {
		return " FOR UPDATE";
	}

	/**
	 * Returns what lets a query lock its rows, but for those that others have locked,
	 * which it leaves out.
	 * @return the end of a query, by default what most databases say
	 */
	default String forUpdateSkipLocked() {
		return " FOR UPDATE SKIP LOCKED";
	}

	/**
	 * Returns what {@link #forUpdate} says, where it is said behind the name of the
	 * table.
	 * @return what follows the name of the table and its alias, by default nothing
	 */
	default String locking() {
		return "";
	}

	/**
	 * Returns what {@link #forUpdateSkipLocked} says, where it is said behind the name of
	 * the table.
	 * @return what follows the name of the table and its alias, by default nothing
	 */
	default String lockingUnlessLocked() {
		return "";
	}

	/**
	 * Returns a query that locks the first rows it finds, but for those that others have
	 * locked, which it leaves out.
	 * @param columns the columns
	 * @param table the table, and its alias
	 * @param condition the condition and the order
	 * @return the query, whose last parameter is how many rows there may be; whether rows
	 * that others have locked are among these is left open
	 */
	default String lockFirst(String columns, String table, String condition) {
		return "SELECT " + columns + " FROM " + table + lockingUnlessLocked() + " WHERE " + condition + first("?")
				+ forUpdateSkipLocked();
	}

	/**
	 * Returns what limits how many rows a query returns, which has an order.
	 * @param count a number, or a question mark
	 * @return what follows the order
	 */
	String first(String count);

	/**
	 * Returns the beginning of a deletion whose rows are found by the primary key.
	 * @param table the name of the table
	 * @return the statement up to the condition
	 */
	default String deleteByPrimaryKey(String table) {
		return "DELETE FROM " + table;
	}

	/**
	 * Returns what makes an insertion of one row leave alone what is there already.
	 * @return the beginning of the statement, up to the table, where its end is
	 * {@link #ifAbsent}; where it fails instead, {@link #isDuplicate} says so
	 */
	String insertIfAbsent();

	/**
	 * Returns a statement that inserts events with numbers that were given out before.
	 * @param insert the statement
	 * @return the statement, and what else it takes
	 */
	default String insertNumbered(String insert) {
		return insert;
	}

	/**
	 * Returns the size of the bytes in a column.
	 * @param column name of the column
	 * @return an expression
	 */
	default String byteLength(String column) {
		return "octet_length(" + column + ')';
	}

	/**
	 * Returns whether a failure is that a row is there already, and nothing else has
	 * become of the transaction.
	 * @param failure what the driver has thrown
	 * @return whether it is
	 */
	default boolean isDuplicate(SQLException failure) {
		return false;
	}

	/**
	 * Returns how times and ids are stored.
	 * @return the format
	 */
	RowFormat format();

	/**
	 * Returns a time as a parameter of a statement.
	 * @param time a time
	 * @return the time as the database stores it
	 */
	Object parameter(Instant time);

	/**
	 * Returns an id as a parameter of a statement.
	 * @param id an id
	 * @return the id as the database stores it
	 */
	Object parameter(UUID id);

	/**
	 * Returns the beginning of a deletion whose rows are found by an index, also where a
	 * small table lets another way look cheaper: others may have locked other rows.
	 * @param table the name of the table
	 * @param index the name of the index without the prefix of the tables
	 * @return the statement up to the condition
	 */
	default String deleteByIndex(String table, String index) {
		return "DELETE FROM " + table;
	}

	/**
	 * Returns the end of an insertion that begins with {@link #insertIfAbsent}.
	 * @return the end, by default nothing
	 */
	default String ifAbsent() {
		return "";
	}

	/**
	 * Returns whether a text contains another one, letter by letter.
	 * @param column name of the column
	 * @return a condition with one parameter, which is not empty
	 */
	default String contains(String column) {
		return "instr(" + column + ", ?) > 0";
	}

	/**
	 * Returns the column with the names of an instance's transports.
	 * @return an expression for the names, one in a line; by default the column
	 */
	default String transports() {
		return "transports";
	}

	/**
	 * Returns what tells the scans, which have passed that place, that an event has come
	 * back.
	 * @return a statement with one parameter, the sequence number of the event;
	 * {@code null} where the scans find out themselves
	 */
	default @Nullable String announceReturn() {
		return "INSERT INTO ${returned} (seq, returned_at) VALUES (?, " + now() + ")";
	}

}
