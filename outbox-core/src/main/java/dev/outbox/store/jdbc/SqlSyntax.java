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
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What statements that run on several databases have to say differently, besides what
 * those have that run on all.
 */
public interface SqlSyntax extends CommonSyntax {

	/**
	 * Returns what stands around identifiers.
	 * @return the character, by default that of the standard
	 */
	default char quote() {
		return '"';
	}

	@Override
	PortableFormat format();

	@Override
	default Object parameter(Instant time) {
		return format().parameter(time);
	}

	@Override
	default Object parameter(UUID id) {
		return PortableFormat.bytes(id);
	}

	/**
	 * Returns how a transaction begins which sees what others have not committed, and
	 * overlooks none of it.
	 * @return the mode; not used where there are {@link #transactionMarks}
	 */
	TransactionMode readUncommitted();

	/**
	 * Returns in which order the numbers of events become visible.
	 * @return the order, by default any
	 */
	default CommitOrder commitOrder() {
		return CommitOrder.ANY;
	}

	/**
	 * Returns what lets a query wait for, and keep off, those who change its rows.
	 * @return the end of a query
	 */
	String forShare();

	/**
	 * Returns what {@link #forShare} says, where it is said behind the name of the table.
	 * @return what follows the name of the table and its alias, by default nothing
	 */
	default String sharing() {
		return "";
	}

	/**
	 * Returns what lets an insertion lock the rows that it copies.
	 * @return the end of its query, by default that of {@link #forUpdate}; {@code null}
	 * where it cannot, and a query of its own does so before
	 */
	default @Nullable String forCopy() {
		return forUpdate();
	}

	/**
	 * Returns what a query has in the place of a table when it needs none.
	 * @return the clause, by default nothing
	 */
	default String fromNothing() {
		return "";
	}

	/**
	 * Returns a query that has an order and a limit of its own as a part of a union.
	 * @param query the query
	 * @return the part
	 */
	String part(String query);

	/**
	 * Returns what keeps to rows whose {@code seq} is in one of several ranges.
	 * @param count how many ranges there are
	 * @return what follows the name of the table, with two parameters per range: its
	 * first and its last number
	 */
	String inRanges(int count);

	/**
	 * Returns what makes a query look up each of the ranges of {@link #inRanges}.
	 * @return what follows the word SELECT, by default nothing
	 */
	default String eachRange() {
		return "";
	}

	/**
	 * Returns what makes a query use an index.
	 * @param index the name of the index without the prefix of the tables
	 * @return what follows the name of the table, by default nothing
	 */
	default String useIndex(String index) {
		return "";
	}

	/**
	 * Returns what makes a query find rows by the primary key, also where a small table
	 * lets another way look cheaper: rows that are locked, or not committed, must not be
	 * touched but by who asks for them.
	 * @return what follows the name of the table
	 */
	default String byPrimaryKey() {
		return "";
	}

	/**
	 * Returns a statement that inserts rows, whose numbers ascend in the order in which
	 * they are listed.
	 * @param table the table
	 * @param columns names of the columns, separated by commas
	 * @param rows how many rows there are
	 * @return a statement with a parameter for each column of each row
	 */
	default String insertRows(String table, String columns, int rows) {
		String row = "(?" + ", ?".repeat((int) columns.chars().filter((c) -> c == ',').count()) + ')';
		return "INSERT INTO " + table + " (" + columns + ") VALUES " + row + (", " + row).repeat(rows - 1);
	}

	/**
	 * Returns whether several rows are inserted by a batch of {@link #insertRows} of one,
	 * whose numbers ascend in the order of the batch.
	 * @return {@code false} by default: by one statement of many rows
	 */
	default boolean insertsInBatches() {
		return false;
	}

	/**
	 * Returns how many parameters a statement may have.
	 * @return the number
	 */
	default int mostParameters() {
		return Short.MAX_VALUE;
	}

	/**
	 * Returns how long a text is, as this database limits it.
	 * @param text the text
	 * @return by default the number of its characters
	 */
	default int length(String text) {
		return text.codePointCount(0, text.length());
	}

	/**
	 * Returns whether this database tells a text from all others, also when it is a key,
	 * and an empty one from none at all.
	 * @param text the text
	 * @return {@code true} by default: columns have a collation that does
	 */
	default boolean distinguishes(String text) {
		return true;
	}

	/**
	 * Returns the column with the value of a setting, which is a reserved word in places.
	 * @return the name, by default as it is
	 */
	default String value() {
		return "value";
	}

	/**
	 * Returns the statement that claims an idempotency key, also in the place of one that
	 * has expired, and else leaves it to its holder.
	 * @return a statement whose parameters are the key, an id, and then only the
	 * retention in milliseconds
	 */
	String claimKey();

	/**
	 * Returns how the end of transactions is told where nobody sees what is not
	 * committed, or may overlook some of it. Each transaction that inserts an event takes
	 * a mark with it, a number that ascends.
	 * @return a query for the newest mark that was taken, or that a transaction has which
	 * has not ended, and the oldest one of those that have not; {@code null}, the
	 * default, where {@link #readUncommitted} shows all
	 */
	default @Nullable String transactionMarks() {
		return null;
	}

	/**
	 * Remembers, in a transaction of its own, that the server was started, where it does
	 * not do so itself.
	 * @param connection a connection
	 * @param tables names of the tables
	 * @throws SQLException if the server refuses
	 */
	default void noteServerStart(Connection connection, TableNames tables) throws SQLException {
	}

	/**
	 * Returns what tells the server, since it was started, from any other one.
	 * @param connection a connection
	 * @param tables names of the tables
	 * @return a number, 0 if the start was not noted yet
	 * @throws SQLException if the server does not say
	 */
	long serverStart(Connection connection, TableNames tables) throws SQLException;

	/**
	 * Returns an expression that differs between the sessions of a server, for a
	 * connection may go on with another one behind a proxy.
	 * @return the expression
	 */
	default String session() {
		return "0";
	}

	/**
	 * Returns the number that the next event gets, or a larger one.
	 * @param connection a connection
	 * @param tables names of the tables
	 * @return the number
	 * @throws SQLException if the server does not say
	 */
	default long nextNumber(Connection connection, TableNames tables) throws SQLException {
		return Long.MAX_VALUE;
	}

	/**
	 * Returns an expression that is 1 on a server that follows another one, and 2 where
	 * numbers do not ascend any more.
	 * @return the expression
	 */
	String isReplica();

	/**
	 * Returns whether a failure is that a transaction may not see what has changed since
	 * it began, or has waited too long for another one, where the SQL state does not say
	 * so: it can be repeated.
	 * @param failure what the driver has thrown
	 * @return whether it is
	 */
	boolean isConflict(SQLException failure);

	/**
	 * Returns whether with a failure the database has rolled back the transaction with
	 * all its savepoints, and begins a new one with the next statement.
	 * @param failure what the driver has thrown
	 * @return whether it has
	 */
	default boolean rollsBack(SQLException failure) {
		return false;
	}

}
