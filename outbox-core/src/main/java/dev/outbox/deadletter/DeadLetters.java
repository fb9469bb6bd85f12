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

package dev.outbox.deadletter;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

import dev.outbox.LogFields;
import dev.outbox.OutboxRecord;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterGroup;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Operator;
import dev.outbox.store.WakeUp;
import dev.outbox.transport.TransportCapabilities;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators do with events that were given up.
 * <p>
 * Every change is written into the audit table, with the name of who wanted it, in the
 * transaction of the change. Nothing is done twice: of two operators who do the same to
 * one dead letter, the second is told that it is gone. Thread-safe.
 */
public final class DeadLetters {

	/**
	 * Name of the header of a repaired event that holds the id of the dead letter's.
	 */
	public static final String REPLAY_OF_HEADER = "outbox-replay-of";

	private static final Logger logger = LoggerFactory.getLogger(DeadLetters.class);

	private final DeadLetterStore store;

	private final WakeUp wakeUp;

	private final Supplier<UUID> ids;

	private final RepairedRecords records;

	/**
	 * Creates the access to the dead letters of an outbox.
	 * @param store the dead letters
	 * @param wakeUp is told of what was put back
	 * @param ids makes ids for repaired events
	 * @param maxPayloadSize how many bytes the payload of a repaired event may have
	 * @param transports what the transports of this instance can do
	 */
	public DeadLetters(DeadLetterStore store, WakeUp wakeUp, Supplier<UUID> ids, long maxPayloadSize,
			Collection<TransportCapabilities> transports) {
		this.store = store;
		this.wakeUp = wakeUp;
		this.ids = ids;
		this.records = new RepairedRecords(maxPayloadSize, List.copyOf(transports));
	}

	/**
	 * Lists dead letters, oldest first, without payloads and stack traces.
	 * @param filter which ones
	 * @param afterNumber number of the last dead letter already seen, 0 for the beginning
	 * @param limit how many at most
	 * @return the dead letters
	 */
	public List<DeadLetter> list(DeadLetterFilter filter, long afterNumber, int limit) {
		return this.store.list(filter, afterNumber, limit);
	}

	/**
	 * Groups dead letters by cause, destination and type, largest group first.
	 * @param filter which ones
	 * @param limit how many groups at most
	 * @return the groups
	 */
	public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
		return this.store.groups(filter, limit);
	}

	/**
	 * Finds one dead letter.
	 * @param number its number
	 * @return the dead letter with its payload, empty if there is none
	 */
	public Optional<DeadLetter> find(long number) {
		return this.store.find(number);
	}

	/**
	 * Finds the dead letter of an event.
	 * @param eventId id of the event
	 * @return the oldest one with its payload, empty if there is none
	 */
	public Optional<DeadLetter> find(UUID eventId) {
		return this.store.find(eventId);
	}

	/**
	 * Puts a dead letter back into the outbox, with the id that it had. If its key waits
	 * for it, it comes before the later events of the key; otherwise it comes after what
	 * was published in the meantime.
	 * @param number its number
	 * @param operator who wants it
	 * @return {@code false} if there is none: it has been retried or discarded already
	 */
	public boolean retry(long number, Operator operator) {
		return this.store.find(number).map((letter) -> retry(letter, operator)).orElse(false);
	}

	/**
	 * Counts dead letters.
	 * @param filter which ones
	 * @param lastNumber number of the last one that counts: those that come later do not
	 * @return how many there are
	 */
	public long count(DeadLetterFilter filter, long lastNumber) {
		return this.store.count(filter, lastNumber);
	}

	/**
	 * Returns the number of the last dead letter.
	 * @return the number, 0 if there is none
	 */
	public long lastNumber() {
		return this.store.lastNumber();
	}

	/**
	 * Puts a dead letter back that has just been read.
	 */
	boolean retry(DeadLetter letter, Operator operator) {
		if (!this.store.replay(letter.number(), operator)) {
			return false;
		}
		LogFields.add(LogFields.add(logger.atInfo(), letter.event()), LogFields.DEAD_LETTER, letter.number())
			.log("Dead letter {}, event {}, was put back into the outbox by {}", letter.number(), letter.event().id(),
					operator);
		this.wakeUp.committed(List.of(new NewEvent(letter.event(), letter.part(), null)));
		return true;
	}

	/**
	 * Puts a repaired copy of a dead letter into the outbox, where {@link #retry} would
	 * put the dead letter, and deletes that. The copy has an id of its own, since
	 * consumers may have seen the broken one, and names it in the header
	 * {@value #REPLAY_OF_HEADER}.
	 * @param number its number
	 * @param repair what is different
	 * @param operator who wants it
	 * @return the id of the copy, empty if there is no such dead letter: it has been
	 * retried or discarded already
	 * @throws IllegalArgumentException if the copy could not be stored or sent; says why,
	 * and nothing has been changed
	 */
	public Optional<UUID> repair(long number, Repair repair, Operator operator) {
		Optional<DeadLetter> found = this.store.find(number);
		if (found.isEmpty()) {
			return Optional.empty();
		}
		DeadLetter letter = found.get();
		OutboxRecord repaired = this.records.repair(letter, repair, this.ids.get());
		if (!this.store.replace(number, repaired, operator)) {
			return Optional.empty();
		}
		LogFields.add(LogFields.add(logger.atInfo(), letter.event()), LogFields.DEAD_LETTER, number)
			.log("Dead letter {}, event {}, was replaced in the outbox by the repaired event {} by {}", number,
					letter.event().id(), repaired.id(), operator);
		this.wakeUp.committed(List.of(new NewEvent(repaired, letter.part(), null)));
		return Optional.of(repaired.id());
	}

	/**
	 * Deletes a dead letter. If its key waits for it, the key goes on.
	 * @param number its number
	 * @param operator who wants it
	 * @return {@code false} if there is none: it has been retried or discarded already
	 */
	public boolean discard(long number, Operator operator) {
		boolean discarded = this.store.discard(number, operator);
		if (discarded) {
			LogFields.add(logger.atInfo(), LogFields.DEAD_LETTER, number)
				.log("Dead letter {} was discarded by {}", number, operator);
		}
		return discarded;
	}

}
