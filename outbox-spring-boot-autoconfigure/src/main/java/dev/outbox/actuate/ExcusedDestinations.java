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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.outbox.Destination;
import dev.outbox.store.Backlog;
import dev.outbox.store.Backlog.Waiting;
import org.jspecify.annotations.Nullable;

/**
 * Destinations whose events are late because an operator wants it so: while they are
 * paused, and then until they have caught up, for which they have as long as events may
 * be late. Thread-safe.
 */
final class ExcusedDestinations {

	private final Duration limit;

	private final Map<Destination, Long> resumed = new HashMap<>();

	private Set<Destination> paused = Set.of();

	ExcusedDestinations(Duration limit) {
		this.limit = limit;
	}

	/**
	 * Notes what is paused by now.
	 * @param pausedNow what is paused
	 * @param backlog what was measured last, {@code null} if nothing is known
	 * @param now now, on the monotonic clock
	 * @return what is excused
	 */
	synchronized Set<Destination> look(Set<Destination> pausedNow, @Nullable Backlog backlog, long now) {
		for (Destination destination : this.paused) {
			if (!pausedNow.contains(destination)) {
				this.resumed.put(destination, now);
			}
		}
		this.paused = Set.copyOf(pausedNow);
		this.resumed.entrySet()
			.removeIf((entry) -> pausedNow.contains(entry.getKey()) || now - entry.getValue() > this.limit.toNanos()
					|| hasCaughtUp(entry.getKey(), backlog));
		Set<Destination> excused = new HashSet<>(this.paused);
		excused.addAll(this.resumed.keySet());
		return excused;
	}

	private boolean hasCaughtUp(Destination destination, @Nullable Backlog backlog) {
		if (backlog == null) {
			return false;
		}
		Waiting waiting = backlog.destinations().get(destination);
		return waiting == null || waiting.oldest().compareTo(this.limit) <= 0;
	}

}
