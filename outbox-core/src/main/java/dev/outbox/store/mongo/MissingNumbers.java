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

package dev.outbox.store.mongo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The numbers that a scan has passed without seeing a document: their transactions had
 * not ended, or were rolled back, or the documents had been delivered. Ranges in
 * ascending order that neither overlap nor touch. Immutable.
 *
 * @param ranges the ranges
 */
record MissingNumbers(List<Range> ranges) {

	static final MissingNumbers NONE = new MissingNumbers(List.of());

	/**
	 * More ranges than this are not kept: the oldest ones go first. The safety sweep
	 * covers them.
	 */
	static final int MOST_KEPT = 50_000;

	/**
	 * A query asks for as many numbers one by one, and for as many longer ranges.
	 */
	static final int MOST_NUMBERS = 2000;

	static final int MOST_RANGES = 100;

	/**
	 * Longer ones are asked for as ranges.
	 */
	private static final int SHORT = 8;

	MissingNumbers {
		ranges = List.copyOf(ranges);
	}

	boolean isEmpty() {
		return this.ranges.isEmpty();
	}

	long first() {
		return this.ranges.get(0).from();
	}

	long last() {
		return this.ranges.get(this.ranges.size() - 1).to();
	}

	/**
	 * Returns these and later ones.
	 * @param later ranges behind all of these
	 */
	MissingNumbers and(List<Range> later) {
		if (later.isEmpty()) {
			return this;
		}
		List<Range> all = new ArrayList<>(this.ranges.size() + later.size());
		all.addAll(this.ranges);
		all.addAll(later);
		return new MissingNumbers(all.subList(Math.max(0, all.size() - MOST_KEPT), all.size()));
	}

	/**
	 * Returns what is in either of both.
	 */
	MissingNumbers union(MissingNumbers other) {
		List<Range> all = new ArrayList<>(this.ranges);
		all.addAll(other.ranges);
		all.sort(Comparator.comparingLong(Range::from));
		List<Range> union = new ArrayList<>();
		for (Range range : all) {
			Range last = union.isEmpty() ? null : union.get(union.size() - 1);
			if (last != null && range.from() <= last.to() + 1) {
				union.set(union.size() - 1, new Range(last.from(), Math.max(last.to(), range.to())));
			}
			else {
				union.add(range);
			}
		}
		return NONE.and(union);
	}

	/**
	 * Returns these without numbers that have been seen since.
	 */
	MissingNumbers without(NavigableSet<Long> seen) {
		if (seen.isEmpty() || this.ranges.isEmpty()) {
			return this;
		}
		List<Range> left = new ArrayList<>(this.ranges.size());
		for (Range range : this.ranges) {
			long from = range.from();
			for (long seq : seen.subSet(range.from(), true, range.to(), true)) {
				if (seq > from) {
					left.add(new Range(from, seq - 1));
				}
				from = seq + 1;
			}
			if (from <= range.to()) {
				left.add(new Range(from, range.to()));
			}
		}
		return new MissingNumbers(left);
	}

	/**
	 * Returns those of these that are not higher than a number.
	 */
	MissingNumbers upTo(long number) {
		List<Range> lower = new ArrayList<>();
		for (Range range : this.ranges) {
			if (range.from() > number) {
				break;
			}
			lower.add(new Range(range.from(), Math.min(range.to(), number)));
		}
		return new MissingNumbers(lower);
	}

	/**
	 * Returns those of these that are higher than a number, and some that are not.
	 * @param kept which of those to keep
	 */
	MissingNumbers above(long number, NavigableSet<Long> kept) {
		List<Range> left = new ArrayList<>();
		kept.forEach((seq) -> left.add(new Range(seq, seq)));
		for (Range range : this.ranges) {
			if (range.to() > number) {
				left.add(new Range(Math.max(range.from(), number + 1), range.to()));
			}
		}
		return new MissingNumbers(left);
	}

	/**
	 * Returns whether a number is one of these.
	 */
	boolean contains(long number) {
		int low = 0;
		int high = this.ranges.size() - 1;
		while (low <= high) {
			int middle = (low + high) >>> 1;
			Range range = this.ranges.get(middle);
			if (number < range.from()) {
				high = middle - 1;
			}
			else if (number > range.to()) {
				low = middle + 1;
			}
			else {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns what a query asks for: the newest ones, and by turns some of the rest.
	 * @param turn where the last turn has ended
	 */
	Asked asked(long turn) {
		Asked asked = new Asked(new TreeSet<>(), new ArrayList<>(), turn, false);
		int newest = this.ranges.size() - 1;
		while (newest >= 0 && asked.add(this.ranges.get(newest), MOST_NUMBERS / 2, MOST_RANGES / 2)) {
			newest--;
		}
		if (newest < 0) {
			return asked.complete();
		}
		int next = 0;
		while (next <= newest && this.ranges.get(next).to() < turn) {
			next++;
		}
		for (int count = 0; count <= newest; count++, next++) {
			Range range = this.ranges.get(next % (newest + 1));
			if (!asked.add(range, MOST_NUMBERS, MOST_RANGES)) {
				return asked.until(range.from());
			}
		}
		return asked.complete();
	}

	/**
	 * Cuts these into parts that are small enough to be asked for at once.
	 */
	List<Asked> parts() {
		List<Asked> parts = new ArrayList<>();
		Asked part = new Asked(new TreeSet<>(), new ArrayList<>(), 0, true);
		for (Range range : this.ranges) {
			if (!part.add(range, MOST_NUMBERS, MOST_RANGES)) {
				parts.add(part);
				part = new Asked(new TreeSet<>(), new ArrayList<>(), 0, true);
				part.add(range, MOST_NUMBERS, MOST_RANGES);
			}
		}
		if (!this.ranges.isEmpty()) {
			parts.add(part);
		}
		return parts;
	}

	/**
	 * A range of numbers.
	 *
	 * @param from the first number
	 * @param to the last number
	 */
	record Range(long from, long to) {

	}

	/**
	 * What a query asks for.
	 *
	 * @param numbers single numbers
	 * @param ranges longer ranges
	 * @param turn where the next turn begins
	 * @param isComplete whether this is all
	 */
	record Asked(TreeSet<Long> numbers, List<Range> ranges, long turn, boolean isComplete) {

		private boolean add(Range range, int mostNumbers, int mostRanges) {
			long length = range.to() - range.from() + 1;
			if (length > SHORT) {
				return this.ranges.size() < mostRanges && this.ranges.add(range);
			}
			if (this.numbers.size() + length > mostNumbers) {
				return false;
			}
			for (long number = range.from(); number <= range.to(); number++) {
				this.numbers.add(number);
			}
			return true;
		}

		private Asked until(long next) {
			return new Asked(this.numbers, this.ranges, next, false);
		}

		private Asked complete() {
			return new Asked(this.numbers, this.ranges, 0, true);
		}

	}

}
