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

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;

import javax.sql.DataSource;

import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TableNames;

/**
 * Measures the backlog in PostgreSQL by the server's statistics, which follow the table
 * within seconds; counting would read all of it.
 */
public final class PostgresBacklogStore implements BacklogStore {

	private final JdbcWork work;

	private final String measure;

	private final String[] tables;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 */
	public PostgresBacklogStore(DataSource dataSource, TableNames tables) {
		this.work = new JdbcWork(dataSource);
		// The statistics are empty after a crash of the server; the distance between the
		// first row and the last number is never too low.
		this.measure = tables.apply("""
				SELECT CASE WHEN first.seq IS NULL THEN 0
						WHEN live.events = 0 THEN greatest(last.seq - first.seq + 1, 1)
						ELSE least(live.events, greatest(last.seq - first.seq + 1, 1)) END,
					coalesce(ceil(extract(epoch FROM first.age) * 1000)::bigint, 0), live.scheduled, live.dead
				FROM (SELECT last_value AS seq FROM ${event_seq_seq}) last
				CROSS JOIN (SELECT
					pg_stat_get_live_tuples(to_regclass(?)) AS events,
					pg_stat_get_live_tuples(to_regclass(?)) AS scheduled,
					pg_stat_get_live_tuples(to_regclass(?)) AS dead) live
				LEFT JOIN (SELECT seq, clock_timestamp() - created_at AS age FROM ${event}
					WHERE seq >= ? ORDER BY seq LIMIT 1) first ON true""");
		this.tables = new String[] { tables.apply("${event}"), tables.apply("${scheduled}"),
				tables.apply("${dead_letter}") };
	}

	@Override
	public Backlog measure(long fromSeq) {
		return this.work.inTransaction(TransactionSettings.READ, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.measure)) {
				for (int i = 0; i < this.tables.length; i++) {
					statement.setString(i + 1, this.tables[i]);
				}
				statement.setLong(this.tables.length + 1, fromSeq);
				try (ResultSet row = statement.executeQuery()) {
					row.next();
					return new Backlog(row.getLong(1), Duration.ofMillis(Math.max(0, row.getLong(2))), row.getLong(3),
							row.getLong(4));
				}
			}
		});
	}

}
