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

import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant. What is {@code null} matches all.
 *
 * @param eventType the logical type
 * @param key the key
 * @param transport name of the transport
 * @param destination name of the destination
 * @param error a part of the error, in the same case
 * @param fingerprint fingerprint of the error
 * @param diedFrom the first moment at which it was given up
 * @param diedBefore the moment before which it was given up
 * @param minAttempts how many attempts have failed at least
 */
public record DeadLetterFilter(@Nullable String eventType, @Nullable String key, @Nullable String transport,
		@Nullable String destination, @Nullable String error, @Nullable String fingerprint, @Nullable Instant diedFrom,
		@Nullable Instant diedBefore, int minAttempts) {

	private static final DeadLetterFilter ALL = new DeadLetterFilter(null, null, null, null, null, null, null, null, 0);

	public DeadLetterFilter {
		if (minAttempts < 0) {
			throw new IllegalArgumentException("minAttempts must not be negative, but is " + minAttempts);
		}
		if (diedFrom != null && diedBefore != null && !diedFrom.isBefore(diedBefore)) {
			throw new IllegalArgumentException("No dead letter died from " + diedFrom + " and before " + diedBefore
					+ ". The end is exclusive, and after the beginning");
		}
	}

	/**
	 * Returns the filter that all dead letters fulfil.
	 * @return the filter
	 */
	public static DeadLetterFilter all() {
		return ALL;
	}

	/**
	 * Returns whether all dead letters fulfil this filter.
	 * @return {@code true} if they do
	 */
	public boolean isAll() {
		return ALL.equals(this);
	}

}
