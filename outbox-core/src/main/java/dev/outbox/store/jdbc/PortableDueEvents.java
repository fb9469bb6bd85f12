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
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.outbox.store.RelayStore.DueMove;

/**
 * Moves events that have become due to those that wait to be delivered.
 */
final class PortableDueEvents {

	private static final String ALL = EventRows.COLUMNS + ", payload";

	private final PortableWork work;

	private final String ownedParts;

	private final String first;

	private final String due;

	private final String lockDue;

	private final String move;

	private final String deleteDue;

	PortableDueEvents(PortableWork work) {
		this.work = work;
		SqlSyntax syntax = work.syntax();
		this.ownedParts = work.sql("SELECT part FROM ${partition}" + syntax.sharing()
				+ " WHERE transport = ? AND owner = ?" + syntax.forShare());
		// By the index, part by part: neither rows that are not due are read, nor more of
		// the others than are moved.
		String millis = syntax.millisBetween(syntax.now(), "deliver_at");
		this.first = work
			.sql("SELECT part, (SELECT " + millis + " FROM ${scheduled} s" + syntax.useIndex("scheduled_due")
					+ " WHERE s.transport = p.transport AND s.part = p.part ORDER BY deliver_at" + syntax.first("1")
					+ ") AS due_in FROM ${partition} p WHERE p.transport = ? AND p.part IN (%s)");
		this.due = work.sql("SELECT number FROM ${scheduled}" + syntax.useIndex("scheduled_due")
				+ " WHERE transport = ? AND part = ? AND deliver_at <= " + syntax.now() + " ORDER BY deliver_at, id"
				+ syntax.first("?"));
		this.lockDue = work.sql("SELECT number FROM ${scheduled}" + syntax.byPrimaryKey() + syntax.locking()
				+ " WHERE number IN (%s)" + syntax.forUpdate());
		this.move = work
			.sql("INSERT INTO ${event} (" + ALL + ", waiting_since) SELECT " + ALL + ", deliver_at FROM ${scheduled}"
					+ syntax.byPrimaryKey() + " WHERE number IN (%s) ORDER BY deliver_at, id");
		this.deleteDue = work.sql(syntax.deleteByPrimaryKey("${scheduled}") + " WHERE number IN (%s)");
	}

	DueMove move(UUID owner, String transport, Collection<Integer> parts, int limit) {
		return this.work.inTransaction((connection) -> {
			Set<Integer> owned = new HashSet<>(
					PortableWork.query(connection, this.ownedParts, (row) -> row.getInt(1), transport, owner));
			owned.retainAll(parts);
			if (owned.isEmpty()) {
				return new DueMove(0, null);
			}
			Map<Integer, Long> waiting = firstDue(connection, transport, owned);
			int moved = 0;
			for (Map.Entry<Integer, Long> first : waiting.entrySet()
				.stream()
				.sorted(Map.Entry.comparingByValue())
				.toList()) {
				if (first.getValue() <= 0 && moved < limit) {
					moved += move(connection, transport, first.getKey(), limit - moved);
				}
			}
			Collection<Long> next = ((moved > 0) ? firstDue(connection, transport, owned) : waiting).values();
			return new DueMove(moved, next.isEmpty() ? null : Duration.ofMillis(Math.max(0, Collections.min(next))));
		});
	}

	/**
	 * Returns in how many milliseconds the first events of partitions are due.
	 */
	private Map<Integer, Long> firstDue(Connection connection, String transport, Set<Integer> parts)
			throws SQLException {
		Map<Integer, Long> first = new HashMap<>();
		PortableWork.query(connection, this.first.formatted(PortableWork.marks(parts.size())), (row) -> {
			long millis = row.getLong(2);
			return row.wasNull() || first.put(row.getInt(1), millis) == null;
		}, transport, PortableWork.padded(parts));
		return first;
	}

	/**
	 * The rows are chosen without a lock, which only the owner of the partition does:
	 * rows of open transactions are not waited for.
	 */
	private int move(Connection connection, String transport, int part, int limit) throws SQLException {
		List<Long> due = PortableWork.query(connection, this.due, (row) -> row.getLong(1), transport, part, limit);
		int moved = 0;
		for (List<Long> list : PortableWork.lists(due)) {
			List<Long> locked = PortableWork.query(connection, this.lockDue.formatted(PortableWork.marks(list.size())),
					(row) -> row.getLong(1), PortableWork.padded(list));
			if (!locked.isEmpty()) {
				move(connection, locked);
				moved += locked.size();
			}
		}
		return moved;
	}

	private void move(Connection connection, List<Long> numbers) throws SQLException {
		List<Long> padded = PortableWork.padded(numbers);
		String marks = PortableWork.marks(numbers.size());
		PortableWork.update(connection, this.move.formatted(marks), padded);
		PortableWork.update(connection, this.deleteDue.formatted(marks), padded);
	}

}
