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
 * The dead letters of a store. Every method runs in a transaction of its own.
 */
public interface DeadLetterStore {

	/**
	 * Lists dead letters, oldest first.
	 * @param afterNumber number of the last dead letter already seen, 0 for the beginning
	 * @param limit how many at most
	 * @return the dead letters
	 */
	List<DeadLetter> list(long afterNumber, int limit);

	/**
	 * Finds one dead letter.
	 * @param number its number
	 * @return the dead letter, empty if there is none
	 */
	Optional<DeadLetter> find(long number);

	/**
	 * Finds the dead letter of an event.
	 * @param eventId the id of the event
	 * @return the oldest one, empty if there is none: an event can die again after it was
	 * replayed from the archive
	 */
	Optional<DeadLetter> find(UUID eventId);

	/**
	 * Puts a dead letter back into the outbox. The head of a blocked key keeps its
	 * sequence number and unblocks the key, in one transaction; any other event gets a
	 * new sequence number and so comes after what was published in the meantime.
	 * @param number its number
	 * @return {@code false} if there is none: it has been replayed or discarded already
	 */
	boolean replay(long number);

	/**
	 * Deletes a dead letter, and unblocks the key that it blocks.
	 * @param number its number
	 * @return {@code false} if there is none
	 */
	boolean discard(long number);

}
