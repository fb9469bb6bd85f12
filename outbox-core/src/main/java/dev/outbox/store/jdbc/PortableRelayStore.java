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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.KeyRead;
import dev.outbox.store.Position;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.RelayStore;
import org.jspecify.annotations.Nullable;

/**
 * The relay's view of the outbox on databases that have neither arrays nor numbers of
 * transactions.
 */
final class PortableRelayStore implements RelayStore {

	/**
	 * Larger payloads are fetched when there is room for them.
	 */
	private static final int INLINE_PAYLOAD = 16_384;

	private static final String ALL = EventRows.COLUMNS + ", payload";

	private final PortableWork work;

	private final GapScan scan;

	private final PortableOutcomes outcomes;

	private final PortableDueEvents due;

	private final boolean archive;

	private final String readKey;

	private final String readRow;

	private final String payloads;

	private final @Nullable String lockListed;

	private final String archiveListed;

	private final String deleteListed;

	PortableRelayStore(PortableWork work, boolean archive) {
		this.work = work;
		this.archive = archive;
		this.scan = new GapScan(work);
		this.outcomes = new PortableOutcomes(work);
		SqlSyntax syntax = work.syntax();
		String scope = " AND part = ? AND transport = ? AND destination = ? ";
		this.readKey = work.sql("SELECT " + stored(syntax) + " FROM ${event}" + syntax.useIndex("event_key")
				+ " WHERE event_key = ? AND seq >= ?" + scope + "ORDER BY event_key, seq" + syntax.first("?"));
		this.readRow = work
			.sql("SELECT " + stored(syntax) + " FROM ${event} WHERE seq = ? AND event_key IS NULL" + scope);
		this.payloads = work.sql("SELECT seq, id, payload FROM ${event}" + syntax.byPrimaryKey() + " WHERE seq IN (");
		// Both the numbers and the ids must match: after a failover a number can be given
		// out again.
		String listed = " WHERE seq IN (%1$s) AND id IN (%1$s)";
		this.deleteListed = work.sql(syntax.deleteByPrimaryKey("${event}") + syntax.locking() + listed);
		String copied = " FROM ${event}" + syntax.byPrimaryKey() + syntax.locking() + listed + " ORDER BY seq";
		this.lockListed = (syntax.forCopy() == null) ? work.sql("SELECT seq" + copied + syntax.forUpdate()) : null;
		this.archiveListed = work.sql("INSERT INTO ${archive} (seq, " + ALL + ", archived_at) SELECT seq, " + ALL + ", "
				+ syntax.now() + copied + Objects.requireNonNullElse(syntax.forCopy(), ""));
		this.due = new PortableDueEvents(work);
	}

	/**
	 * Returns the columns of a row as {@link EventRows#stored} reads them.
	 */
	static String stored(SqlSyntax syntax) {
		String payload = """
				CASE WHEN %2$s > %1$d THEN %2$s END AS payload_size,
				CASE WHEN %2$s <= %1$d THEN payload END AS small_payload""".formatted(INLINE_PAYLOAD,
				syntax.byteLength("payload"));
		String due = syntax.millisBetween(syntax.now(), "next_attempt_at");
		String failing = syntax.millisBetween("first_failed_at", syntax.now());
		return "seq, " + EventRows.COLUMNS + ", " + payload + ", attempts, crashes, " + due + " AS due_in, " + failing
				+ " AS failing_for";
	}

	@Override
	public Position start() {
		return GapPosition.START;
	}

	@Override
	public ReadResult read(ReadRequest request) {
		return this.scan.read(request);
	}

	@Override
	public Position merge(Position main, Position joining) {
		return ((GapPosition) main).and((GapPosition) joining);
	}

	@Override
	public KeyRows readKey(KeyRead read) {
		return this.work.reading((connection) -> {
			String key = read.key();
			try (PreparedStatement statement = connection
				.prepareStatement((key != null) ? this.readKey : this.readRow)) {
				int next = (key != null) ? PortableWork.set(statement, 1, key, read.fromSeq())
						: PortableWork.set(statement, 1, read.fromSeq());
				next = PortableWork.set(statement, next, read.part(), read.destination().transport(),
						read.destination().name());
				if (key != null) {
					statement.setInt(next, read.maxRows());
				}
				try (ResultSet result = statement.executeQuery()) {
					return new EventRows(this.work.syntax().format()).keyRows(result, read);
				}
			}
		});
	}

	@Override
	public Map<Long, byte[]> payloads(Collection<EventRef> wanted) {
		Map<Long, UUID> ids = new HashMap<>();
		wanted.forEach((row) -> ids.put(row.seq(), row.id()));
		Map<Long, byte[]> payloads = new HashMap<>();
		this.work.reading((connection) -> {
			for (List<Long> list : PortableWork.lists(ids.keySet())) {
				PortableWork.query(connection, this.payloads + PortableWork.marks(list.size()) + ")", (row) -> {
					if (this.work.syntax().format().uuid(row, 2).equals(ids.get(row.getLong(1)))) {
						payloads.put(row.getLong(1), Objects.requireNonNullElse(row.getBytes(3), new byte[0]));
					}
					return row.getLong(1);
				}, PortableWork.padded(list));
			}
			return payloads;
		});
		return payloads;
	}

	/**
	 * In the order of the numbers: two instances that remove the same rows must not wait
	 * for each other.
	 */
	@Override
	public void settle(Collection<EventRef> acknowledged) {
		List<EventRef> rows = acknowledged.stream().sorted((a, b) -> Long.compare(a.seq(), b.seq())).toList();
		this.work.inTransaction((connection) -> {
			int removed = 0;
			for (List<EventRef> list : PortableWork.lists(rows)) {
				removed += settle(connection, list);
			}
			return removed;
		});
	}

	private int settle(Connection connection, List<EventRef> rows) throws SQLException {
		List<Long> seqs = PortableWork.padded(rows.stream().map(EventRef::seq).toList());
		List<UUID> ids = PortableWork.padded(rows.stream().map(EventRef::id).toList());
		String marks = PortableWork.marks(rows.size());
		if (this.archive && this.lockListed != null) {
			PortableWork.query(connection, this.lockListed.formatted(marks), (row) -> row.getLong(1), seqs, ids);
		}
		if (this.archive) {
			PortableWork.update(connection, this.archiveListed.formatted(marks), seqs, ids);
		}
		return PortableWork.update(connection, this.deleteListed.formatted(marks), seqs, ids);
	}

	@Override
	public boolean recordFailure(Claim claim, EventRef row, String error, Duration retryIn) {
		return this.outcomes.recordFailure(claim, row, error, retryIn);
	}

	@Override
	public boolean recordCarefulSend(Claim claim, EventRef row) {
		return this.outcomes.countCarefulSend(claim, row, 1);
	}

	@Override
	public boolean withdrawCarefulSend(Claim claim, EventRef row) {
		return this.outcomes.countCarefulSend(claim, row, -1);
	}

	@Override
	public boolean deadLetter(Claim claim, EventRef row, GivenUp givenUp) {
		return this.outcomes.deadLetter(claim, row, givenUp);
	}

	@Override
	public DueMove moveDue(UUID owner, String transport, Collection<Integer> parts, int limit) {
		return this.due.move(owner, transport, parts, limit);
	}

}
