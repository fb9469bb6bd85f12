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

import java.time.Duration;

/**
 * Removes what is kept for a time only. Events that wait, due or not, are out of its
 * reach.
 */
public interface HousekeepingStore {

	/**
	 * Removes the oldest of what has been kept long enough, on the database's clock. In a
	 * transaction of its own, which is as short as {@code limit} is low. Any number of
	 * instances may call it: one at a time does the work, the others return at once.
	 * @param what what to remove
	 * @param retention how long it is kept
	 * @param limit how many at most
	 * @return how many were removed; less than {@code limit} if no more have been kept
	 * long enough, or if another instance is at it
	 */
	int removeExpired(Kept what, Duration retention, int limit);

	/**
	 * Makes room in the archive for the events of the next time, and removes the parts of
	 * it of which everything has been kept long enough, where the database can do so at
	 * once and the user may. Never waits for others, nor lets them wait. What stays is
	 * left to {@link #removeExpired}, which from then on spares parts that will leave as
	 * a whole. Does nothing by default.
	 * @param retention how long archived events are kept
	 * @param partition how the archive is to be divided; not at all if a part is longer
	 * than the retention
	 */
	default void maintainArchive(Duration retention, ArchivePartition partition) {
	}

	/**
	 * Sees to it that the database itself removes nothing from the archive: archived
	 * events are kept for good, also if {@link #maintainArchive} was called before, by
	 * this process or an earlier one. Does nothing by default.
	 */
	default void keepArchive() {
	}

	/**
	 * What is kept for a time only.
	 */
	enum Kept {

		/**
		 * Keys that make sure that an event is stored once.
		 */
		IDEMPOTENCY_KEY,

		/**
		 * Events that have been delivered.
		 */
		ARCHIVED_EVENT,

		/**
		 * Events that were given up, except those for which the later ones of their key
		 * wait: an operator decides about them.
		 */
		DEAD_LETTER,

		/**
		 * What operators have changed.
		 */
		AUDIT_ENTRY

	}

}
