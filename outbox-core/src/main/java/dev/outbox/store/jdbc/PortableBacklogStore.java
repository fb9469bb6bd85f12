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
import java.sql.SQLException;
import java.time.Duration;

import dev.outbox.Destination;
import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogSample;
import dev.outbox.store.BacklogSample.Group;
import dev.outbox.store.BacklogStore;

/**
 * Measures the backlog by counting a little and estimating the rest: how many numbers lie
 * between the first row and the last one is never too low.
 */
final class PortableBacklogStore implements BacklogStore {

	private final PortableWork work;

	private final String oldest;

	private final String newest;

	private final String last;

	private final Count scheduled;

	private final Count dead;

	PortableBacklogStore(PortableWork work) {
		this.work = work;
		SqlSyntax syntax = work.syntax();
		String sample = "SELECT transport, destination, count(*), max(" + syntax.millisBetween("began_at", syntax.now())
				+ "), min(seq) FROM (SELECT seq, transport, destination,"
				+ " coalesce(waiting_since, created_at) AS began_at FROM ${event} WHERE seq >= ?"
				+ " ORDER BY seq%s) sampled GROUP BY transport, destination";
		this.oldest = work.sql(sample.formatted(syntax.first(String.valueOf(BacklogSample.LIMIT + 1))));
		this.newest = work.sql(sample.formatted(" DESC" + syntax.first(String.valueOf(BacklogSample.LIMIT))));
		this.last = work.sql("SELECT max(seq) FROM ${event}");
		this.scheduled = count("scheduled");
		this.dead = count("dead_letter");
	}

	private Count count(String table) {
		String first = this.work.syntax().first(String.valueOf(BacklogSample.LIMIT + 1));
		return new Count(
				this.work.sql("SELECT count(*) FROM (SELECT number AS found FROM ${%s} ORDER BY number%s) counted"
					.formatted(table, first)),
				this.work.sql("SELECT max(number) - min(number) + 1 FROM ${%s}".formatted(table)));
	}

	@Override
	public Backlog measure(long fromSeq) {
		return this.work.reading((connection) -> {
			BacklogSample first = sample(connection, this.oldest, fromSeq);
			long notDue = this.scheduled.in(connection);
			long given = this.dead.in(connection);
			if (first.isComplete()) {
				return first.counted(notDue, given);
			}
			long waiting = Math.max(first.events(), number(connection, this.last) - first.firstSeq() + 1);
			return first.estimated(sample(connection, this.newest, fromSeq), waiting, notDue, given);
		});
	}

	private static BacklogSample sample(Connection connection, String sql, long fromSeq) throws SQLException {
		return new BacklogSample(PortableWork.query(connection, sql,
				(row) -> new Group(new Destination(row.getString(1), row.getString(2)), row.getLong(3),
						Duration.ofMillis(row.getLong(4)), row.getLong(5)),
				fromSeq));
	}

	private static long number(Connection connection, String sql) throws SQLException {
		return PortableWork.query(connection, sql, (row) -> row.getLong(1)).get(0);
	}

	/**
	 * Counts the rows of a table, or says how many there are at most.
	 *
	 * @param counted counts the first ones
	 * @param distance how many numbers lie between the first row and the last one
	 */
	private record Count(String counted, String distance) {

		long in(Connection connection) throws SQLException {
			long rows = number(connection, this.counted);
			return (rows <= BacklogSample.LIMIT) ? rows : Math.max(rows, number(connection, this.distance));
		}

	}

}
