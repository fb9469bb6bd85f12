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

import dev.outbox.OutboxRecord;

/**
 * The dead letters of a store. Every method runs in a transaction of its own. What is
 * changed is written into the audit table in the same transaction. Two operators who do
 * the same to one dead letter do it once: the second is told {@code false}.
 */
public interface DeadLetterStore {

	/**
	 * Lists dead letters, oldest first, without payloads and stack traces.
	 * @param filter which ones
	 * @param afterNumber number of the last dead letter already seen, 0 for the beginning
	 * @param limit how many at most
	 * @return the dead letters
	 */
	List<DeadLetter> list(DeadLetterFilter filter, long afterNumber, int limit);

	/**
	 * Groups dead letters by fingerprint, destination and type, largest group first.
	 * @param filter which ones
	 * @param limit how many groups at most
	 * @return the groups
	 */
	List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit);

	/**
	 * Counts dead letters.
	 * @param filter which ones
	 * @param lastNumber number of the last one that counts
	 * @return how many there are
	 */
	long count(DeadLetterFilter filter, long lastNumber);

	/**
	 * Returns the number of the last dead letter.
	 * @return the number, 0 if there is none
	 */
	long lastNumber();

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
	 * Puts a dead letter back into the outbox. If it blocks its key, it keeps its
	 * sequence number and unblocks the key, in one transaction; otherwise it gets a new
	 * sequence number and so comes after what was published in the meantime.
	 * @param number its number
	 * @param operator who wants it
	 * @return {@code false} if there is none: it has been replayed or discarded already
	 */
	boolean replay(long number, Operator operator);

	/**
	 * Puts another event into the outbox in place of a dead letter, where {@link #replay}
	 * would put the dead letter itself, and deletes that.
	 * @param number its number
	 * @param repaired the event that takes its place. Has an id of its own, and the
	 * transport, the key and the aggregate of the dead letter
	 * @param operator who wants it
	 * @return {@code false} if there is none: it has been replayed or discarded already
	 */
	boolean replace(long number, OutboxRecord repaired, Operator operator);

	/**
	 * Deletes a dead letter, and unblocks the key if it blocks it.
	 * @param number its number
	 * @param operator who wants it
	 * @return {@code false} if there is none
	 */
	boolean discard(long number, Operator operator);

}
