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
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.outbox.store.ArchivePartition;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.postgres.PostgresPartitionMaker.Target;
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

	private static final String PARTITIONLESS = """
			The archive {}archive gets no partitions: it has no default partition, or the user of the relay does not \
			own it or may not create tables in its schema. What has expired is deleted row by row instead. Let the \
			cleanup run as its owner, or set outbox.published.partition=none""";

	private static final String FOREIGN = """
			The archive {}archive has partitions of another owner, which cannot be dropped. What has expired is deleted \
			row by row instead. Give them its owner: ALTER TABLE <partition> OWNER TO {}""";

	private static final String ARCHIVE = """
			SELECT pg_has_role(c.relowner, 'USAGE') AND has_schema_privilege(c.relnamespace, 'CREATE')
					AND has_schema_privilege(c.relowner, c.relnamespace, 'CREATE'),
				clock_timestamp(), quote_ident(pg_get_userbyid(c.relowner)),
				(SELECT bool_and(pg_has_role(k.relowner, 'USAGE')) FROM pg_inherits i JOIN pg_class k ON k.oid = i.inhrelid
					WHERE i.inhparent = c.oid),
				CASE WHEN d.oid IS NOT NULL THEN format('%I.%I', n.nspname, d.relname) END, pg_relation_size(d.oid)
			FROM pg_class c JOIN pg_partitioned_table p ON p.partrelid = c.oid
				LEFT JOIN pg_class d ON d.oid = p.partdefid
				LEFT JOIN pg_namespace n ON n.oid = d.relnamespace
			WHERE c.oid = to_regclass(?)""";

	private static final String EXPIRED = """
			SELECT format('%I.%I', n.nspname, c.relname)
			FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE i.inhparent = to_regclass(?) AND pg_has_role(c.relowner, 'USAGE')
				AND substring(pg_get_expr(c.relpartbound, c.oid) from 'TO \\(''([^'']+)''\\)')::timestamptz
					<= clock_timestamp() - ? * interval '1 millisecond'
			ORDER BY c.relname""";

	private final JdbcWork work;

	private final TableNames tables;

	private final PostgresPartitionChanges changes;

	private final PostgresPartitionMaker maker;

	private volatile @Nullable String remainder;

	private final Set<String> warned = new HashSet<>();

	PostgresArchivePartitions(JdbcWork work, TableNames tables, JdbcWork.Work<Boolean> isAlone) {
		this.work = work;
		this.tables = tables;
		this.changes = new PostgresPartitionChanges(work, isAlone);
		this.maker = new PostgresPartitionMaker(this.changes, tables);
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
		Target target = archive.target();
		boolean wanted = width != ArchivePartition.NONE && retention.compareTo(length(width)) >= 0;
		this.remainder = (wanted && target != null && archive.ownsAll()) ? target.table() : null;
		if (target != null) {
			this.maker.add(wanted ? ArchiveRange.at(archive.now(), width, this.tables).toList() : List.of(), target,
					archive.now());
		}
		else if (wanted) {
			warn(PARTITIONLESS, "");
		}
		if (archive.isOwn()) {
			drop(retention);
			if (!archive.ownsAll()) {
				warn(FOREIGN, archive.owner());
			}
		}
	}

	private static Duration length(ArchivePartition width) {
		return Duration.ofDays((width == ArchivePartition.MONTH) ? 31 : 1);
	}

	private void warn(String message, String owner) {
		if (this.warned.add(message)) {
			logger.warn(message, this.tables.prefix(), owner);
		}
	}

	private Archive look(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(ARCHIVE)) {
			statement.setString(1, this.tables.apply("${archive}"));
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? Archive.of(row) : new Archive(false, false, "", null, Instant.EPOCH);
			}
		}
	}

	private void drop(Duration retention) {
		for (String name : this.work.inTransaction(TransactionSettings.WRITE,
				(connection) -> expired(connection, retention))) {
			if (this.changes.attempt("drop the partition " + name, (connection) -> {
				PostgresPartitionChanges.execute(connection, "DROP TABLE " + name);
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
	 * The archive as it is.
	 *
	 * @param isOwn whether its definition can be changed
	 * @param ownsAll whether all partitions can be dropped
	 * @param owner its owner, quoted
	 * @param target what partitions can be taken out of, {@code null} if they cannot
	 * @param now time of the database
	 */
	private record Archive(boolean isOwn, boolean ownsAll, String owner, @Nullable Target target, Instant now) {

		static Archive of(ResultSet row) throws SQLException {
			boolean own = row.getBoolean(1);
			String owner = Objects.requireNonNull(row.getString(3));
			String table = row.getString(5);
			return new Archive(own, row.getBoolean(4), owner,
					(own && table != null) ? new Target(table, row.getLong(6), owner) : null,
					Objects.requireNonNull(row.getObject(2, OffsetDateTime.class)).toInstant());
		}

	}

}
