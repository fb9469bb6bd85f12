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

import java.time.Duration;
import java.util.Optional;

import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.SharedBacklogStore;
import dev.outbox.store.SharedBacklogStore.Measurement;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the backlog once per interval for all instances together: however many there
 * are, the database counts no more often. What an instance is told is at most three
 * intervals old; it measures for itself when nobody else has, or nothing can be shared.
 * For one thread.
 */
public final class ClusterBacklog implements BacklogStore {

	private static final Logger logger = LoggerFactory.getLogger(ClusterBacklog.class);

	private static final int TOO_OLD = 3;

	private final BacklogStore store;

	private final SharedBacklogStore shared;

	private final Duration interval;

	private boolean warned;

	/**
	 * Creates the view.
	 * @param store measures
	 * @param shared where all instances find what was measured
	 * @param interval how often one of them is to measure
	 */
	public ClusterBacklog(BacklogStore store, SharedBacklogStore shared, Duration interval) {
		this.store = store;
		this.shared = shared;
		// Instances ask on the interval, too: one that is a little early is not to wait
		// for its next turn.
		this.interval = interval.minus(interval.dividedBy(10));
	}

	/**
	 * That nothing can be shared is no reason to know nothing: the server may be
	 * read-only after a fail-over, or the right to write may be missing.
	 */
	@Override
	public Backlog measure(long fromSeq) {
		boolean claimed = false;
		RuntimeException obstacle = null;
		try {
			Optional<Measurement> known = this.shared.read();
			if (isYoungerThan(known, this.interval)) {
				return known.orElseThrow().backlog();
			}
			claimed = this.shared.claim(this.interval);
			if (!claimed && isYoungerThan(known, this.interval.multipliedBy(TOO_OLD))) {
				return known.orElseThrow().backlog();
			}
		}
		catch (RuntimeException ex) {
			obstacle = ex;
		}
		Backlog measured = this.store.measure(fromSeq);
		if (claimed) {
			try {
				this.shared.write(measured);
			}
			catch (RuntimeException ex) {
				obstacle = ex;
			}
		}
		report(obstacle);
		return measured;
	}

	/**
	 * Once, and only when this instance could measure: else whoever asks tells.
	 */
	private void report(@Nullable RuntimeException obstacle) {
		if (obstacle != null && !this.warned) {
			logger.warn("What is known of the backlog cannot be shared with other instances; this one measures for"
					+ " itself until it can", obstacle);
		}
		this.warned = obstacle != null;
	}

	private static boolean isYoungerThan(Optional<Measurement> known, Duration age) {
		return known.filter((measurement) -> measurement.age().compareTo(age) < 0).isPresent();
	}

}
