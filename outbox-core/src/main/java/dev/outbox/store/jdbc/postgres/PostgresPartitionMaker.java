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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.outbox.store.jdbc.TableNames;

/**
 * Adds partitions to the archive.
 * <p>
 * PostgreSQL looks for events of that time in the default partition, while nobody can
 * archive. Where that would take long, it is told beforehand, by a constraint that it
 * checks while others go on, that there are none. Until the partition is there the
 * constraint would refuse events of that time, so it is made for the future only, and
 * removed in time if something has come between.
 */
final class PostgresPartitionMaker {

	/**
	 * Looking through as much takes milliseconds.
	 */
	private static final long SMALL = 8L << 20;

	/**
	 * How long before its time a constraint is made at the latest, and is checked at the
	 * latest.
	 */
	private static final Duration AHEAD = Duration.ofHours(24);

	private static final Duration IN_TIME = Duration.ofHours(12);

	private static final String IS_THERE = """
			SELECT to_regclass(?) IS NOT NULL
				OR EXISTS (SELECT 1 FROM %s WHERE archived_at >= ? AND archived_at < ?)""";

	private static final String CREATE = """
			CREATE TABLE ${partition} (LIKE ${archive} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES \
			INCLUDING STORAGE INCLUDING COMPRESSION);
			ALTER TABLE ${partition} OWNER TO ${owner};
			ALTER TABLE ${archive} ATTACH PARTITION ${partition} FOR VALUES FROM (${from}) TO (${to})""";

	private static final String FORBID = """
			ALTER TABLE ${default} ADD CONSTRAINT ${constraint} \
			CHECK (archived_at < ${from} OR archived_at >= ${to}) NOT VALID""";

	private static final String VALIDATE = "ALTER TABLE ${default} VALIDATE CONSTRAINT ${constraint}";

	private static final String ALLOW = "ALTER TABLE ${default} DROP CONSTRAINT ${constraint}";

	private static final String CONSTRAINTS = """
			SELECT conname FROM pg_constraint
			WHERE conrelid = to_regclass(?) AND contype = 'c' AND conname ~ ?""";

	private final PostgresPartitionChanges changes;

	private final TableNames tables;

	PostgresPartitionMaker(PostgresPartitionChanges changes, TableNames tables) {
		this.changes = changes;
		this.tables = tables;
	}

	/**
	 * Adds the partitions that are missing.
	 * @param ranges those that there are to be
	 * @param target what they are taken out of
	 * @param now time of the database
	 */
	void add(List<ArchiveRange> ranges, Target target, Instant now) {
		List<ArchiveRange> later = ranges.stream()
			.filter((range) -> !now.plus(AHEAD).isAfter(range.from().toInstant()))
			.toList();
		boolean small = target.bytes() <= SMALL;
		removeLeftovers(small ? List.of() : later, target);
		if (small) {
			ranges.forEach((range) -> addAtOnce(range, target));
		}
		else {
			later.forEach((range) -> addBeside(range, target, now));
		}
	}

	/**
	 * A process that has died has left its constraint behind. Those of partitions that
	 * are still to come are of use.
	 */
	private void removeLeftovers(List<ArchiveRange> useful, Target target) {
		Set<String> spared = useful.stream().map(ArchiveRange::constraint).collect(Collectors.toSet());
		this.changes.attempt("remove what was left of making a partition", (connection) -> {
			for (String constraint : constraints(connection, target)) {
				if (!spared.contains('"' + constraint + '"')) {
					PostgresPartitionChanges.execute(connection,
							"ALTER TABLE " + target.table() + " DROP CONSTRAINT \"" + constraint + '"');
				}
			}
			return true;
		});
	}

	private void addAtOnce(ArchiveRange range, Target target) {
		this.changes.attempt("add the partition " + range.table(), (connection) -> {
			if (!isThere(connection, range, target)) {
				PostgresPartitionChanges.execute(connection, statement(CREATE, range, target));
			}
			return true;
		});
	}

	private void addBeside(ArchiveRange range, Target target, Instant now) {
		String what = "add the partition " + range.table();
		boolean begun = this.changes.attempt(what, (connection) -> {
			boolean forbidden = constraints(connection, target).contains(range.constraint().replace("\"", ""));
			boolean there = isThere(connection, range, target);
			if (there == forbidden) {
				PostgresPartitionChanges.execute(connection, statement(there ? ALLOW : FORBID, range, target));
			}
			return !there;
		});
		Duration limit = Duration.between(now.plus(IN_TIME), range.from());
		if (begun && this.changes.attempt(what, limit, (connection) -> {
			PostgresPartitionChanges.execute(connection, statement(VALIDATE, range, target));
			return true;
		})) {
			this.changes.attempt(what, (connection) -> {
				PostgresPartitionChanges.execute(connection, statement(CREATE + ";" + ALLOW, range, target));
				return true;
			});
		}
	}

	private String statement(String statement, ArchiveRange range, Target target) {
		return this.tables.apply(range.apply(statement.replace("${owner}", target.owner()), target.table()));
	}

	/**
	 * The first partition comes too late if events of its time have been archived.
	 */
	private static boolean isThere(Connection connection, ArchiveRange range, Target target) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(IS_THERE.formatted(target.table()))) {
			statement.setString(1, range.table());
			statement.setObject(2, range.from());
			statement.setObject(3, range.to());
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getBoolean(1);
			}
		}
	}

	private List<String> constraints(Connection connection, Target target) throws SQLException {
		List<String> names = new ArrayList<>();
		try (PreparedStatement statement = connection.prepareStatement(CONSTRAINTS)) {
			statement.setString(1, target.table());
			statement.setString(2, ArchiveRange.CONSTRAINTS.formatted(this.tables.prefix()));
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					names.add(row.getString(1));
				}
			}
		}
		return names;
	}

	/**
	 * What a partition is to be taken out of.
	 *
	 * @param table the default partition, quoted
	 * @param bytes its size
	 * @param owner owner of the archive, quoted
	 */
	record Target(String table, long bytes, String owner) {

	}

}
