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
 * What statements that run on several databases have to say differently. Times are in
 * UTC, whatever the time zones of session and server are.
 */
public interface SqlSyntax {

	/**
	 * Returns what stands around identifiers.
	 * @return the character
	 */
	char quote();

	/**
	 * Returns the statement that a transaction begins with: each of its statements sees
	 * what was committed before it.
	 * @return the statement
	 */
	String readCommitted();

	/**
	 * Returns the statement that a transaction begins with whose queries all see the same
	 * state.
	 * @return the statement
	 */
	String snapshot();

	/**
	 * Returns the statement that a transaction begins with which sees what others have
	 * not committed.
	 * @return the statement
	 */
	String readUncommitted();

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
	 * Returns what lets a query wait for, and keep off, those who change its rows.
	 * @return the end of a query
	 */
	String forShare();

	/**
	 * Returns what makes a query use an index.
	 * @param index the name of the index without the prefix of the tables
	 * @return what follows the name of the table
	 */
	String useIndex(String index);

	/**
	 * Returns what makes an insertion leave alone what is there already.
	 * @return the beginning of the statement, up to the table
	 */
	String insertIfAbsent();

	/**
	 * Returns what makes an insertion of an idempotency key take the place of one that
	 * has expired.
	 * @return the end of the statement, with two parameters: the retention in
	 * milliseconds, twice
	 */
	String replaceExpiredKey();

	/**
	 * Returns when the server was started, give or take a second.
	 * @param connection a connection
	 * @return seconds
	 * @throws SQLException if the server does not say
	 */
	long serverStart(Connection connection) throws SQLException;

	/**
	 * Returns an expression that is 1 on a server that follows another one.
	 * @return the expression
	 */
	String isReplica();

	/**
	 * Returns whether a failure is that a transaction may not see what has changed since
	 * it began, where the SQL state does not say so: it can be repeated.
	 * @param failure what the driver has thrown
	 * @return whether it is
	 */
	boolean isConflict(SQLException failure);

}
