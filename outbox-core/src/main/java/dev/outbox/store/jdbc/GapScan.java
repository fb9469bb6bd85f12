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
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;

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
 * minute later, will never be.
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
	 * A statement that takes longer between taking a number and inserting its row is not
	 * expected.
	 */
	private static final long LOOK_AFTER = TimeUnit.SECONDS.toNanos(1);

	private static final long FORGET_AFTER = TimeUnit.SECONDS.toNanos(60);

	private final PortableWork work;

	private final String tail;

	private final String late;

	private final String state;

	private final String look;

	private final String fetch;

	/**
	 * When the servers at the other ends of connections were started.
	 */
	private final Map<Connection, Long> serverStarts = Collections.synchronizedMap(new WeakHashMap<>());

	GapScan(PortableWork work) {
		this.work = work;
		SqlSyntax syntax = work.syntax();
		this.late = work.sql("SELECT seq, part, transport, destination, 0 AS arm, 0 AS note FROM ${event}");
		this.tail = work.sql(syntax.part("""
				SELECT seq, part, transport, destination, 1 AS arm, 0 AS note FROM ${event}
				WHERE seq > ? AND seq <= ? ORDER BY seq""" + syntax.first("?")) + """
				 UNION ALL
				SELECT e.seq, e.part, e.transport, e.destination, 2, r.number FROM ${returned} r
				JOIN ${event} e ON e.seq = r.seq WHERE e.seq <= ?""");
		this.state = " UNION ALL SELECT " + syntax.isReplica() + ", 0, NULL, NULL, 3, 0";
		this.look = work.sql("SELECT seq FROM ${event}");
		this.fetch = work.sql("SELECT " + PortableRelayStore.stored(syntax) + " FROM ${event} WHERE seq IN (");
	}

	ReadResult read(ReadRequest request) {
		GapPosition from = (GapPosition) request.from();
		long now = System.nanoTime();
		if (!from.gaps().isEmpty() && now - from.lookedAt() >= LOOK_AFTER) {
			from = from.lookedAt(now, look(from.gaps(), now));
		}
		int limit = request.maxRows();
		ReadResult result = step(request, from, limit, now);
		for (int i = 0; i < LONGEST_SEARCH && result.events().isEmpty() && !result.drained(); i++) {
			result = step(request, (GapPosition) result.next(), Math.max(FAR, limit), now);
		}
		return result;
	}

	private ReadResult step(ReadRequest request, GapPosition from, int limit, long now) {
		return attempt(request, from, limit, now).or(() -> {
			this.work.inTransaction((connection) -> {
				this.work.syntax().noteServerStart(connection, this.work.tables());
				return true;
			});
			return attempt(request, from, limit, now);
		}).orElseThrow(() -> new PositionLostException("the server is being started again and again"));
	}

	/**
	 * Returns nothing if it is still to be noted when the server was started.
	 */
	private Optional<ReadResult> attempt(ReadRequest request, GapPosition from, int limit, long now) {
		return this.work.inSnapshot((connection) -> {
			long start = serverStart(connection);
			if (start == 0) {
				return Optional.empty();
			}
			// After a restart, numbers that were seen may be given out again.
			if (from.serverStart() != 0 && Math.abs(from.serverStart() - start) > 1) {
				throw new PositionLostException("the server has been started again, or is another one");
			}
			GapPosition position = from.beginning(now, start);
			Sight sight = see(connection, request, position, limit);
			Choice choice = new Choice(this.work.syntax().commitOrder(), request, sight, limit);
			List<StoredEvent> events = choice.seqs.isEmpty() ? List.of() : fetch(connection, choice.seqs);
			return Optional.of(choice.consume(position, events, now));
		});
	}

	private long serverStart(Connection connection) throws SQLException {
		Connection physical = connection.unwrap(Connection.class);
		Long start = this.serverStarts.get(physical);
		if (start == null) {
			start = this.work.syntax().serverStart(connection, this.work.tables());
			if (start != 0) {
				this.serverStarts.put(physical, start);
			}
		}
		return start;
	}

	private Sight see(Connection connection, ReadRequest request, GapPosition from, int limit) throws SQLException {
		List<Gap> gaps = from.gaps().ranges();
		SqlSyntax syntax = this.work.syntax();
		String late = gaps.isEmpty() ? ""
				: syntax.part(this.late + syntax.inRanges(length(gaps.size())) + " ORDER BY seq" + syntax.first("?"))
						+ " UNION ALL ";
		String sql = late + this.tail + this.state;
		Sight sight = new Sight();
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			int next = 1;
			if (!gaps.isEmpty()) {
				next = setRanges(statement, gaps);
				next = PortableWork.set(statement, next, limit);
			}
			PortableWork.set(statement, next, from.cursor(), request.upTo(), limit, from.cursor());
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					sight.add(row, request.scope(), from.returned());
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
	 * Looks, in the numbers that were missing for a while, for rows that nobody has
	 * committed.
	 */
	private Gaps look(Gaps gaps, long now) {
		List<Gap> due = gaps.ranges().stream().filter((gap) -> isDue(gap, now)).toList();
		if (due.isEmpty()) {
			return gaps;
		}
		SqlSyntax syntax = this.work.syntax();
		String sql = this.look + syntax.inRanges(length(due.size())) + " ORDER BY seq"
				+ syntax.first(String.valueOf(FAR));
		List<Long> there = this.work.inTransactionThatSeesAll((connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(sql)) {
				setRanges(statement, due);
				List<Long> seqs = new ArrayList<>();
				try (ResultSet row = statement.executeQuery()) {
					while (row.next()) {
						seqs.add(row.getLong(1));
					}
				}
				return seqs;
			}
		});
		List<Gap> known = new ArrayList<>();
		for (Gap gap : gaps.ranges()) {
			if (isDue(gap, now)) {
				known.addAll(lookedAt(gap, there));
			}
			else {
				known.add(gap);
			}
		}
		return new Gaps(known);
	}

	private static boolean isDue(Gap gap, long now) {
		return now - gap.passedAt() >= (gap.empty() ? FORGET_AFTER : LOOK_AFTER);
	}

	private static List<Gap> lookedAt(Gap gap, List<Long> there) {
		if (there.size() == FAR && gap.to() > there.get(there.size() - 1)) {
			return List.of(gap);
		}
		List<Long> inside = there.subList(firstFrom(there, gap.from()), firstFrom(there, gap.to() + 1));
		if (inside.isEmpty()) {
			return gap.empty() ? List.of() : List.of(gap.found(true));
		}
		long first = inside.get(0);
		long last = inside.get(inside.size() - 1);
		List<Gap> parts = new ArrayList<>();
		if (!gap.empty() && first > gap.from()) {
			parts.add(gap.part(gap.from(), first - 1).found(true));
		}
		parts.add(gap.part(first, last).found(false));
		if (!gap.empty() && last < gap.to()) {
			parts.add(gap.part(last + 1, gap.to()).found(true));
		}
		return parts;
	}

	private static int firstFrom(List<Long> ascending, long seq) {
		int index = Collections.binarySearch(ascending, seq);
		return (index >= 0) ? index : -index - 1;
	}

	/**
	 * There are few lengths, so that there are few statements.
	 */
	private static int length(int count) {
		return Math.max(1, Integer.highestOneBit(Math.max(1, count - 1)) << ((count > 1) ? 1 : 0));
	}

	private static int setRanges(PreparedStatement statement, List<Gap> gaps) throws SQLException {
		int next = 1;
		for (int i = 0; i < length(gaps.size()); i++) {
			// Nothing is in a range that ends before it begins.
			boolean filler = i >= gaps.size();
			next = PortableWork.set(statement, next, filler ? 1L : gaps.get(i).from(), filler ? 0L : gaps.get(i).to());
		}
		return next;
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

		private void add(ResultSet row, ReadScope scope, Set<Long> known) throws SQLException {
			int arm = row.getInt(5);
			long note = row.getLong(6);
			if (arm == RETURNED && known.contains(note)) {
				this.heeded.add(note);
			}
			else if (arm == LATE || arm == TAIL || arm == RETURNED) {
				String destination = row.getString(4);
				boolean ours = scope.transport().equals(row.getString(3)) && scope.parts().contains(row.getInt(2))
						&& ((scope.only() != null) ? scope.only().equals(destination)
								: !scope.excluded().contains(destination));
				((arm == TAIL) ? this.tail : this.late).merge(row.getLong(1), new Seen(row.getLong(1), ours, note),
						Seen::and);
			}
			else if (row.getLong(1) != 0) {
				throw new PositionLostException(
						"the server follows another one. Events are read from the primary only");
			}
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
				return new ReadResult(taken, from.at(from.cursor(), gaps, heeded), false);
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
			return new ReadResult(taken, from.at(cursor, gaps.and(passed), heeded), drained);
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
