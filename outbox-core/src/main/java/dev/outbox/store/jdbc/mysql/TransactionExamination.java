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

package dev.outbox.store.jdbc.mysql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;
import dev.outbox.store.jdbc.ExaminedDatabase;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TransactionMode;
import org.jspecify.annotations.Nullable;

/**
 * Looks for transactions that keep InnoDB from purging the rows of delivered events.
 */
final class TransactionExamination implements Examination {

	private static final int NEEDS_PROCESS = 1227;

	private static final int PATIENCE_SECONDS = 4;

	/**
	 * These times are in the zone of the server, whatever that of the session is.
	 */
	private static final String OPEN = """
			SELECT trx_mysql_thread_id, seconds, p.user, p.command
			FROM (SELECT trx_mysql_thread_id, trx_started,
					TIMESTAMPDIFF(SECOND, trx_started, CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM')) AS seconds
				FROM information_schema.innodb_trx) t
			LEFT JOIN information_schema.processlist p ON p.id = trx_mysql_thread_id
			WHERE seconds * 1000 > ? ORDER BY trx_started LIMIT 10""";

	private final ExaminedDatabase database;

	private final TransactionMode mode;

	TransactionExamination(ExaminedDatabase database, TransactionMode mode) {
		this.database = database;
		this.mode = mode;
	}

	@Override
	public String name() {
		return "sessions";
	}

	@Override
	public List<Finding> examine() {
		return new JdbcWork(this.database.dataSource()).inTransaction(this.mode, (connection) -> {
			try {
				return open(connection);
			}
			catch (SQLException ex) {
				if (ex.getErrorCode() != NEEDS_PROCESS) {
					throw ex;
				}
				return List.of(Finding.note("sessions-hidden", "information_schema.innodb_trx",
						"The user of the outbox may not see which transactions are open, and so not"
								+ " which one holds the purge back",
						"Let the user of the outbox see them: GRANT PROCESS ON *.* TO its name"));
			}
		});
	}

	private List<Finding> open(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(OPEN)) {
			statement.setQueryTimeout(PATIENCE_SECONDS);
			statement.setLong(1, this.database.settings().maxTransactionAge().toMillis());
			try (ResultSet row = statement.executeQuery()) {
				List<Finding> findings = new ArrayList<>();
				while (row.next()) {
					findings.add(finding(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4)));
				}
				return findings;
			}
		}
	}

	private static Finding finding(long thread, long seconds, @Nullable String user, @Nullable String command) {
		if (thread == 0) {
			return Finding.warning("horizon-held-back", "prepared transaction",
					"It was prepared by XA and has been open for " + seconds
							+ " s without a session. InnoDB cannot purge what was deleted since",
					"Look for it with XA RECOVER, and end it with XA COMMIT or XA ROLLBACK");
		}
		boolean idle = "Sleep".equals(command);
		return Finding.warning(idle ? "idle-in-transaction" : "horizon-held-back",
				"session " + thread + " of " + ((user != null) ? user : "an unknown user"),
				"It has had a transaction open for " + seconds + " s" + (idle ? ", and does nothing" : "")
						+ ". InnoDB cannot purge what was deleted since if it has read anything: the"
						+ " relay has to step"
						+ " over the rows of all events that were delivered, and reads get slower",
				"Let it commit, or end it with KILL " + thread
						+ ". If such transactions are meant, raise outbox.doctor.max-transaction-age");
	}

}
