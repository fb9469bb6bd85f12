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

package dev.outbox.it.crash;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import dev.outbox.OutboxMessage;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The business code: counts up keys, publishes an event for each step, and writes down
 * what it published, all in one transaction.
 */
abstract class CrashLedger {

	private final List<String> destinations;

	CrashLedger(String... destinations) {
		this.destinations = List.of(destinations);
	}

	/**
	 * Counts up keys, in a transaction.
	 * @param keys the keys in ascending order; some more than once
	 * @param holdOpen how long the transaction stays open after its events have been
	 * written
	 * @param rollBack whether it is rolled back in the end
	 */
	public abstract void count(List<String> keys, Duration holdOpen, boolean rollBack);

	OutboxMessage.Builder message(UUID id, String key) {
		return OutboxMessage.builder()
			.id(id)
			.key(key)
			.eventType("crash.counted")
			.destination(this.destinations.get(Math.floorMod(key.hashCode(), this.destinations.size())))
			.header(Observed.ID, id.toString())
			.contentType("application/json");
	}

	/**
	 * Comes last in a transaction.
	 */
	static void end(Duration holdOpen, boolean rollBack) {
		if (!holdOpen.isZero()) {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCompletion() {
					LockSupport.parkNanos(holdOpen.toNanos());
				}

			});
		}
		if (rollBack) {
			throw new RollBackException();
		}
	}

	/**
	 * The reason of a rollback that was asked for.
	 */
	static final class RollBackException extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

}
