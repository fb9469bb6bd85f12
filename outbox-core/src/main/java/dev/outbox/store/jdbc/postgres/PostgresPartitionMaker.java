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

import dev.outbox.store.jdbc.TableNames;

/**
 * Adds partitions to the archive.
 */
final class PostgresPartitionMaker {

	private static final String IS_THERE = """
			SELECT to_regclass(?) IS NOT NULL
				OR EXISTS (SELECT 1 FROM %s WHERE archived_at >= ? AND archived_at < ?)""";

	private static final String CREATE = """
			CREATE TABLE ${partition} (LIKE ${archive} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES \
			INCLUDING STORAGE INCLUDING COMPRESSION);
			ALTER TABLE ${partition} OWNER TO ${owner};
			ALTER TABLE ${archive} ATTACH PARTITION ${partition} FOR VALUES FROM (${from}) TO (${to})""";

	private final PostgresPartitionChanges changes;

	private final TableNames tables;

	PostgresPartitionMaker(PostgresPartitionChanges changes, TableNames tables) {
		this.changes = changes;
		this.tables = tables;
	}

	/**
	 * Adds a partition if it is missing.
	 */
	void add(ArchiveRange range, Target target) {
		this.changes.attempt("add the partition " + range.table(), (connection) -> {
			if (!isThere(connection, range, target)) {
				PostgresPartitionChanges.execute(connection, statement(CREATE, range, target));
			}
			return true;
		});
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

	/**
	 * What a partition is to be taken out of.
	 *
	 * @param table the default partition, quoted
	 * @param owner owner of the archive, quoted
	 */
	record Target(String table, String owner) {

	}

}
