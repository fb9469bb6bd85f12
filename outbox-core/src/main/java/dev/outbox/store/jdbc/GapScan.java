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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.outbox.OutboxException;
import dev.outbox.store.PositionLostException;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.StoredEvent;
import dev.outbox.store.jdbc.Gaps.Gap;

/**
 * One step of a scan where the database does not say which transactions a snapshot has
 * not seen. It sees all numbers of the table, also those of other partitions, and
 * remembers the ones that are missing: whatever commits behind the cursor has one of
 * them. They are asked for in the snapshot in which the tail is read, so that nothing
 * overtakes them.
 * <p>
 * A number whose transaction was rolled back is told from one whose transaction is still
 * running by a read that sees uncommitted rows. What is not even there then, and not a
 * minute later, will never be. Where there is no such read, or where it may overlook
 * some, the transactions tell that are still running.
 */
final class GapScan {

	private static final int LATE = 0;

	private static final int TAIL = 1;

	private static final int RETURNED = 2;

	/**
	 * While nothing in sight is to be delivered, more is looked at in one go.
	 */
	private static final int FAR = 10_000;

	private static final int LONGEST_SEARCH = 100;

	/**
	 * With more gaps that nobody has looked at, a look does not wait.
	 */
	private static final int MAX_UNKNOWN = 500;

	/**
	 * What looking may take of the time, as a fraction.
	 */
	private static final int LOOKING = 20;

	private final PortableWork work;

	private final String tail;

	private final String late;

	private final String state;

	private final String fetch;

	private final GapLook look;

	private final Servers servers;

	GapScan(PortableWork work) {
		this.work = work;
		SqlSyntax syntax = work.syntax();
		String byNumber = syntax.byPrimaryKey();
		this.late = work.sql("SELECT" + syntax.eachRange()
				+ " seq, part, transport, destination, 0 AS arm, 0 AS note FROM ${event}" + byNumber);
		this.tail = work.sql(syntax.part("""
				SELECT seq, part, transport, destination, 1 AS arm, 0 AS note FROM ${event}%s
				WHERE seq > ? AND seq <= ? ORDER BY seq""".formatted(byNumber) + syntax.first("?")) + """
				 UNION ALL
				SELECT e.seq, e.part, e.transport, e.destination, 2, r.number FROM ${returned} r
				JOIN ${event} e ON e.seq = r.seq WHERE e.seq <= ?""");
		this.state = " UNION ALL SELECT " + syntax.isReplica() + ", 0, NULL, NULL, 3, " + syntax.session()
				+ syntax.fromNothing();
		this.look = new GapLook(work);
		this.servers = new Servers(work);
		this.fetch = work
			.sql("SELECT " + PortableRelayStore.stored(syntax) + " FROM ${event}" + byNumber + " WHERE seq IN (");
	}

	ReadResult read(ReadRequest request) {
		int limit = request.maxRows();
		ReadResult result = step(request, looked((GapPosition) request.from()), limit);
		for (int i = 0; i < LONGEST_SEARCH && result.events().isEmpty() && !result.drained(); i++) {
			result = step(request, looked((GapPosition) result.next()), Math.max(FAR, limit));
		}
		return result;
	}

	private GapPosition looked(GapPosition from) {
		Gaps gaps = from.gaps();
		long now = System.nanoTime();
		if (from.serverStart() != 0 && now - from.nextLook() >= 0) {
			checkNumbers(from.cursor());
			Gaps left = this.look.atAll(gaps, now);
			long end = System.nanoTime();
			return from.looked(end + Math.max(GapLook.LOOK_AFTER, LOOKING * (end - now)), left);
		}
		return (gaps.unknown() > MAX_UNKNOWN) ? from.looked(from.nextLook(), this.look.atUnknown(gaps, now)) : from;
	}

	/**
	 * When the table is truncated, all numbers are given out again.
	 */
	private void checkNumbers(long cursor) {
		long next = this.work.reading((connection) -> this.work.syntax().nextNumber(connection, this.work.tables()));
		if (next <= cursor) {
			throw new PositionLostException("the numbers of the events have begun again after " + cursor
					+ ", because their table was truncated");
		}
	}

	private ReadResult step(ReadRequest request, GapPosition from, int limit) {
		return attempt(request, from, limit).or(() -> {
			this.work.inTransaction((connection) -> {
				this.work.syntax().noteServerStart(connection, this.work.tables());
				return true;
			});
			return attempt(request, from, limit);
		}).orElseThrow(() -> new PositionLostException("the server is being started again and again"));
	}

	/**
	 * Returns nothing if it is still to be noted when the server was started.
	 */
	private Optional<ReadResult> attempt(ReadRequest request, GapPosition from, int limit) {
		return this.work.inSnapshot((connection) -> {
			long start = this.servers.start(connection);
			if (start == 0) {
				return Optional.empty();
			}
			GapPosition position = from.on(start, System.nanoTime() + GapLook.LOOK_AFTER);
			Sight sight = see(connection, request, position, limit);
			position.on(this.servers.start(connection, sight.session), 0);
			// What is missing has been given out by now.
			long now = System.nanoTime();
			Choice choice = new Choice(this.work.syntax().commitOrder(), request, sight, limit);
			List<StoredEvent> events = choice.seqs.isEmpty() ? List.of() : fetch(connection, choice.seqs);
			return Optional.of(choice.consume(position, events, now));
		});
	}

	private Sight see(Connection connection, ReadRequest request, GapPosition from, int limit) throws SQLException {
		Gaps.Asked asked = from.gaps().asked(from.turn());
		Sight sight = new Sight(request.scope(), from.returned(), asked.turn());
		SqlSyntax syntax = this.work.syntax();
		List<Gap> gaps = asked.ranges();
		while (gaps.size() > GapRanges.MOST && sight.late.size() < limit) {
			GapRanges.query(connection, syntax, this.late, gaps.subList(0, GapRanges.MOST), limit - sight.late.size(),
					sight::add);
			gaps = gaps.subList(GapRanges.MOST, gaps.size());
		}
		boolean more = !gaps.isEmpty() && sight.late.size() < limit;
		String late = more ? syntax.part(GapRanges.sql(syntax, this.late, gaps.size())) + " UNION ALL " : "";
		try (PreparedStatement statement = connection.prepareStatement(late + this.tail + this.state)) {
			int next = more ? PortableWork.set(statement, GapRanges.set(statement, gaps), limit - sight.late.size())
					: 1;
			PortableWork.set(statement, next, from.cursor(), request.upTo(), limit, from.cursor());
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					sight.add(row);
				}
			}
		}
		return sight;
	}

	private List<StoredEvent> fetch(Connection connection, List<Long> seqs) throws SQLException {
		List<StoredEvent> events = new ArrayList<>();
		EventRows rows = new EventRows(this.work.syntax().format());
		for (List<Long> list : PortableWork.lists(seqs)) {
			events
				.addAll(PortableWork.query(connection, this.fetch + PortableWork.marks(list.size()) + ") ORDER BY seq",
						rows::stored, PortableWork.padded(list)));
		}
		return events;
	}

	/**
	 * What a snapshot shows.
	 */
	private static final class Sight {

		private final SortedMap<Long, Seen> late = new TreeMap<>();

		private final SortedMap<Long, Seen> tail = new TreeMap<>();

		/**
		 * Notes that have been heeded, and are still there.
		 */
		private final Set<Long> heeded = new HashSet<>();

		private final ReadScope scope;

		private final Set<Long> known;

		private final long turn;

		private long session;

		Sight(ReadScope scope, Set<Long> known, long turn) {
			this.scope = scope;
			this.known = known;
			this.turn = turn;
		}

		private boolean isOurs(String destination) {
			String only = this.scope.only();
			return (only != null) ? only.equals(destination) : !this.scope.excluded().contains(destination);
		}

		private int add(ResultSet row) throws SQLException {
			int arm = row.getInt(5);
			long note = row.getLong(6);
			if (arm == RETURNED && this.known.contains(note)) {
				this.heeded.add(note);
			}
			else if (arm == LATE || arm == TAIL || arm == RETURNED) {
				boolean ours = this.scope.transport().equals(row.getString(3))
						&& this.scope.parts().contains(row.getInt(2)) && isOurs(String.valueOf(row.getString(4)));
				((arm == TAIL) ? this.tail : this.late).merge(row.getLong(1), new Seen(row.getLong(1), ours, note),
						Seen::and);
			}
			else if (row.getLong(1) == 2) {
				throw new OutboxException(
						"Cannot read events: auto_increment_increment of the server is not 1 any more."
								+ " The relay waits, and asks again. Set it to 1");
			}
			else if (row.getLong(1) != 0) {
				throw new OutboxException("Cannot read events: the server takes no writes, it is read-only or follows"
						+ " another one. The relay waits, and asks again. Connect it to the primary");
			}
			else {
				this.session = note;
			}
			return arm;
		}

	}

	/**
	 * A number in sight.
	 *
	 * @param seq the number
	 * @param ours whether its row is in the scope
	 * @param note the note that it came back, 0 if there is none
	 */
	private record Seen(long seq, boolean ours, long note) {

		private Seen and(Seen other) {
			return new Seen(this.seq, this.ours, Math.max(this.note, other.note));
		}

	}

	/**
	 * What of it is to be consumed.
	 */
	private static final class Choice {

		private final CommitOrder order;

		private final ReadRequest request;

		private final Sight sight;

		private final int limit;

		private final boolean lateOnly;

		private final List<Long> seqs = new ArrayList<>();

		Choice(CommitOrder order, ReadRequest request, Sight sight, int limit) {
			this.order = order;
			this.request = request;
			this.sight = sight;
			this.limit = limit;
			choose(sight.late.values());
			// More rows may be late than fit: the tail would overtake them.
			this.lateOnly = sight.late.size() >= limit || this.seqs.size() >= request.maxRows();
			if (!this.lateOnly) {
				choose(sight.tail.values());
			}
		}

		private void choose(Collection<Seen> arm) {
			for (Seen row : arm) {
				if (row.ours() && this.seqs.size() < this.request.maxRows()) {
					this.seqs.add(row.seq());
				}
			}
		}

		private ReadResult consume(GapPosition from, List<StoredEvent> events, long now) {
			int count = withinBytes(events);
			List<StoredEvent> taken = events.subList(0, count);
			boolean all = count == events.size() && this.seqs.size() < this.request.maxRows();
			long lastTaken = (count > 0) ? taken.get(count - 1).seq() : 0;
			List<Long> found = new ArrayList<>();
			Set<Long> heeded = new HashSet<>(this.sight.heeded);
			for (Seen row : this.sight.late.values()) {
				if (all || row.seq() <= lastTaken) {
					found.add(row.seq());
					if (row.note() != 0) {
						heeded.add(row.note());
					}
				}
			}
			Gaps gaps = from.gaps().without(found);
			if (this.lateOnly || (count < events.size() && lastTaken <= from.cursor())) {
				return new ReadResult(taken, from.at(from.cursor(), gaps, heeded, from.turn()), false);
			}
			long cursor = from.cursor();
			List<Gap> passed = new ArrayList<>();
			int rows = 0;
			for (Seen row : this.sight.tail.values()) {
				if (!all && row.seq() > lastTaken) {
					break;
				}
				rows++;
				if (row.seq() > cursor + 1) {
					this.order.passed(cursor + 1, row.seq() - 1, now, passed);
				}
				cursor = row.seq();
			}
			boolean drained = rows == this.sight.tail.size() && rows < this.limit;
			return new ReadResult(taken, from.at(cursor, gaps.and(passed), heeded, this.sight.turn), drained);
		}

		private int withinBytes(List<StoredEvent> events) {
			long bytes = this.request.maxBytes();
			int count = 0;
			for (StoredEvent event : events) {
				if (count > 0 && bytes < event.payloadSize()) {
					break;
				}
				bytes -= event.payloadSize();
				count++;
			}
			return count;
		}

	}

}
