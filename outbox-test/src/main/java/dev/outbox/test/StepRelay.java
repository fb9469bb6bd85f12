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

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.listener.OutboxListener;
import dev.outbox.relay.RelaySettings;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.LeaseStore.Leases;
import dev.outbox.store.Operator;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import dev.outbox.transport.OutboxTransport;

/**
 * A relay that does nothing by itself: a test lets it deliver one event, or all that are
 * due, in its own thread. It reads and settles through the store of the application,
 * sends through its transports, decides by its retry policy and tells its listeners; in
 * order per key, as the real one does. What is due, it says by a {@link TestClock}: a
 * retry in five minutes happens when the clock is five minutes on.
 * <p>
 * It is for small numbers of events, and has no pauses of destinations: one that cannot
 * be reached is tried again by the next call. Not thread-safe.
 */
public final class StepRelay {

	private static final int BATCH = 1000;

	private static final Operator TESTER = new Operator("outbox-test");

	private final Parts parts;

	private final TestClock clock;

	private final StepMemory memory;

	/**
	 * Creates a relay.
	 * @param parts what it is made of
	 * @param clock says what is due
	 */
	StepRelay(Parts parts, TestClock clock, StepMemory memory) {
		this.parts = parts;
		this.clock = clock;
		this.memory = memory;
	}

	/**
	 * Tries once to send the next event that is due.
	 * @return what the transport answered; empty if nothing is due
	 * @throws IllegalStateException if another relay owns some of the events
	 */
	public Optional<SendResult> step() {
		return owning((session) -> session.deliver(1)).stream().findFirst();
	}

	/**
	 * Sends what is due, until everything is delivered, waits for a retry, is a dead
	 * letter, or cannot be delivered now.
	 * @return what the transports answered, in the order of the attempts
	 * @throws IllegalStateException if another relay owns some of the events
	 */
	public List<SendResult> deliver() {
		return owning((session) -> session.deliver(Integer.MAX_VALUE));
	}

	/**
	 * Returns the events that wait to be delivered, due or not.
	 * @return the events, in the order in which they would be sent
	 * @throws IllegalStateException if another relay owns some of the events
	 */
	public List<OutboxRecord> waiting() {
		return owning((session) -> session.waiting().stream().map(StoredEvent::event).toList());
	}

	/**
	 * Removes all events that wait to be delivered, without sending them.
	 * @throws IllegalStateException if another relay owns some of the events
	 */
	public void discardWaiting() {
		owning((session) -> {
			List<StoredEvent> waiting = session.waiting();
			if (!waiting.isEmpty()) {
				this.parts.store().settle(waiting.stream().map(StoredEvent::ref).toList());
			}
			return waiting;
		});
		this.memory.clear();
	}

	/**
	 * Begins anew: nothing waits, is dead, blocked or paused.
	 */
	void reset() {
		DeadLetterStore letters = this.parts.letters();
		List<DeadLetter> dead = letters.list(DeadLetterFilter.all(), 0, BATCH);
		while (!dead.isEmpty()) {
			dead.forEach((letter) -> letters.discard(letter.number(), TESTER));
			dead = letters.list(DeadLetterFilter.all(), dead.get(dead.size() - 1).number(), BATCH);
		}
		discardWaiting();
		Leases state = owning(StepSession::state);
		state.blockedKeys()
			.forEach((blocked) -> this.parts.holds().unblock(blocked.destination(), blocked.key(), TESTER));
		state.pausedDestinations().forEach((paused) -> this.parts.holds().resume(paused, TESTER));
	}

	private <T> T owning(Function<StepSession, T> work) {
		UUID owner = UUID.randomUUID();
		this.parts.leases().join(owner, "test", this.parts.transports().keySet(), this.parts.settings().lease());
		try {
			return work.apply(StepSession.begin(this.parts, owner, this.clock, this.memory));
		}
		finally {
			this.parts.leases().leave(owner);
		}
	}

	/**
	 * What a relay is made of.
	 *
	 * @param store the rows
	 * @param leases who owns which partitions
	 * @param transports where events can be sent, by name
	 * @param retries when failed events are sent again
	 * @param listener who is told what happens
	 * @param settings how to work
	 * @param letters the dead letters
	 * @param holds what operators hold back
	 */
	record Parts(RelayStore store, LeaseStore leases, Map<String, OutboxTransport> transports, RetryPolicy retries,
			OutboxListener listener, RelaySettings settings, DeadLetterStore letters, HoldStore holds) {

	}

}
