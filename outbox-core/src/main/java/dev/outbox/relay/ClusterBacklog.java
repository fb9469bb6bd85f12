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

/**
 * Measures the backlog once per interval for all instances together: however many there
 * are, the database counts no more often. What an instance is told is at most three
 * intervals old; it measures for itself when nobody else has.
 */
public final class ClusterBacklog implements BacklogStore {

	private static final int TOO_OLD = 3;

	private final BacklogStore store;

	private final SharedBacklogStore shared;

	private final Duration interval;

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

	@Override
	public Backlog measure(long fromSeq) {
		Optional<Measurement> known = this.shared.read();
		if (isYoungerThan(known, this.interval)) {
			return known.orElseThrow().backlog();
		}
		boolean claimed = this.shared.claim(this.interval);
		if (!claimed && isYoungerThan(known, this.interval.multipliedBy(TOO_OLD))) {
			return known.orElseThrow().backlog();
		}
		Backlog measured = this.store.measure(fromSeq);
		if (claimed) {
			this.shared.write(measured);
		}
		return measured;
	}

	private static boolean isYoungerThan(Optional<Measurement> known, Duration age) {
		return known.filter((measurement) -> measurement.age().compareTo(age) < 0).isPresent();
	}

}
