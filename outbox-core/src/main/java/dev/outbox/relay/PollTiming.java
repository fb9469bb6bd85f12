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

package dev.outbox.relay;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * When the tail is read: at once after a commit that this instance hears of, a little
 * later under load, and from time to time in case nobody has told.
 */
final class PollTiming {

	private static final long GAP = TimeUnit.MILLISECONDS.toNanos(2);

	private static final long SHORTEST_IDLE = TimeUnit.MILLISECONDS.toNanos(20);

	private static final long LONGEST_IDLE = TimeUnit.MILLISECONDS.toNanos(250);

	private final long pollInterval;

	private final BooleanSupplier isListening;

	private final AtomicBoolean requested = new AtomicBoolean(true);

	private long notBefore = System.nanoTime();

	private long nextPoll = System.nanoTime();

	private long idle = SHORTEST_IDLE;

	PollTiming(long pollInterval, BooleanSupplier isListening) {
		this.pollInterval = pollInterval;
		this.isListening = isListening;
	}

	/**
	 * Something may have been committed. May be called by any thread.
	 */
	void request() {
		this.requested.set(true);
	}

	boolean isDue(long now) {
		return (this.requested.get() || this.nextPoll - now <= 0) && this.notBefore - now <= 0;
	}

	void started(long now) {
		this.requested.set(false);
	}

	void finished(long startedAt, boolean foundRows, boolean drained) {
		this.idle = foundRows ? SHORTEST_IDLE : Math.min(2 * this.idle, LONGEST_IDLE);
		if (!drained) {
			this.requested.set(true);
			this.notBefore = startedAt;
			return;
		}
		this.notBefore = foundRows ? startedAt + GAP : startedAt;
		long wait = this.isListening.getAsBoolean() ? this.pollInterval : Math.min(this.idle, this.pollInterval);
		this.nextPoll = startedAt + wait;
	}

	long untilNext(long now) {
		long next = this.requested.get() ? this.notBefore : Math.max(this.nextPoll, this.notBefore);
		return Math.max(1, next - now);
	}

}
