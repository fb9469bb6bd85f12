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
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;

/**
 * The numbers that a scan has passed without seeing a document: their transactions had
 * not ended, or were rolled back. Ranges in ascending order that do not overlap.
 * Immutable.
 *
 * @param ranges the ranges
 */
record MissingNumbers(List<Range> ranges) {

	static final MissingNumbers NONE = new MissingNumbers(List.of());

	/**
	 * A query asks for no more ranges than this.
	 */
	static final int MOST = 200;

	MissingNumbers {
		ranges = List.copyOf(ranges);
	}

	/**
	 * Returns these and later ones.
	 * @param later ranges behind all of these
	 */
	MissingNumbers and(List<Range> later) {
		if (later.isEmpty()) {
			return this;
		}
		List<Range> all = new ArrayList<>(this.ranges);
		all.addAll(later);
		return new MissingNumbers(all);
	}

	/**
	 * Returns what is in either of both. What is in both counts from when it was passed
	 * last.
	 */
	MissingNumbers union(MissingNumbers other) {
		List<Range> all = new ArrayList<>(this.ranges);
		all.addAll(other.ranges);
		all.sort(Comparator.comparingLong(Range::from));
		List<Range> union = new ArrayList<>();
		for (Range range : all) {
			Range last = union.isEmpty() ? null : union.get(union.size() - 1);
			if (last != null && range.from() <= last.to()) {
				union.set(union.size() - 1, last.joined(range));
			}
			else {
				union.add(range);
			}
		}
		return new MissingNumbers(union);
	}

	/**
	 * Returns these without numbers that have been seen since.
	 */
	MissingNumbers without(NavigableSet<Long> seen) {
		if (seen.isEmpty() || this.ranges.isEmpty()) {
			return this;
		}
		List<Range> left = new ArrayList<>();
		for (Range range : this.ranges) {
			long from = range.from();
			for (long seq : seen.subSet(range.from(), true, range.to(), true)) {
				if (seq > from) {
					left.add(new Range(from, seq - 1, range.passedAt()));
				}
				from = seq + 1;
			}
			if (from <= range.to()) {
				left.add(new Range(from, range.to(), range.passedAt()));
			}
		}
		return new MissingNumbers(left);
	}

	/**
	 * Returns these without what was passed before some time.
	 */
	MissingNumbers since(long time) {
		return new MissingNumbers(this.ranges.stream().filter((range) -> range.passedAt() - time >= 0).toList());
	}

	boolean anyBefore(long time) {
		return this.ranges.stream().anyMatch((range) -> range.passedAt() - time < 0);
	}

	/**
	 * Returns what to ask for: all of them, and what is between those that are closest to
	 * each other if there are too many ranges.
	 */
	List<Range> asked() {
		int tooMany = this.ranges.size() - MOST;
		if (tooMany <= 0) {
			return this.ranges;
		}
		long[] distances = new long[this.ranges.size() - 1];
		for (int i = 0; i < distances.length; i++) {
			distances[i] = this.ranges.get(i + 1).from() - this.ranges.get(i).to();
		}
		long[] sorted = distances.clone();
		Arrays.sort(sorted);
		long widest = sorted[tooMany - 1];
		List<Range> asked = new ArrayList<>();
		Range open = this.ranges.get(0);
		for (int i = 0; i < distances.length; i++) {
			Range next = this.ranges.get(i + 1);
			if (distances[i] <= widest) {
				open = open.joined(next);
			}
			else {
				asked.add(open);
				open = next;
			}
		}
		asked.add(open);
		return asked;
	}

	/**
	 * A range of numbers.
	 *
	 * @param from the first number
	 * @param to the last number
	 * @param passedAt when the scan had passed it
	 */
	record Range(long from, long to, long passedAt) {

		/**
		 * Returns both as one, with all that is between them.
		 */
		Range joined(Range other) {
			long later = (other.passedAt - this.passedAt > 0) ? other.passedAt : this.passedAt;
			return new Range(this.from, Math.max(this.to, other.to), later);
		}

	}

}
