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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterStore;

/**
 * The dead letters on databases that have neither arrays nor numbers of transactions.
 */
final class PortableDeadLetterStore implements DeadLetterStore {

	private static final String ALL = EventRows.COLUMNS + ", payload";

	private final PortableWork work;

	private final String list;

	private final String find;

	private final String findEvent;

	private final String lock;

	private final String unblock;

	private final String replayHead;

	private final String announce;

	private final String replayLast;

	private final String discard;

	PortableDeadLetterStore(PortableWork work) {
		this.work = work;
		String select = "SELECT number, " + ALL
				+ ", seq, attempts, first_failed_at, died_at, error FROM ${dead_letter} ";
		this.list = work.sql(select + "WHERE number > ? ORDER BY number" + work.syntax().first("?"));
		this.find = work.sql(select + "WHERE number = ?");
		this.findEvent = work.sql(select + "WHERE id = ? ORDER BY number");
		this.lock = work.sql("SELECT blocks_key FROM ${dead_letter}" + work.syntax().locking() + " WHERE number = ?"
				+ work.syntax().forUpdate());
		this.unblock = work.sql("""
				DELETE FROM ${blocked_key} WHERE EXISTS (SELECT 1 FROM ${dead_letter} l WHERE l.number = ?
					AND l.transport = ${blocked_key}.transport AND l.destination = ${blocked_key}.destination
					AND l.event_key = ${blocked_key}.event_key)""");
		String copy = "INSERT INTO ${event} (%1$s) SELECT %1$s FROM ${dead_letter} WHERE number = ?";
		this.replayHead = work.sql(work.syntax().insertNumbered(copy.formatted("seq, " + ALL)));
		this.announce = work.sql("INSERT INTO ${returned} (seq, returned_at) SELECT seq, " + work.syntax().now()
				+ " FROM ${dead_letter} WHERE number = ?");
		this.replayLast = work.sql(copy.formatted(ALL));
		this.discard = work.sql(work.syntax().deleteByPrimaryKey("${dead_letter}") + " WHERE number = ?");
	}

	@Override
	public List<DeadLetter> list(long afterNumber, int limit) {
		return this.work
			.reading((connection) -> PortableWork.query(connection, this.list, reader(), afterNumber, limit));
	}

	@Override
	public Optional<DeadLetter> find(long number) {
		return this.work.reading((connection) -> PortableWork.query(connection, this.find, reader(), number))
			.stream()
			.findFirst();
	}

	@Override
	public Optional<DeadLetter> find(UUID eventId) {
		return this.work.reading((connection) -> PortableWork.query(connection, this.findEvent, reader(), eventId))
			.stream()
			.findFirst();
	}

	private PortableWork.RowReader<DeadLetter> reader() {
		EventRows rows = new EventRows(this.work.syntax().format());
		return (row) -> letter(rows, row);
	}

	private DeadLetter letter(EventRows rows, ResultSet row) throws SQLException {
		int next = 2 + EventRows.COUNT;
		return new DeadLetter(row.getLong(1), row.getLong(next + 1), row.getInt(3),
				rows.event(row, 2, row.getBytes(next)), row.getInt(next + 2),
				this.work.syntax().format().time(row, next + 3),
				Objects.requireNonNull(this.work.syntax().format().time(row, next + 4)),
				Objects.requireNonNull(row.getString(next + 5)));
	}

	/**
	 * The head of a blocked key goes back to its place, all others to the end: their keys
	 * have gone on without them. A scan has passed that place long ago, so it is told.
	 */
	@Override
	public boolean replay(long number) {
		return this.work.inTransaction((connection) -> {
			List<Boolean> blocks = PortableWork.query(connection, this.lock, (row) -> row.getBoolean(1), number);
			if (blocks.isEmpty()) {
				return false;
			}
			boolean head = blocks.get(0) && PortableWork.update(connection, this.unblock, number) == 1;
			if (head) {
				PortableWork.update(connection, this.announce, number);
			}
			PortableWork.update(connection, head ? this.replayHead : this.replayLast, number);
			return discard(connection, number);
		});
	}

	@Override
	public boolean discard(long number) {
		return this.work.inTransaction((connection) -> {
			List<Boolean> blocks = PortableWork.query(connection, this.lock, (row) -> row.getBoolean(1), number);
			if (!blocks.isEmpty() && blocks.get(0)) {
				PortableWork.update(connection, this.unblock, number);
			}
			return discard(connection, number);
		});
	}

	private boolean discard(Connection connection, long number) throws SQLException {
		return PortableWork.update(connection, this.discard, number) == 1;
	}

}
