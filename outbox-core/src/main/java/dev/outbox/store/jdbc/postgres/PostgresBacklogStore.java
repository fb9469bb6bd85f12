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
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import dev.outbox.Destination;
import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogSample;
import dev.outbox.store.BacklogSample.Group;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TableNames;

/**
 * Measures the backlog in PostgreSQL by counting a little, and else by the server's
 * statistics, which follow the table within seconds; counting would read all of it.
 */
public final class PostgresBacklogStore implements BacklogStore {

	private static final String SAMPLE = """
			SELECT transport, destination, count(*),
				ceil(extract(epoch FROM max(clock_timestamp() - began_at)) * 1000)::bigint, min(seq)
			FROM (SELECT seq, transport, destination, coalesce(waiting_since, created_at) AS began_at FROM ${event}
				WHERE seq >= ? ORDER BY seq %s LIMIT %d) sampled
			GROUP BY transport, destination""";

	private final JdbcWork work;

	private final String oldest;

	private final String newest;

	private final String waiting;

	private final String others;

	private final String event;

	private final String scheduled;

	private final String dead;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 */
	public PostgresBacklogStore(DataSource dataSource, TableNames tables) {
		this.work = new JdbcWork(dataSource);
		this.oldest = tables.apply(SAMPLE.formatted("", BacklogSample.LIMIT + 1));
		this.newest = tables.apply(SAMPLE.formatted("DESC", BacklogSample.LIMIT));
		// The statistics are empty after a crash of the server; the distance between the
		// first row and the last number is never too low.
		this.waiting = tables.apply("""
				SELECT CASE WHEN live.events = 0 THEN last.distance ELSE least(live.events, last.distance) END
				FROM (SELECT last_value - ? + 1 AS distance FROM ${event_seq_seq}) last
				CROSS JOIN (SELECT pg_stat_get_live_tuples(to_regclass(?)) AS events) live""");
		this.others = tables.apply("""
				SELECT CASE WHEN scheduled.counted <= %1$d THEN scheduled.counted
						ELSE greatest(scheduled.counted, pg_stat_get_live_tuples(to_regclass(?))) END,
					CASE WHEN dead.counted <= %1$d THEN dead.counted
						ELSE greatest(dead.counted, pg_stat_get_live_tuples(to_regclass(?))) END
				FROM (SELECT count(*) AS counted FROM (SELECT FROM ${scheduled}
					ORDER BY number LIMIT %1$d + 1) s) scheduled
				CROSS JOIN (SELECT count(*) AS counted FROM (SELECT FROM ${dead_letter}
					ORDER BY number LIMIT %1$d + 1) d) dead""".formatted(BacklogSample.LIMIT));
		this.event = tables.apply("${event}");
		this.scheduled = tables.apply("${scheduled}");
		this.dead = tables.apply("${dead_letter}");
	}

	@Override
	public Backlog measure(long fromSeq) {
		return this.work.inTransaction(TransactionSettings.READ, (connection) -> {
			BacklogSample first = sample(connection, this.oldest, fromSeq);
			long[] rest = numbers(connection, this.others, this.scheduled, this.dead);
			if (first.isComplete()) {
				return first.counted(rest[0], rest[1]);
			}
			long[] estimate = numbers(connection, this.waiting, first.firstSeq(), this.event);
			return first.estimated(sample(connection, this.newest, fromSeq), Math.max(first.events(), estimate[0]),
					rest[0], rest[1]);
		});
	}

	private static BacklogSample sample(Connection connection, String sql, long fromSeq) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setLong(1, fromSeq);
			try (ResultSet rows = statement.executeQuery()) {
				List<Group> groups = new ArrayList<>();
				while (rows.next()) {
					groups.add(new Group(new Destination(rows.getString(1), rows.getString(2)), rows.getLong(3),
							Duration.ofMillis(rows.getLong(4)), rows.getLong(5)));
				}
				return new BacklogSample(groups);
			}
		}
	}

	private static long[] numbers(Connection connection, String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setObject(i + 1, parameters[i]);
			}
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				long[] numbers = new long[row.getMetaData().getColumnCount()];
				for (int i = 0; i < numbers.length; i++) {
					numbers[i] = row.getLong(i + 1);
				}
				return numbers;
			}
		}
	}

}
