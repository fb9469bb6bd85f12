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
import java.time.Duration;
import java.util.Optional;

import javax.sql.DataSource;

import dev.outbox.store.Backlog;
import dev.outbox.store.SharedBacklogStore;

/**
 * What was measured last, in the only row of a table, on any database.
 */
public final class JdbcSharedBacklogStore implements SharedBacklogStore {

	/**
	 * How many milliseconds the clocks of the store's servers may differ.
	 */
	private static final long TOLERATED = 1000;

	private final OperatorWork work;

	private final BacklogJson json = new BacklogJson();

	private final String read;

	private final String claim;

	private final String claimFirst;

	private final String write;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @param syntax what the database says differently
	 */
	public JdbcSharedBacklogStore(DataSource dataSource, TableNames tables, CommonSyntax syntax) {
		this.work = new OperatorWork(dataSource, tables, syntax);
		this.read = this.work.sql("SELECT content, " + syntax.millisBetween("measured_at", syntax.now())
				+ " FROM ${backlog} WHERE measured_at <= " + syntax.fromNow());
		this.claim = this.work.sql("UPDATE ${backlog} SET claimed_at = " + syntax.now() + " WHERE number = 1"
				+ " AND (claimed_at <= " + syntax.fromNow() + " OR claimed_at > " + syntax.fromNow() + ')');
		this.claimFirst = this.work.sql(syntax.insertIfAbsent() + " ${backlog} (number, claimed_at) VALUES (1, "
				+ syntax.now() + ")" + syntax.ifAbsent());
		this.write = this.work
			.sql("UPDATE ${backlog} SET measured_at = " + syntax.now() + ", content = ? WHERE number = 1");
	}

	@Override
	public Optional<Measurement> read() {
		return this.work.reading((connection) -> this.work.query(connection, this.read, this::measurement, TOLERATED))
			.stream()
			.findFirst()
			.flatMap((measurement) -> measurement);
	}

	private Optional<Measurement> measurement(ResultSet row) throws SQLException {
		Duration age = Duration.ofMillis(Math.max(0, row.getLong(2)));
		return this.json.read(OperatorWork.text(row, 1)).map((backlog) -> new Measurement(backlog, age));
	}

	@Override
	public boolean claim(Duration interval) {
		return this.work.inTransaction(
				(connection) -> this.work.update(connection, this.claim, -interval.toMillis(), TOLERATED) == 1
						|| claimFirst(connection));
	}

	/**
	 * There is no row before the first measurement, or when somebody has emptied the
	 * tables.
	 */
	private boolean claimFirst(Connection connection) throws SQLException {
		try {
			return this.work.update(connection, this.claimFirst) == 1;
		}
		catch (SQLException ex) {
			if (this.work.syntax().isDuplicate(ex)) {
				return false;
			}
			throw ex;
		}
	}

	@Override
	public void write(Backlog backlog) {
		String text = this.json.write(backlog);
		this.work.inTransaction((connection) -> write(connection, text));
	}

	private int write(Connection connection, String text) throws SQLException {
		Object content = this.work.syntax().format().longText(connection, text);
		try {
			return this.work.update(connection, this.write, content);
		}
		finally {
			PortableWork.free(content);
		}
	}

}
