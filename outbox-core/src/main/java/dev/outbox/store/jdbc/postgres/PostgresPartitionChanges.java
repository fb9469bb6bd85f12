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
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

import dev.outbox.OutboxException;
import dev.outbox.store.jdbc.JdbcWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the archive while no other instance does, if that can be done without letting
 * the relay wait. What cannot is left for the next time.
 */
final class PostgresPartitionChanges {

	private static final Logger logger = LoggerFactory.getLogger(PostgresPartitionChanges.class);

	/**
	 * The archive is found by its index, whatever its statistics say.
	 */
	private static final String BEGIN = TransactionSettings.WRITE + "; SET LOCAL enable_seqscan = off";

	/**
	 * Changing a partition locks others out, as briefly as that takes. The last setting
	 * is for looking through the default partition.
	 */
	private static final String IMPATIENT = BEGIN
			+ "; SET LOCAL lock_timeout = '200ms'; SET LOCAL statement_timeout = '2s'";

	/**
	 * For what takes its time and locks out nobody but the vacuum, which gives way after
	 * a second.
	 */
	private static final String PATIENT = BEGIN + "; SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = %d";

	/**
	 * A lock was not to be had, or a statement took too long.
	 */
	private static final Set<String> NOT_NOW = Set.of("55P03", "57014");

	/**
	 * There is an event, or another partition, where the partition was to be, or someone
	 * else has removed the constraint.
	 */
	private static final Set<String> TAKEN = Set.of("23514", "42P17", "42P07", "42704");

	private final JdbcWork work;

	private final JdbcWork.Work<Boolean> isAlone;

	PostgresPartitionChanges(JdbcWork work, JdbcWork.Work<Boolean> isAlone) {
		this.work = work;
		this.isAlone = isAlone;
	}

	/**
	 * Does something that locks others out, at once or not at all.
	 * @return whether it was done
	 */
	boolean attempt(String what, JdbcWork.Work<Boolean> change) {
		return attempt(what, IMPATIENT, change);
	}

	/**
	 * Does something that locks nobody out.
	 * @return whether it was done
	 */
	boolean attempt(String what, Duration limit, JdbcWork.Work<Boolean> change) {
		int millis = (int) Math.min(limit.toMillis(), Integer.MAX_VALUE);
		return attempt(what, PATIENT.formatted(millis), (connection) -> withoutNetworkTimeout(connection, change));
	}

	/**
	 * The relay's connections are given up after two minutes without an answer. Here the
	 * server itself ends what takes too long.
	 */
	private static Boolean withoutNetworkTimeout(Connection connection, JdbcWork.Work<Boolean> change)
			throws SQLException {
		int timeout = connection.getNetworkTimeout();
		connection.setNetworkTimeout(Runnable::run, 0);
		try {
			return change.run(connection);
		}
		finally {
			connection.setNetworkTimeout(Runnable::run, timeout);
		}
	}

	private boolean attempt(String what, String settings, JdbcWork.Work<Boolean> change) {
		try {
			return this.work.inTransaction(settings,
					(connection) -> this.isAlone.run(connection) && change.run(connection));
		}
		catch (OutboxException ex) {
			String state = (ex.getCause() instanceof SQLException sql) ? sql.getSQLState() : null;
			if (state != null && TAKEN.contains(state)) {
				logger.debug("The cleanup could not {}", what, ex);
			}
			else if (state != null && NOT_NOW.contains(state)) {
				logger.info("The cleanup could not {} now, and tries again next time; nothing has changed: {}", what,
						ex.getMessage());
			}
			else {
				logger.warn("The cleanup could not {}, and tries again next time; nothing has changed", what, ex);
			}
			return false;
		}
	}

	static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
