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

package com.example.toyoutbox;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

import com.example.toyoutbox.ToyDatabase.IdempotencyClaim;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.HousekeepingStore;

/**
 * Removes what is kept for a time only: there is no archive and no audit.
 */
public final class ToyHousekeepingStore implements HousekeepingStore {

	private final ToyDatabase database;

	/**
	 * Creates the store.
	 * @param database where it is kept
	 */
	public ToyHousekeepingStore(ToyDatabase database) {
		this.database = database;
	}

	@Override
	public int removeExpired(Kept what, Duration retention, int limit) {
		synchronized (this.database) {
			Instant end = this.database.now().minus(retention);
			return switch (what) {
				case IDEMPOTENCY_KEY -> remove(this.database.claims.values(), (claim) -> isExpired(claim, end), limit);
				case DEAD_LETTER -> remove(this.database.letters.values(), (letter) -> isExpired(letter, end), limit);
				case ARCHIVED_EVENT, AUDIT_ENTRY -> 0;
			};
		}
	}

	private static boolean isExpired(IdempotencyClaim claim, Instant end) {
		return claim.since().isBefore(end);
	}

	/**
	 * What a key waits for is left to an operator.
	 */
	private boolean isExpired(DeadLetter letter, Instant end) {
		return letter.diedAt().isBefore(end) && !this.database.blocked.containsValue(letter.number());
	}

	private static <T> int remove(Collection<T> kept, Predicate<T> expired, int limit) {
		List<T> removed = kept.stream().filter(expired).limit(limit).toList();
		kept.removeAll(removed);
		return removed.size();
	}

}
