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

package dev.outbox.store.jdbc.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import javax.sql.DataSource;

import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether each transaction may run in another session of the server, because
 * something between here and there lends sessions for the time of a transaction.
 */
final class PoolerExamination implements Examination {

	private final DataSource dataSource;

	private final @Nullable DataSource listening;

	PoolerExamination(DataSource dataSource, @Nullable DataSource listening) {
		this.dataSource = dataSource;
		this.listening = listening;
	}

	@Override
	public String name() {
		return "pooler";
	}

	@Override
	public List<Finding> examine() throws SQLException {
		boolean shared = (this.listening != null) ? isSharedByTwo(this.listening) : isAnotherEachTime(this.dataSource);
		if (!shared) {
			return List.of();
		}
		String seen = "Each transaction may run in another session: a pooler in transaction mode stands before the server";
		if (this.listening == null) {
			return List.of(Finding.note("pooler-in-transaction-mode", "relay",
					seen + ". The relay does not listen for commits, so it works as it should",
					"Nothing, or let outbox.relay.datasource.url name the server itself and the relay"
							+ " learns of commits at once"));
		}
		return List.of(Finding.warning("pooler-in-transaction-mode", "relay",
				seen + ". The relay listens for commits of other instances in a session that is not its own: it hears"
						+ " nothing, and finds their events by polling",
				"Let outbox.relay.datasource.url name the server itself, or a port of the pooler in session mode; or set"
						+ " outbox.relay.datasource.listen=false, and rely on outbox.relay.poll-interval"));
	}

	/**
	 * A second connection gets the session of the first one, which is still open; or the
	 * first one has another when it asks again, because the second one has it.
	 */
	private static boolean isSharedByTwo(DataSource dataSource) throws SQLException {
		try (Connection first = dataSource.getConnection(); Connection second = dataSource.getConnection()) {
			first.setAutoCommit(true);
			int before = session(first);
			second.setAutoCommit(false);
			int other = session(second);
			int after = session(first);
			second.rollback();
			second.setAutoCommit(true);
			return other == before || after != before;
		}
	}

	/**
	 * Sees less, but takes no second connection from a pool that may have only one.
	 */
	private static boolean isAnotherEachTime(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			boolean autoCommit = connection.getAutoCommit();
			connection.setAutoCommit(true);
			try {
				int before = session(connection);
				return session(connection) != before;
			}
			finally {
				connection.setAutoCommit(autoCommit);
			}
		}
	}

	private static int session(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
			row.next();
			return row.getInt(1);
		}
	}

}
