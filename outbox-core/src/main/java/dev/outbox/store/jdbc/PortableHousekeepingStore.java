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

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.outbox.store.HousekeepingStore;

/**
 * Housekeeping on any database.
 */
final class PortableHousekeepingStore implements HousekeepingStore {

	/**
	 * What has come back may not be visible yet when its note is.
	 */
	private static final Duration FORGET_AFTER = Duration.ofHours(1);

	private static final int LIST = PortableWork.LONGEST_LIST;

	private final PortableWork work;

	private final String lock;

	private final String forget;

	private final Map<Kept, String[]> statements = new EnumMap<>(Kept.class);

	PortableHousekeepingStore(PortableWork work) {
		this.work = work;
		this.lock = work.sql("SELECT name FROM ${setting}" + work.syntax().lockingUnlessLocked()
				+ " WHERE name = 'lock.housekeeping'" + work.syntax().forUpdateSkipLocked());
		this.forget = work.sql("DELETE FROM ${returned} WHERE NOT EXISTS (SELECT 1 FROM ${event}"
				+ " WHERE ${event}.seq = ${returned}.seq) AND returned_at < " + work.syntax().fromNow());
		this.statements.put(Kept.IDEMPOTENCY_KEY, statements("idempotency", "idempotency_key", "created_at", "1 = 1"));
		this.statements.put(Kept.ARCHIVED_EVENT, statements("archive", "number", "archived_at", "1 = 1"));
		this.statements.put(Kept.DEAD_LETTER,
				statements("dead_letter", "number", "died_at", "NOT " + DeadLetterRows.BLOCKING));
		this.statements.put(Kept.AUDIT_ENTRY, statements("audit", "number", "happened_at", "1 = 1"));
	}

	private String[] statements(String table, String id, String time, String condition) {
		SqlSyntax syntax = this.work.syntax();
		return new String[] {
				this.work.sql(syntax.lockFirst(id, "${" + table + "} l",
						time + " < " + syntax.fromNow() + " AND " + condition + " ORDER BY " + time)),
				this.work.sql(syntax.deleteByPrimaryKey("${" + table + "}") + " WHERE " + id + " IN (") };
	}

	@Override
	public int removeExpired(Kept what, Duration retention, int limit) {
		String[] sql = Objects.requireNonNull(this.statements.get(what));
		return this.work.inTransaction((connection) -> {
			if (PortableWork.query(connection, this.lock, (row) -> row.getString(1)).isEmpty()) {
				return 0;
			}
			PortableWork.update(connection, this.forget, -FORGET_AFTER.toMillis());
			List<Object> expired = PortableWork.query(connection, sql[0], (row) -> row.getObject(1),
					-retention.toMillis(), limit);
			// A list of texts is not always looked up in the primary key.
			for (List<Object> list : PortableWork.lists(expired, (what == Kept.IDEMPOTENCY_KEY) ? 1 : LIST)) {
				PortableWork.update(connection, sql[1] + PortableWork.marks(list.size()) + ")",
						PortableWork.padded(list));
			}
			return expired.size();
		});
	}

}
