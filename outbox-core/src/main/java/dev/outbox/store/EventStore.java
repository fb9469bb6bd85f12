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

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The write side of a store.
 */
public interface EventStore {

	/**
	 * Writes events in the caller's transaction, on the same connection as the business
	 * rows, in one statement (a second one for events that are not due yet). Sequence
	 * numbers ascend in the order of the list. Sequence numbers are taken inside the
	 * statement, so that a row lock which the caller holds also orders the events. Times
	 * are kept to the microsecond at least.
	 * @param events the events, not empty
	 */
	void append(List<NewEvent> events);

	/**
	 * Claims an idempotency key for an event, in the caller's transaction. Waits for a
	 * concurrent transaction that has claimed the same key to end; where transactions do
	 * not wait for each other, fails in a way that says that the caller's is to be
	 * repeated. A claim that is rolled back, be it to a savepoint, was never made.
	 * @param idempotencyKey the key
	 * @param id id of the event that is about to be stored
	 * @return empty if the key was free or had expired, and is now held by {@code id};
	 * else the id of the event that holds it, even if that is {@code id} itself
	 */
	Optional<UUID> claim(String idempotencyKey, UUID id);

	/**
	 * Returns what a failure of the two has done to the caller's transaction.
	 * @param failure what was thrown
	 * @return what the database would commit, if it were asked to
	 */
	Damage damage(RuntimeException failure);

	/**
	 * What has become of a transaction in which the store has failed.
	 */
	enum Damage {

		/**
		 * Nothing was written, or the database refuses to commit.
		 */
		NONE,

		/**
		 * The database would commit a part of what was to be written. A rollback to a
		 * savepoint that is older makes up for it.
		 */
		PARTLY_WRITTEN,

		/**
		 * The database has rolled back all that the transaction had written before, and
		 * would commit what follows.
		 */
		ROLLED_BACK

	}

}
