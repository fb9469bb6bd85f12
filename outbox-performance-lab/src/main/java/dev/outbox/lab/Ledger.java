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

package dev.outbox.lab;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

import dev.outbox.lab.app.Wire;

/**
 * What has arrived: how much, how late, in which order.
 */
final class Ledger {

	private final Map<Integer, Key> keys = new HashMap<>();

	private long distinct;

	private long duplicates;

	private long outOfOrder;

	private long firstNanos;

	private long lastNanos;

	private long[] latencies = new long[1024];

	private int measured;

	/**
	 * Write down an arrival.
	 * @param value the value of a record
	 * @param nanos when it arrived, by the clock that only goes forward
	 * @param micros when it arrived, by the clock of the machine
	 */
	synchronized void arrived(byte[] value, long nanos, long micros) {
		Wire.Parsed event = Wire.parse(value);
		Key key = this.keys.computeIfAbsent(event.key(), (number) -> new Key());
		if (key.seen.get(event.number())) {
			this.duplicates++;
			return;
		}
		key.seen.set(event.number());
		if (event.number() < key.last) {
			this.outOfOrder++;
		}
		key.last = Math.max(key.last, event.number());
		if (this.distinct++ == 0) {
			this.firstNanos = nanos;
		}
		this.lastNanos = nanos;
		if (event.micros() > 0) {
			if (this.measured == this.latencies.length) {
				this.latencies = Arrays.copyOf(this.latencies, 2 * this.measured);
			}
			this.latencies[this.measured++] = micros - event.micros();
		}
	}

	synchronized long distinct() {
		return this.distinct;
	}

	synchronized long of(int key) {
		Key found = this.keys.get(key);
		return (found != null) ? found.seen.cardinality() : 0;
	}

	synchronized long duplicates() {
		return this.duplicates;
	}

	/**
	 * Return how many events arrived for the first time after a later one of their key.
	 */
	synchronized long outOfOrder() {
		return this.outOfOrder;
	}

	/**
	 * Return the events per second between the first one and the last one.
	 */
	synchronized double rate() {
		return (this.lastNanos > this.firstNanos) ? (this.distinct - 1) * 1e9 / (this.lastNanos - this.firstNanos) : 0;
	}

	synchronized long lastNanos() {
		return this.lastNanos;
	}

	/**
	 * Return a percentile of the latency in milliseconds.
	 * @param share a number from 0 to 1
	 */
	synchronized double latency(double share) {
		if (this.measured == 0) {
			return Double.NaN;
		}
		long[] sorted = Arrays.copyOf(this.latencies, this.measured);
		Arrays.sort(sorted);
		int rank = (int) Math.ceil(share * sorted.length);
		return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] / 1000.0;
	}

	private static final class Key {

		private final BitSet seen = new BitSet();

		private int last = -1;

	}

}
