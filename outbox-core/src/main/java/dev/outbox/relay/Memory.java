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

package dev.outbox.relay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

import dev.outbox.store.LeaseStore.BlockedKey;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a lane holds in memory during one term: rows, keys, destinations, and
 * what is to be done with them next. Thrown away as a whole when the term ends.
 */
final class Memory {

	/**
	 * A key that has to wait longer leaves the window.
	 */
	static final long LONG_WAIT = TimeUnit.SECONDS.toNanos(1);

	private static final long RECENTLY = TimeUnit.SECONDS.toNanos(10);

	private final Window window;

	private final Map<String, DestinationState> destinations = new TreeMap<>();

	private @Nullable DestinationState lastUsed;

	private final Deque<DestinationState> active = new ArrayDeque<>();

	private final Deque<Chain> toRead = new ArrayDeque<>();

	/**
	 * Rows whose last owner died, which the lane sends one at a time, and rows that
	 * cannot be sent.
	 */
	private final Deque<Entry> careful = new ArrayDeque<>();

	private final Timers timers = new Timers();

	/**
	 * Partitions whose rows are read and sent, with their epochs.
	 */
	private final Map<Integer, Long> owned = new HashMap<>();

	Memory(Window window) {
		this.window = window;
	}

	Window window() {
		return this.window;
	}

	@Nullable Chain chainOf(BlockedKey key) {
		DestinationState destination = this.destinations.get(key.destination().name());
		return (destination != null) ? destination.chain(key.key(), 0) : null;
	}

	void forEachChain(Consumer<Chain> action) {
		this.destinations.values().forEach((destination) -> destination.chains().forEach(action));
	}

	Deque<Entry> careful() {
		return this.careful;
	}

	Timers timers() {
		return this.timers;
	}

	Map<Integer, Long> owned() {
		return this.owned;
	}

	DestinationState destination(String name) {
		DestinationState last = this.lastUsed;
		if (last == null || !last.name().equals(name)) {
			last = this.destinations.computeIfAbsent(name, DestinationState::new);
			this.lastUsed = last;
		}
		return last;
	}

	Iterable<DestinationState> destinations() {
		return this.destinations.values();
	}

	Set<String> excludedDestinations() {
		Set<String> excluded = new HashSet<>();
		for (DestinationState destination : this.destinations.values()) {
			if (destination.mode() != DestinationState.Mode.TAIL) {
				excluded.add(destination.name());
			}
		}
		return excluded;
	}

	Deque<DestinationState> active() {
		return this.active;
	}

	Deque<Chain> toRead() {
		return this.toRead;
	}

	void add(Entry entry, long now) {
		this.window.add(entry);
		entry.chain().destination().hold(1, now);
		entry.chain().waiting().addLast(entry);
	}

	/**
	 * Takes a row out of memory for good: it has been settled, or will be read again.
	 */
	void remove(Entry entry) {
		if (this.window.remove(entry)) {
			entry.chain().destination().letGo();
		}
	}

	/**
	 * Puts a chain where it belongs: among those to send, those to read, or nowhere.
	 */
	void offer(Chain chain, long now) {
		Entry head = chain.waiting().peekFirst();
		if (chain.hold() == Chain.Hold.FREE && head != null && chain.out() == 0) {
			long wait = head.row().retryIn().toNanos() - (now - head.readAt());
			if (wait > 0) {
				holdBack(chain, now + wait, now);
				return;
			}
		}
		if (chain.isSendable()) {
			if (!chain.isQueued()) {
				chain.queued(true);
				chain.destination().ready().add(chain);
			}
			activate(chain.destination());
		}
		else if (chain.isReadable() && !chain.isReadQueued() && chain.destination().accepts(true)) {
			chain.readQueued(true);
			this.toRead.add(chain);
		}
		else if (chain.isIdle()) {
			chain.destination().remove(chain);
		}
	}

	void activate(DestinationState destination) {
		if (!destination.isActive() && !destination.ready().isEmpty() && destination.maySend()) {
			destination.active(true);
			this.active.add(destination);
		}
	}

	/**
	 * Lets a key wait. If it takes long, its rows leave memory meanwhile.
	 */
	void holdBack(Chain chain, long dueAt, long now) {
		chain.dueAt(dueAt);
		if (dueAt - now > LONG_WAIT) {
			dropWaiting(chain, true);
			chain.hold(Chain.Hold.PARKED);
		}
		else {
			chain.hold(Chain.Hold.BACKING_OFF);
		}
		this.timers.at(dueAt, () -> release(chain, dueAt));
	}

	private void release(Chain chain, long dueAt) {
		if (chain.dueAt() == dueAt && chain.destination().contains(chain)) {
			if (chain.hold() == Chain.Hold.PARKED || chain.hold() == Chain.Hold.BACKING_OFF) {
				chain.hold(Chain.Hold.FREE);
				offer(chain, dueAt);
			}
		}
	}

	/**
	 * Returns whether a row that leaves memory unsent has to be remembered: not if its
	 * partition is not ours any more, or if a backfill will start before it.
	 */
	boolean isToBeReadAgain(Entry entry) {
		return this.owned.containsKey(entry.row().part()) && !entry.chain().destination().isReadFromStart();
	}

	/**
	 * Takes the unsent rows of a chain out of memory.
	 * @param remember whether the chain is to read them again by itself
	 */
	void dropWaiting(Chain chain, boolean remember) {
		for (Entry entry : chain.waiting()) {
			if (remember) {
				chain.spill(entry.row().seq());
			}
			remove(entry);
		}
		chain.waiting().clear();
	}

	/**
	 * Forgets the unsent rows of all matching chains, because a backfill or another
	 * instance will read them. What is at the broker stays, at the head of its chain.
	 */
	void forget(Predicate<Chain> which) {
		for (DestinationState destination : this.destinations.values()) {
			destination.chains().removeIf((chain) -> which.test(chain) && forget(chain));
		}
	}

	/**
	 * Forgets the unsent rows of a chain.
	 * @return whether there is nothing left of it
	 */
	private boolean forget(Chain chain) {
		dropWaiting(chain, false);
		chain.spilledFrom(Chain.NOTHING);
		if (chain.hold() != Chain.Hold.RECORDING && chain.hold() != Chain.Hold.BLOCKED) {
			chain.hold(Chain.Hold.FREE);
		}
		return chain.out() == 0;
	}

	/**
	 * Offers all chains of a destination again, whose arm has changed.
	 */
	void reoffer(DestinationState destination, long now) {
		List.copyOf(destination.chains()).forEach((chain) -> offer(chain, now));
		activate(destination);
	}

	boolean hasSeveralDestinations() {
		return this.destinations.size() > 1;
	}

	/**
	 * Returns whether other destinations have had events lately.
	 */
	boolean hasOtherTraffic(DestinationState destination, long now) {
		for (DestinationState other : this.destinations.values()) {
			if (other != destination && other.mode() == DestinationState.Mode.TAIL
					&& (other.held() > 0 || now - other.lastRowAt() < RECENTLY)) {
				return true;
			}
		}
		return false;
	}

}
