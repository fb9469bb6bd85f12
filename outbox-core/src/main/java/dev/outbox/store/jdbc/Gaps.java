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
	 * More ranges than this are not looked at with each read: those go first that have
	 * been found empty, the oldest ones first. The safety sweep covers them.
	 */
	static final int MAX_RANGES = 1000;

	Gaps {
		ranges = List.copyOf(ranges);
	}

	boolean isEmpty() {
		return this.ranges.isEmpty();
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
		for (int i = 0; all.size() > MAX_RANGES && i < all.size();) {
			if (all.get(i).empty()) {
				all.remove(i);
			}
			else {
				i++;
			}
		}
		return new Gaps(all);
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
	 * A range of numbers.
	 *
	 * @param from the first number
	 * @param to the last number
	 * @param passedAt when the scan has passed it
	 * @param empty whether there was nothing at all when it was last looked at, not even
	 * rows of transactions that have not ended
	 */
	record Gap(long from, long to, long passedAt, boolean empty) {

		Gap part(long first, long last) {
			return new Gap(first, last, this.passedAt, this.empty);
		}

		Gap found(boolean nothing) {
			return new Gap(this.from, this.to, this.passedAt, nothing);
		}

		private Gap joined(Gap other) {
			long later = (other.passedAt - this.passedAt > 0) ? other.passedAt : this.passedAt;
			return new Gap(this.from, Math.max(this.to, other.to), later, this.empty && other.empty);
		}

	}

}
