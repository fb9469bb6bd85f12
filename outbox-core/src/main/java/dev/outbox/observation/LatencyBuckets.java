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

package dev.outbox.observation;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts durations in buckets, eight for each power of two. Needs a few kilobytes,
 * whatever is recorded.
 */
final class LatencyBuckets {

	private static final int BITS = 3;

	private final AtomicLongArray buckets = new AtomicLongArray(Long.SIZE << BITS);

	private final LongAdder count = new LongAdder();

	private final LongAdder sum = new LongAdder();

	void record(long nanos) {
		long value = Math.max(0, nanos);
		this.buckets.incrementAndGet(bucket(value));
		this.count.increment();
		this.sum.add(value);
	}

	long count() {
		return this.count.sum();
	}

	Duration mean() {
		long recorded = this.count.sum();
		return (recorded > 0) ? Duration.ofNanos(this.sum.sum() / recorded) : Duration.ZERO;
	}

	/**
	 * Returns the upper end of the bucket that a share of all durations does not exceed.
	 */
	Duration percentile(double share) {
		long rank = (long) Math.ceil(this.count.sum() * share);
		if (rank == 0) {
			return Duration.ZERO;
		}
		int bucket = 0;
		for (long seen = this.buckets.get(0); seen < rank && bucket < this.buckets.length() - 1;) {
			seen += this.buckets.get(++bucket);
		}
		return Duration.ofNanos(end(bucket));
	}

	/**
	 * Of large values the highest bit and the three below it choose; small ones have a
	 * bucket each.
	 */
	private static int bucket(long value) {
		int highest = Long.SIZE - 1 - Long.numberOfLeadingZeros(value | 1);
		int shift = Math.max(0, highest - BITS);
		return (shift << BITS) + (int) (value >>> shift);
	}

	private static long end(int bucket) {
		int shift = Math.max(0, (bucket >>> BITS) - 1);
		return ((bucket - ((long) shift << BITS) + 1) << shift) - 1;
	}

}
