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

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.outbox.store.jdbc.Gaps.Gap.Found;

/**
 * The numbers that a scan has passed without seeing a row: their transactions had not
 * ended, or were rolled back, or the rows had been delivered. Ranges in ascending order
 * that do not overlap. Immutable.
 *
 * @param ranges the ranges
 */
record Gaps(List<Gap> ranges) {

	static final Gaps NONE = new Gaps(List.of());

	/**
	 * More ranges than this in which nothing was found are not kept: the oldest ones go
	 * first. The safety sweep covers them.
	 */
	static final int MAX_EMPTY = 10_000;

	/**
	 * As much of what was found empty is asked for at once, beginning with the newest,
	 * and as much of the rest, by turns.
	 */
	static final int ASKED_RANGES = 500;

	static final long ASKED_NUMBERS = 10_000;

	Gaps {
		ranges = List.copyOf(ranges);
	}

	boolean isEmpty() {
		return this.ranges.isEmpty();
	}

	/**
	 * Returns how many ranges nobody has looked at.
	 */
	int unknown() {
		int unknown = 0;
		for (Gap gap : this.ranges) {
			if (gap.found() == Found.UNKNOWN) {
				unknown++;
			}
		}
		return unknown;
	}

	/**
	 * Returns these gaps and later ones.
	 * @param later gaps behind all of these
	 */
	Gaps and(List<Gap> later) {
		if (later.isEmpty()) {
			return this;
		}
		List<Gap> all = new ArrayList<>(this.ranges);
		all.addAll(later);
		return bounded(all);
	}

	/**
	 * Returns gaps without the oldest of those that are empty, if there are too many.
	 * @param gaps the gaps, ascending
	 */
	static Gaps bounded(List<Gap> gaps) {
		long tooMany = gaps.stream().filter(Gap::isEmpty).count() - MAX_EMPTY;
		if (tooMany <= 0) {
			return new Gaps(gaps);
		}
		List<Gap> left = new ArrayList<>(gaps.size());
		for (Gap gap : gaps) {
			if (tooMany > 0 && gap.isEmpty()) {
				tooMany--;
			}
			else {
				left.add(gap);
			}
		}
		return new Gaps(left);
	}

	/**
	 * Returns what a read asks for: all numbers that can be those of running
	 * transactions, the newest of the others, and by turns some of the rest.
	 * @param turn where the last turn has ended
	 */
	Asked asked(long turn) {
		List<Gap> asked = new ArrayList<>();
		List<Gap> empty = new ArrayList<>();
		this.ranges.forEach((gap) -> (gap.isEmpty() ? empty : asked).add(gap));
		long newestFrom = Long.MAX_VALUE;
		long numbers = ASKED_NUMBERS;
		for (int i = empty.size() - 1; i >= Math.max(0, empty.size() - ASKED_RANGES) && numbers > 0; i--) {
			Gap gap = empty.get(i);
			newestFrom = Math.max(gap.from(), gap.to() - numbers + 1);
			numbers -= gap.to() - newestFrom + 1;
			asked.add(gap.part(newestFrom, gap.to()));
		}
		int count = 0;
		numbers = ASKED_NUMBERS;
		long next = turn;
		for (Gap gap : empty) {
			long from = Math.max(gap.from(), turn);
			long to = Math.min(gap.to(), newestFrom - 1);
			if (from > to) {
				continue;
			}
			if (count++ == ASKED_RANGES || numbers == 0) {
				return new Asked(asked, next);
			}
			next = Math.min(to, from + numbers - 1) + 1;
			numbers -= next - from;
			asked.add(gap.part(from, next - 1));
			if (next <= to) {
				return new Asked(asked, next);
			}
		}
		return new Asked(asked, 0);
	}

	/**
	 * Returns these gaps without numbers that have been seen since.
	 * @param seen the numbers, ascending
	 */
	Gaps without(List<Long> seen) {
		if (seen.isEmpty()) {
			return this;
		}
		List<Gap> left = new ArrayList<>();
		int next = 0;
		for (Gap gap : this.ranges) {
			long from = gap.from();
			for (; next < seen.size() && seen.get(next) <= gap.to(); next++) {
				long seq = seen.get(next);
				if (seq > from) {
					left.add(gap.part(from, seq - 1));
				}
				from = Math.max(from, seq + 1);
			}
			if (from <= gap.to()) {
				left.add(gap.part(from, gap.to()));
			}
		}
		return new Gaps(left);
	}

	/**
	 * Returns what is in either of both.
	 */
	Gaps union(Gaps other) {
		List<Gap> all = new ArrayList<>(this.ranges);
		all.addAll(other.ranges);
		all.sort(Comparator.comparingLong(Gap::from));
		List<Gap> union = new ArrayList<>();
		for (Gap gap : all) {
			Gap last = union.isEmpty() ? null : union.get(union.size() - 1);
			if (last != null && gap.from() <= last.to()) {
				union.set(union.size() - 1, last.joined(gap));
			}
			else {
				union.add(gap);
			}
		}
		return new Gaps(union);
	}

	/**
	 * What a read asks for.
	 *
	 * @param ranges the ranges, ascending
	 * @param turn where the next turn begins
	 */
	record Asked(List<Gap> ranges, long turn) {

		Asked {
			ranges = ranges.stream().sorted(Comparator.comparingLong(Gap::from)).toList();
		}

	}

	/**
	 * A range of numbers.
	 *
	 * @param from the first number
	 * @param to the last number
	 * @param passedAt when the scan had passed it
	 * @param found what was there when it was last looked at
	 * @param mark the newest mark of a transaction when it was first found empty, 0 where
	 * there are none, or none was noted yet
	 */
	record Gap(long from, long to, long passedAt, Found found, long mark) {

		static Gap passed(long from, long to, long now) {
			return new Gap(from, to, now, Found.UNKNOWN, 0);
		}

		boolean isEmpty() {
			return this.found == Found.NOTHING;
		}

		Gap part(long first, long last) {
			return new Gap(first, last, this.passedAt, this.found, this.mark);
		}

		Gap foundRows() {
			return new Gap(this.from, this.to, this.passedAt, Found.ROWS, 0);
		}

		/**
		 * Returns this gap with nothing found where rows can be that are not committed
		 * and cannot be seen.
		 */
		Gap mayHaveRows(long newestMark) {
			boolean noted = isEmpty() || (this.found == Found.ROWS && this.mark != 0);
			return noted ? this : new Gap(this.from, this.to, this.passedAt, Found.ROWS, newestMark);
		}

		Gap foundEmpty(long newestMark) {
			return isEmpty() ? this : new Gap(this.from, this.to, this.passedAt, Found.NOTHING, newestMark);
		}

		/**
		 * Returns both as one, with all that is between them. A mark is one of both only
		 * if both have been found empty.
		 */
		Gap joined(Gap other) {
			long later = (other.passedAt - this.passedAt > 0) ? other.passedAt : this.passedAt;
			boolean noted = this.mark != 0 && other.mark != 0;
			return new Gap(this.from, Math.max(this.to, other.to), later,
					(this.found == other.found) ? this.found : Found.UNKNOWN,
					noted ? Math.max(this.mark, other.mark) : 0);
		}

		/**
		 * What a look finds that sees what nobody has committed.
		 */
		enum Found {

			/**
			 * Nobody has looked.
			 */
			UNKNOWN,

			/**
			 * Not even rows of transactions that have not ended.
			 */
			NOTHING,

			/**
			 * Rows of transactions that have not ended, or that may be there.
			 */
			ROWS

		}

	}

}
