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

package dev.outbox.store;

import java.time.Instant;

import dev.outbox.Destination;
import org.jspecify.annotations.Nullable;

/**
 * Which events of the archive are meant: those that fulfil all that is set.
 *
 * @param key key of the events, {@code null} for any; that of a binary key is its Base64
 * text
 * @param eventType logical type of the events, {@code null} for any
 * @param destination where the events went, {@code null} for anywhere
 * @param from when they were archived at the earliest, {@code null} for the beginning
 * @param until before when they were archived, {@code null} for the end
 * @param limit how many at most, the oldest ones
 */
public record ArchiveFilter(@Nullable String key, @Nullable String eventType, @Nullable Destination destination,
		@Nullable Instant from, @Nullable Instant until, long limit) {

	public ArchiveFilter {
		if (limit <= 0) {
			throw new IllegalArgumentException(
					"The limit of a replay must be positive, but is " + limit + ". Nothing has been replayed");
		}
		if (from != null && until != null && !from.isBefore(until)) {
			throw new IllegalArgumentException("A replay from " + from + " until " + until
					+ " holds no event. Nothing has been replayed. The end is exclusive, and after the beginning");
		}
	}

	/**
	 * Returns what all events fulfil.
	 * @return the filter
	 */
	public static ArchiveFilter all() {
		return new ArchiveFilter(null, null, null, null, null, Long.MAX_VALUE);
	}

	/**
	 * Returns this filter for one key.
	 * @param key the key
	 * @return a copy
	 */
	public ArchiveFilter withKey(String key) {
		return new ArchiveFilter(key, this.eventType, this.destination, this.from, this.until, this.limit);
	}

	/**
	 * Returns this filter for one type.
	 * @param eventType the logical type
	 * @return a copy
	 */
	public ArchiveFilter withEventType(String eventType) {
		return new ArchiveFilter(this.key, eventType, this.destination, this.from, this.until, this.limit);
	}

	/**
	 * Returns this filter for one destination.
	 * @param destination where the events went
	 * @return a copy
	 */
	public ArchiveFilter withDestination(Destination destination) {
		return new ArchiveFilter(this.key, this.eventType, destination, this.from, this.until, this.limit);
	}

	/**
	 * Returns this filter for events that were archived, which is when the broker had
	 * acknowledged them, at some time or later.
	 * @param from the time, inclusive
	 * @return a copy
	 */
	public ArchiveFilter withFrom(Instant from) {
		return new ArchiveFilter(this.key, this.eventType, this.destination, from, this.until, this.limit);
	}

	/**
	 * Returns this filter for events that were archived before some time.
	 * @param until the time, exclusive
	 * @return a copy
	 */
	public ArchiveFilter withUntil(Instant until) {
		return new ArchiveFilter(this.key, this.eventType, this.destination, this.from, until, this.limit);
	}

	/**
	 * Returns this filter for a number of events.
	 * @param limit how many at most, the oldest ones
	 * @return a copy
	 */
	public ArchiveFilter withLimit(long limit) {
		return new ArchiveFilter(this.key, this.eventType, this.destination, this.from, this.until, limit);
	}

}
