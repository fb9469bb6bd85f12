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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.outbox.OutboxException;
import dev.outbox.store.ArchivePartition;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds partitions to the archive before they are needed, and drops those that have
 * expired. Never makes the relay wait: what does not get its locks at once is left for
 * the next time.
 */
final class PostgresArchivePartitions {

	private static final Logger logger = LoggerFactory.getLogger(PostgresArchivePartitions.class);

	/**
	 * How many partitions there are after the current one.
	 */
	private static final int AHEAD = 2;

	/**
	 * Changing a partition locks others out, as briefly as that takes. The last setting
	 * is for looking through the default partition.
	 */
	private static final String IMPATIENT = TransactionSettings.WRITE
			+ "; SET LOCAL lock_timeout = '200ms'; SET LOCAL statement_timeout = '2s'";

	/**
	 * A lock was not to be had, or a statement took too long.
	 */
	private static final Set<String> NOT_NOW = Set.of("55P03", "57014");

	/**
	 * There is an event, or another partition, where the partition was to be.
	 */
	private static final Set<String> TAKEN = Set.of("23514", "42P17", "42P07");

	private static final String PARTITIONLESS = """
			The archive {}archive gets no partitions: it has no default partition, or the user of the relay does not \
			own it or may not create tables in its schema. What has expired is deleted row by row instead. Let the \
			cleanup run as its owner, or set outbox.published.partition=none""";

	private static final String ARCHIVE = """
			SELECT pg_has_role(c.relowner, 'USAGE') AND has_schema_privilege(c.relnamespace, 'CREATE'),
				(SELECT format('%I.%I', n.nspname, d.relname) FROM pg_class d JOIN pg_namespace n ON n.oid = d.relnamespace
					WHERE d.oid = p.partdefid),
				(clock_timestamp() AT TIME ZONE 'UTC')::date::text
			FROM pg_class c JOIN pg_partitioned_table p ON p.partrelid = c.oid WHERE c.oid = to_regclass(?)""";

	private static final String EXPIRED = """
			SELECT format('%I.%I', n.nspname, c.relname)
			FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE i.inhparent = to_regclass(?) AND pg_has_role(c.relowner, 'USAGE')
				AND substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''([^'']+)''\\)')::timestamptz
					<= clock_timestamp() - ? * interval '1 millisecond'
			ORDER BY c.relname""";

	private final JdbcWork work;

	private final TableNames tables;

	private final JdbcWork.Work<Boolean> isAlone;

	private volatile @Nullable String remainder;

	private boolean warned;

	PostgresArchivePartitions(JdbcWork work, TableNames tables, JdbcWork.Work<Boolean> isAlone) {
		this.work = work;
		this.tables = tables;
		this.isAlone = isAlone;
	}

	/**
	 * Returns where events are that do not leave with their partition.
	 * @return a table, {@code null} if it is the whole archive
	 */
	@Nullable String remainder() {
		return this.remainder;
	}

	/**
	 * Adds and drops partitions.
	 */
	void maintain(Duration retention, ArchivePartition width) {
		Archive archive = this.work.inTransaction(TransactionSettings.WRITE, this::look);
		boolean wanted = width != ArchivePartition.NONE && retention.compareTo(length(width)) >= 0;
		this.remainder = (wanted && archive.isOwn()) ? archive.remainder() : null;
		if (this.remainder != null) {
			add(archive, width, this.remainder);
		}
		else if (wanted) {
			warn();
		}
		if (archive.isOwn()) {
			drop(retention);
		}
	}

	private static Duration length(ArchivePartition width) {
		return Duration.ofDays((width == ArchivePartition.MONTH) ? 31 : 1);
	}

	private void warn() {
		if (!this.warned) {
			this.warned = true;
			logger.warn(PARTITIONLESS, this.tables.prefix());
		}
	}

	private Archive look(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(ARCHIVE)) {
			statement.setString(1, this.tables.apply("${archive}"));
			try (ResultSet row = statement.executeQuery()) {
				return row.next()
						? new Archive(row.getBoolean(1), row.getString(2),
								LocalDate.parse(Objects.requireNonNull(row.getString(3))))
						: new Archive(false, null, LocalDate.EPOCH);
			}
		}
	}

	private void add(Archive archive, ArchivePartition width, String remainder) {
		boolean monthly = width == ArchivePartition.MONTH;
		LocalDate first = monthly ? archive.today().withDayOfMonth(1) : archive.today();
		for (int i = 0; i <= AHEAD; i++) {
			LocalDate from = monthly ? first.plusMonths(i) : first.plusDays(i);
			LocalDate to = monthly ? from.plusMonths(1) : from.plusDays(1);
			String name = this.tables.apply("${archive_"
					+ from.format(monthly ? DateTimeFormatter.ofPattern("uuuuMM") : DateTimeFormatter.BASIC_ISO_DATE)
					+ '}');
			attempt("add the partition " + name, (connection) -> {
				if (!isThere(connection, name, remainder, from, to)) {
					execute(connection, this.tables.apply("CREATE TABLE " + name + """
							 (LIKE ${archive} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES
							INCLUDING STORAGE INCLUDING COMPRESSION)"""));
					execute(connection, this.tables.apply("ALTER TABLE ${archive} ATTACH PARTITION " + name
							+ " FOR VALUES FROM ('" + from + " 00:00:00+00') TO ('" + to + " 00:00:00+00')"));
				}
				return true;
			});
		}
	}

	/**
	 * The first partition comes too late if events of its time have been archived.
	 */
	private static boolean isThere(Connection connection, String name, String remainder, LocalDate from, LocalDate to)
			throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL OR EXISTS ("
				+ "SELECT 1 FROM " + remainder + " WHERE archived_at >= ? AND archived_at < ?)")) {
			statement.setString(1, name);
			statement.setObject(2, from.atStartOfDay().atOffset(ZoneOffset.UTC));
			statement.setObject(3, to.atStartOfDay().atOffset(ZoneOffset.UTC));
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1);
			}
		}
	}

	private void drop(Duration retention) {
		for (String name : this.work.inTransaction(TransactionSettings.WRITE,
				(connection) -> expired(connection, retention))) {
			if (attempt("drop the partition " + name, (connection) -> {
				execute(connection, "DROP TABLE " + name);
				return true;
			})) {
				logger.debug("Dropped {}: all of it is older than {}", name, retention);
			}
		}
	}

	private List<String> expired(Connection connection, Duration retention) throws SQLException {
		List<String> names = new ArrayList<>();
		try (PreparedStatement statement = connection.prepareStatement(EXPIRED)) {
			statement.setString(1, this.tables.apply("${archive}"));
			statement.setLong(2, retention.toMillis());
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					names.add(row.getString(1));
				}
			}
		}
		return names;
	}

	/**
	 * Does something while no other instance does, if it can be done at once.
	 */
	private boolean attempt(String what, JdbcWork.Work<Boolean> change) {
		try {
			return this.work.inTransaction(IMPATIENT,
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

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private record Archive(boolean isOwn, @Nullable String remainder, LocalDate today) {

	}

}
