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
import java.util.List;

import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;

/**
 * Measures the backlog by counting a little and estimating the rest: how many numbers lie
 * between the first row and the last one is never too low.
 */
final class PortableBacklogStore implements BacklogStore {

	private static final int COUNTED = 10_000;

	private final PortableWork work;

	private final String first;

	private final String last;

	private final String events;

	private final String scheduled;

	private final String dead;

	PortableBacklogStore(PortableWork work) {
		this.work = work;
		SqlSyntax syntax = work.syntax();
		this.first = work.sql("SELECT seq, " + syntax.millisBetween("created_at", syntax.now())
				+ " FROM ${event} WHERE seq >= ? ORDER BY seq" + syntax.first("1"));
		this.last = work.sql("SELECT max(seq) FROM ${event}");
		String count = "SELECT count(*) FROM (SELECT 1 AS found FROM ${%1$s} WHERE %2$s >= ? ORDER BY %2$s"
				+ syntax.first(String.valueOf(COUNTED + 1)) + ") counted";
		this.events = work.sql(count.formatted("event", "seq"));
		this.scheduled = work.sql(count.formatted("scheduled", "number"));
		this.dead = work.sql(count.formatted("dead_letter", "number"));
	}

	@Override
	public Backlog measure(long fromSeq) {
		return this.work.reading((connection) -> {
			List<long[]> oldest = PortableWork.query(connection, this.first,
					(row) -> new long[] { row.getLong(1), row.getLong(2) }, fromSeq);
			long waiting = 0;
			long age = 0;
			if (!oldest.isEmpty()) {
				waiting = number(connection, this.events, fromSeq);
				age = Math.max(0, oldest.get(0)[1]);
			}
			if (waiting > COUNTED) {
				long last = PortableWork.query(connection, this.last, (row) -> row.getLong(1)).get(0);
				waiting = Math.max(waiting, last - oldest.get(0)[0] + 1);
			}
			return new Backlog(waiting, Duration.ofMillis(age), number(connection, this.scheduled, 0),
					number(connection, this.dead, 0));
		});
	}

	private static long number(Connection connection, String sql, long from) throws SQLException {
		return PortableWork.query(connection, sql, (row) -> row.getLong(1), from).get(0);
	}

}
