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

package dev.outbox.test;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * What a database cannot know of a test: the times of its events, which it compares with
 * its own clock, and where one test ends and another begins.
 */
final class StepMemory {

	private volatile String salt = newSalt();

	private final Map<UUID, Instant> dueTimes = new ConcurrentHashMap<>();

	private final Map<UUID, Duration> failedFirst = new ConcurrentHashMap<>();

	private final Map<UUID, Duration> failedLast = new ConcurrentHashMap<>();

	/**
	 * An event is stored that is not due yet.
	 */
	void scheduled(UUID event, Instant dueTime) {
		this.dueTimes.put(event, dueTime);
	}

	@Nullable Instant dueTime(StoredEvent row) {
		return this.dueTimes.get(row.event().id());
	}

	/**
	 * An attempt has failed when the clock was so far ahead.
	 */
	void failed(StoredEvent row, Duration ahead) {
		this.failedFirst.putIfAbsent(row.event().id(), ahead);
		this.failedLast.put(row.event().id(), ahead);
	}

	/**
	 * Returns whether an event is to be sent.
	 */
	boolean isDue(StoredEvent row, TestClock clock) {
		Instant dueTime = dueTime(row);
		boolean scheduled = dueTime != null && dueTime.isAfter(clock.instant());
		Duration passed = clock.ahead().minus(this.failedLast.getOrDefault(row.event().id(), Duration.ZERO));
		return !scheduled && row.retryIn().compareTo(passed) <= 0;
	}

	/**
	 * Returns for how long an event has been failing.
	 */
	Duration failingFor(StoredEvent row, TestClock clock) {
		Duration ahead = clock.ahead();
		Duration first = Optional.ofNullable(this.failedFirst.get(row.event().id())).orElse(ahead);
		return row.failingFor().plus(ahead).minus(first);
	}

	/**
	 * Returns an idempotency key that no other test has used: keys are remembered for
	 * days.
	 */
	String ofThisTest(String idempotencyKey) {
		return this.salt + idempotencyKey;
	}

	private static String newSalt() {
		return UUID.randomUUID().toString().substring(0, 8) + '/';
	}

	void clear() {
		this.salt = newSalt();
		this.dueTimes.clear();
		this.failedFirst.clear();
		this.failedLast.clear();
	}

}
