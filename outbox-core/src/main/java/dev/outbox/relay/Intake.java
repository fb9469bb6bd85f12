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

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.outbox.OutboxRecord;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.RelayStore.KeyRows;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows that were read into memory, or notes that they have to be read again.
 */
final class Intake {

	private static final int LONGEST_CHAIN = 256;

	private final Memory memory;

	private final RoutePolicy routes;

	/**
	 * How many rows of one key are in memory: a key with a long backlog must not take the
	 * window.
	 */
	private final int chainCap;

	/**
	 * Keys that wait for an operator, with the time at which this lane blocked them
	 * itself, or 0.
	 */
	private final Map<BlockedKey, Long> blocked = new HashMap<>();

	Intake(Memory memory, RoutePolicy routes) {
		this.memory = memory;
		this.routes = routes;
		this.chainCap = Math.max(1, Math.min(LONGEST_CHAIN, memory.window().maxEvents() / 16));
	}

	/**
	 * Takes a row.
	 * @param row the row
	 * @param own the destination whose own backfill the row comes from, if any
	 * @param careful whether the row may have killed its last owner
	 * @param now the time
	 * @return whether the row is new in memory
	 */
	boolean accept(StoredEvent row, @Nullable DestinationState own, boolean careful, long now) {
		if (this.memory.window().contains(row.seq()) || !this.memory.owned().containsKey(row.part())) {
			return false;
		}
		DestinationState destination = this.memory.destination(row.event().destination().name());
		if (!destination.accepts(destination == own)) {
			return false;
		}
		Chain chain = chainOf(row, destination);
		if (chain.hold() == Chain.Hold.PARKED || chain.hold() == Chain.Hold.BLOCKED || chain.isSpilled()
				|| chain.waiting().size() >= this.chainCap) {
			chain.spill(row.seq());
			this.memory.offer(chain, now);
			return false;
		}
		this.memory.add(new Entry(chain, row, careful, now), now);
		this.memory.offer(chain, now);
		return true;
	}

	int chainCap() {
		return this.chainCap;
	}

	/**
	 * Takes the rows that were read again for one key.
	 * @param chain the key's chain, with nothing in memory
	 * @param rows what was read
	 * @param now the time
	 */
	void acceptAgain(Chain chain, KeyRows rows, long now) {
		chain.spilledFrom(Chain.NOTHING);
		long last = 0;
		for (StoredEvent row : rows.events()) {
			last = row.seq();
			boolean same = !chain.isSingle() || chain.single() == row.seq();
			if (same && !this.memory.window().contains(row.seq())) {
				this.memory.add(new Entry(chain, row, false, now), now);
			}
		}
		if (!rows.complete() && !chain.isSingle()) {
			chain.spilledFrom(last + 1);
		}
		this.memory.offer(chain, now);
	}

	/**
	 * Returns whether a row that a sweep found is one that nobody will ever look at.
	 */
	boolean isOverlooked(StoredEvent row) {
		if (this.memory.window().contains(row.seq()) || !this.memory.owned().containsKey(row.part())
				|| !this.memory.destination(row.event().destination().name()).accepts(false)) {
			return false;
		}
		OutboxRecord event = row.event();
		Chain chain = this.memory.destination(event.destination().name()).chain(event.key(), singleOf(row));
		return chain == null || chain.spilledFrom() > row.seq();
	}

	void block(BlockedKey key, long now) {
		this.blocked.put(key, now);
		Chain chain = this.memory.chainOf(key);
		if (chain != null) {
			this.memory.dropWaiting(chain, true);
			chain.hold(Chain.Hold.BLOCKED);
		}
	}

	int blockedKeys() {
		return this.blocked.size();
	}

	/**
	 * Takes over which keys are blocked.
	 * @param current the keys that are blocked in the database
	 * @param observedAt when the database was asked; keys that were blocked here after
	 * that stay blocked
	 * @param now the time
	 */
	void updateBlocked(Set<BlockedKey> current, long observedAt, long now) {
		for (Map.Entry<BlockedKey, Long> known : Map.copyOf(this.blocked).entrySet()) {
			boolean blockedLater = known.getValue() != 0 && known.getValue() - observedAt > 0;
			if (!current.contains(known.getKey()) && !blockedLater) {
				this.blocked.remove(known.getKey());
				unblock(known.getKey(), now);
			}
		}
		Set<BlockedKey> added = new HashSet<>(current);
		added.removeAll(this.blocked.keySet());
		added.forEach((key) -> block(key, 0));
	}

	private void unblock(BlockedKey key, long now) {
		Chain chain = this.memory.chainOf(key);
		if (chain != null && chain.hold() == Chain.Hold.BLOCKED) {
			chain.hold(Chain.Hold.FREE);
			if (this.memory.owned().containsKey(chain.part())) {
				// A replayed head has kept its number: it comes before all others.
				chain.spilledFrom(1);
			}
			this.memory.offer(chain, now);
		}
	}

	private Chain chainOf(StoredEvent row, DestinationState destination) {
		long single = singleOf(row);
		Chain chain = destination.chain(row.event().key(), single);
		if (chain == null) {
			Ordering ordering = (single != 0) ? Ordering.NONE : this.routes.ordering(row.event());
			chain = new Chain(row.event().key(), single, row.part(), destination, ordering);
			destination.add(chain);
			if (!this.blocked.isEmpty() && isBlocked(row.event())) {
				chain.hold(Chain.Hold.BLOCKED);
			}
		}
		return chain;
	}

	private boolean isBlocked(OutboxRecord event) {
		return event.key() != null && this.blocked.containsKey(new BlockedKey(event.destination(), event.key()));
	}

	/**
	 * Returns the row's sequence number if it does not wait for others, else 0.
	 */
	private long singleOf(StoredEvent row) {
		OutboxRecord event = row.event();
		return (event.key() == null || this.routes.ordering(event) == Ordering.NONE) ? row.seq() : 0;
	}

	/**
	 * Returns whether a row waits for an operator.
	 */
	boolean waitsForOperator(StoredEvent row) {
		return isBlocked(row.event());
	}

	/**
	 * Takes a row that no arm has read, and that is dealt with at once.
	 * @return the row, out of its chain, or {@code null} if something else is being done
	 * with its key
	 */
	@Nullable Entry acceptAlone(StoredEvent row, long now) {
		Chain chain = chainOf(row, this.memory.destination(row.event().destination().name()));
		if (chain.hold() != Chain.Hold.FREE || chain.out() > 0 || this.memory.window().contains(row.seq())) {
			return null;
		}
		Entry entry = new Entry(chain, row, false, now);
		this.memory.add(entry, now);
		chain.waiting().remove(entry);
		return entry;
	}

}
