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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import dev.outbox.store.ForwardStore;

/**
 * Dead letters that are to be forwarded, on any database.
 */
public final class JdbcForwardStore implements ForwardStore {

	private final OperatorWork work;

	private final String due;

	private final String hold;

	private final String read;

	private final String done;

	private final String again;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @param syntax what the database says differently
	 */
	public JdbcForwardStore(DataSource dataSource, TableNames tables, CommonSyntax syntax) {
		this.work = new OperatorWork(dataSource, tables, syntax);
		this.due = this.work.sql(syntax.lockFirst("l.number", "${dead_letter} l",
				"l.forward_at <= " + syntax.now() + " ORDER BY l.forward_at, l.number"));
		// Not all databases look again at a row that they have waited for.
		this.hold = this.work.sql("UPDATE ${dead_letter} SET forward_at = " + syntax.fromNow()
				+ " WHERE number = ? AND forward_at <= " + syntax.now());
		this.read = this.work.sql(DeadLetterRows.complete(syntax,
				", forward_attempts, " + syntax.millisBetween("died_at", syntax.now()), "WHERE number = ?"));
		this.done = this.work.sql("UPDATE ${dead_letter} SET forward_at = NULL WHERE number = ?");
		this.again = this.work.sql("UPDATE ${dead_letter} SET forward_at = " + syntax.fromNow()
				+ ", forward_attempts = CASE WHEN forward_attempts < 32767 THEN forward_attempts + ?"
				+ " ELSE forward_attempts END WHERE number = ? AND forward_at IS NOT NULL");
	}

	@Override
	public List<Forward> take(int limit, Duration hold) {
		return this.work.inTransaction((connection) -> {
			List<Forward> taken = new ArrayList<>();
			for (long number : this.work.query(connection, this.due, (row) -> row.getLong(1), limit)
				.stream()
				.sorted()
				.toList()) {
				if (this.work.update(connection, this.hold, hold.toMillis(), number) == 1) {
					taken.addAll(read(connection, number));
				}
			}
			return taken;
		});
	}

	private List<Forward> read(Connection connection, long number) throws SQLException {
		DeadLetterRows rows = new DeadLetterRows(this.work.syntax().format());
		int next = DeadLetterRows.MORE + 2;
		return this.work.query(connection, this.read, (row) -> new Forward(rows.complete(row), row.getInt(next),
				Duration.ofMillis(Math.max(0, row.getLong(next + 1)))), number);
	}

	@Override
	public void done(long number) {
		this.work.inTransaction((connection) -> this.work.update(connection, this.done, number));
	}

	@Override
	public void again(long number, Duration in, boolean attemptFailed) {
		this.work.inTransaction(
				(connection) -> this.work.update(connection, this.again, in.toMillis(), attemptFailed ? 1 : 0, number));
	}

}
