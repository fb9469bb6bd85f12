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

package dev.outbox.actuate;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.outbox.relay.BacklogMonitor.Reading;
import dev.outbox.store.Backlog;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a backlog stands still: events wait, no fewer than before, and this
 * instance publishes nothing. Asked to look after each measurement.
 */
final class DrainWatch {

	private final Supplier<Reading> readings;

	private final LongSupplier published;

	private final LongSupplier nanoTime;

	private @Nullable Backlog last;

	private long lastPublished;

	private long since;

	DrainWatch(Supplier<Reading> readings, LongSupplier published, LongSupplier nanoTime) {
		this.readings = readings;
		this.published = published;
		this.nanoTime = nanoTime;
		this.since = nanoTime.getAsLong();
	}

	/**
	 * Looks at the last measurement. What cannot be measured is not known to stand still.
	 */
	synchronized void look() {
		Backlog current = this.readings.get().backlog();
		long count = this.published.getAsLong();
		if (current == null || this.last == null || current.waiting() == 0 || current.waiting() < this.last.waiting()
				|| count != this.lastPublished) {
			this.since = this.nanoTime.getAsLong();
		}
		this.last = current;
		this.lastPublished = count;
	}

	/**
	 * Returns for how long the backlog has stood still: no longer than its oldest event
	 * has waited.
	 */
	synchronized Duration standstill() {
		Backlog current = this.last;
		if (current == null || current.waiting() == 0) {
			return Duration.ZERO;
		}
		Duration still = Duration.ofNanos(this.nanoTime.getAsLong() - this.since);
		return (still.compareTo(current.oldest()) < 0) ? still : current.oldest();
	}

}
