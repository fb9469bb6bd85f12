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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.outbox.store.jdbc.Gaps.Gap;
import dev.outbox.store.jdbc.Gaps.Gap.Found;
import org.jspecify.annotations.Nullable;

/**
 * Looks at numbers that were missing for rows that nobody has committed, and forgets
 * those that will never come. Where such rows cannot be seen, or may be overlooked, all
 * transactions must have ended that were running when nothing was found first, and
 * nothing that they have committed be there. Each statement, and all that a look reads
 * beside the gaps, is bounded, however many gaps there are and however long they are.
 */
final class GapLook {

	/**
	 * A statement that takes longer between taking a number and inserting its row is not
	 * expected.
	 */
	static final long LOOK_AFTER = TimeUnit.SECONDS.toNanos(1);

	private static final long FORGET_AFTER = TimeUnit.SECONDS.toNanos(60);

	/**
	 * Gaps that were passed at about the same time may become one, and are forgotten
	 * together then.
	 */
	private static final long SAME_TIME = TimeUnit.SECONDS.toNanos(5);

	/**
	 * How many numbers between gaps are looked at.
	 */
	private static final long BETWEEN = 20_000;

	/**
	 * A statement of many rows may have taken all their numbers, and wait at one of the
	 * first.
	 */
	private static final long REACH = 1000;

	private static final int MAX_ROWS = 5000;

	private final PortableWork work;

	private final String statement;

	/**
	 * The query for the marks of transactions, {@code null} where rows that are not
	 * committed can be seen.
	 */
	private final @Nullable String marks;

	GapLook(PortableWork work) {
		this.work = work;
		this.marks = work.syntax().transactionMarks();
		this.statement = work
			.sql("SELECT" + work.syntax().eachRange() + " seq FROM ${event}" + work.syntax().byPrimaryKey());
	}

	/**
	 * Looks at all gaps that were passed long enough ago.
	 */
	Gaps atAll(Gaps gaps, long now) {
		return look(gaps, gaps.ranges().stream().filter((gap) -> gap.isEmpty() || age(gap, now) >= LOOK_AFTER).toList(),
				now, BETWEEN);
	}

	/**
	 * Looks at the gaps that nobody has looked at, so that there are not too many.
	 */
	Gaps atUnknown(Gaps gaps, long now) {
		return look(gaps, gaps.ranges().stream().filter((gap) -> gap.found() == Found.UNKNOWN).toList(), now, 0);
	}

	private Gaps look(Gaps gaps, List<Gap> due, long now, long between) {
		if (due.isEmpty()) {
			return gaps;
		}
		boolean[] joined = new boolean[due.size()];
		long numbers = between;
		for (int i = due.size() - 2; i >= 0; i--) {
			long distance = due.get(i + 1).from() - due.get(i).to() - 1;
			if (distance <= numbers && due.get(i).passedAt() / SAME_TIME == due.get(i + 1).passedAt() / SAME_TIME) {
				numbers -= distance;
				joined[i] = true;
			}
		}
		Set<Gap> cut = new HashSet<>();
		Marks marks = marks();
		JdbcWork.Work<List<Long>> query = (connection) -> rows(connection, due, joined, cut);
		List<Long> rows = (this.marks == null) ? this.work.inTransactionThatSeesAll(query) : this.work.reading(query);
		List<Gap> left = new ArrayList<>();
		int next = 0;
		for (Gap gap : gaps.ranges()) {
			if (next == due.size() || due.get(next) != gap) {
				left.add(gap);
				continue;
			}
			boolean withLast = next > 0 && joined[next - 1] && none(rows, due.get(next - 1).to() + 1, gap.from() - 1);
			for (Gap part : parts(gap, rows, cut.contains(gap), marks, now)) {
				Gap last = left.isEmpty() ? null : left.get(left.size() - 1);
				if (withLast && last != null && part.from() == gap.from() && last.to() == due.get(next - 1).to()
						&& last.found() == part.found()) {
					left.set(left.size() - 1, last.joined(part));
				}
				else {
					left.add(part);
				}
			}
			next++;
		}
		return Gaps.bounded(left);
	}

	/**
	 * Returns the numbers of the rows that are there. Of a gap with very many it is
	 * enough to know the first ones.
	 * @param joined whether to look at what is between a gap and the next one, too; of
	 * what was not looked at this becomes false
	 * @param cut takes the gaps that were not looked through to their ends
	 */
	private List<Long> rows(Connection connection, List<Gap> gaps, boolean[] joined, Set<Gap> cut) throws SQLException {
		List<Long> rows = new ArrayList<>();
		int next = 0;
		while (next < gaps.size()) {
			List<Gap> ranges = new ArrayList<>();
			int end = next;
			while (end < gaps.size() && ranges.size() < GapRanges.MOST) {
				Gap first = gaps.get(end);
				while (joined[end]) {
					end++;
				}
				ranges.add(first.part(first.from(), gaps.get(end).to()));
				end++;
			}
			List<Long> found = GapRanges.query(connection, this.work.syntax(), this.statement, ranges, MAX_ROWS,
					(row) -> row.getLong(1));
			rows.addAll(found);
			next = end;
			if (found.size() == MAX_ROWS) {
				long last = found.get(found.size() - 1);
				next = lastFrom(gaps, last);
				cut.add(gaps.get(next));
				joined[next++] = false;
			}
		}
		return rows;
	}

	/**
	 * Returns the last gap that begins at a number or before.
	 */
	private static int lastFrom(List<Gap> gaps, long seq) {
		int low = 0;
		int high = gaps.size() - 1;
		while (low < high) {
			int middle = (low + high + 1) >>> 1;
			if (gaps.get(middle).from() <= seq) {
				low = middle;
			}
			else {
				high = middle - 1;
			}
		}
		return low;
	}

	/**
	 * Asked for before the rows are: what has ended by then is seen by the next query.
	 */
	private Marks marks() {
		String query = this.marks;
		return (query == null) ? Marks.NONE
				: this.work.reading((connection) -> PortableWork
					.query(connection, query, (row) -> new Marks(row.getLong(1), row.getLong(2)))
					.get(0));
	}

	private List<Gap> parts(Gap gap, List<Long> rows, boolean cut, Marks marks, long now) {
		List<Long> inside = rows.subList(firstFrom(rows, gap.from()), firstFrom(rows, gap.to() + 1));
		boolean forgotten = gap.isEmpty() && age(gap, now) >= FORGET_AFTER && marks.haveAllEnded(gap);
		if (inside.isEmpty()) {
			return forgotten ? List.of() : List.of(empty(gap, marks, now));
		}
		long first = inside.get(0);
		long last = cut ? gap.to() : Math.min(gap.to(), inside.get(inside.size() - 1) + REACH);
		List<Gap> parts = new ArrayList<>();
		if (!forgotten && first > gap.from()) {
			parts.add(empty(gap.part(gap.from(), first - 1), marks, now));
		}
		parts.add(gap.part(first, last).foundRows());
		if (!forgotten && last < gap.to()) {
			parts.add(empty(gap.part(last + 1, gap.to()), marks, now));
		}
		return parts;
	}

	/**
	 * Where nothing shows what is not committed, a gap counts as empty only when all have
	 * ended that were running at the first look: until then each read asks for it. A
	 * transaction may take its first number a moment before it counts as running.
	 */
	private Gap empty(Gap gap, Marks marks, long now) {
		if (this.marks == null) {
			return gap.foundEmpty(0);
		}
		if (age(gap, now) < LOOK_AFTER) {
			return gap.mayHaveRows(0);
		}
		Gap noted = gap.mayHaveRows(marks.newest());
		return marks.haveAllEnded(noted) ? noted.foundEmpty(noted.mark()) : noted;
	}

	private static long age(Gap gap, long now) {
		return now - gap.passedAt();
	}

	private static boolean none(List<Long> rows, long from, long to) {
		return firstFrom(rows, from) == firstFrom(rows, to + 1);
	}

	private static int firstFrom(List<Long> ascending, long seq) {
		int index = Collections.binarySearch(ascending, seq);
		return (index >= 0) ? index : -index - 1;
	}

	/**
	 * Which transactions have ended.
	 *
	 * @param newest the newest mark that any has taken, 0 if it is not known
	 * @param oldestRunning the oldest mark of those that have not ended
	 */
	private record Marks(long newest, long oldestRunning) {

		static final Marks NONE = new Marks(0, Long.MAX_VALUE);

		boolean haveAllEnded(Gap gap) {
			return this.oldestRunning > gap.mark();
		}

	}

}
