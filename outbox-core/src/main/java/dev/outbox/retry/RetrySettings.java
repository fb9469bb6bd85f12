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

package dev.outbox.retry;

import java.time.Duration;

/**
 * How patiently a failed event is sent again.
 *
 * @param enabled whether a failed event is sent again at all
 * @param initialInterval how long to wait after the first failure
 * @param multiplier by how much the wait grows with each further failure, 1 or more
 * @param maxInterval the longest wait, before the jitter
 * @param jitter share of the wait, from 0 to less than 1, by which it is shortened or
 * extended at random so that events which failed together do not come back together
 * @param maxAge how long after its first failure a retriable event is given up
 * @param maxAttempts how many attempts an event gets that the broker refuses, 1 or more
 */
public record RetrySettings(boolean enabled, Duration initialInterval, double multiplier, Duration maxInterval,
		double jitter, Duration maxAge, int maxAttempts) {

	public RetrySettings {
		requirePositive("outbox.retry.initial-interval", initialInterval);
		require(multiplier >= 1 && Double.isFinite(multiplier), "outbox.retry.multiplier", multiplier, "1 or more");
		require(maxInterval.compareTo(initialInterval) >= 0, "outbox.retry.max-interval", maxInterval,
				"at least outbox.retry.initial-interval=" + initialInterval);
		require(jitter >= 0 && jitter < 1, "outbox.retry.jitter", jitter, "from 0 to less than 1");
		requirePositive("outbox.retry.max-age", maxAge);
		require(maxAttempts >= 1, "outbox.retry.max-attempts", maxAttempts, "1 or more");
	}

	/**
	 * Returns the settings that need no tuning: 0.5 s, doubled up to 5 minutes, give or
	 * take 20 %; for 24 hours, or 10 attempts if the broker refuses the event.
	 * @return the defaults
	 */
	public static RetrySettings defaults() {
		return new RetrySettings(true, Duration.ofMillis(500), 2, Duration.ofMinutes(5), 0.2, Duration.ofHours(24), 10);
	}

	private static void requirePositive(String property, Duration value) {
		require(value.compareTo(Duration.ZERO) > 0, property, value, "longer than zero");
	}

	private static void require(boolean condition, String property, Object value, String allowed) {
		if (!condition) {
			throw new IllegalArgumentException(
					property + "=" + value + " is not possible: nothing has been started. It must be " + allowed + ".");
		}
	}

}
