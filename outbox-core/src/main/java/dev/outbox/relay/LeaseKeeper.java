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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.outbox.store.LeaseStore;
import dev.outbox.store.LeaseStore.Leases;
import dev.outbox.store.LeaseStore.TakenPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps this instance's lease alive and its share of the partitions fair, on a thread of
 * its own so that no amount of work can make the lease expire.
 */
final class LeaseKeeper implements Worker.Loop {

	private static final Logger logger = LoggerFactory.getLogger(LeaseKeeper.class);

	private final LeaseStore store;

	private final RelaySettings settings;

	private final Worker worker = new Worker("outbox-lease", this);

	private final Queue<Vacated> vacated = new ConcurrentLinkedQueue<>();

	private Map<String, Lane> lanes = Map.of();

	private volatile @Nullable Term term;

	private volatile boolean refresh;

	private volatile boolean retiring;

	private volatile long renewedAt = System.nanoTime();

	private boolean joinedBefore;

	private long nextTick = System.nanoTime();

	LeaseKeeper(LeaseStore store, RelaySettings settings) {
		this.store = store;
		this.settings = settings;
	}

	void start(Map<String, Lane> lanes) {
		this.lanes = lanes;
		this.worker.start();
	}

	Worker worker() {
		return this.worker;
	}

	boolean isLeased() {
		Term current = this.term;
		return current != null && current.isValid();
	}

	long sinceRenewal() {
		return System.nanoTime() - this.renewedAt;
	}

	/**
	 * From now on the lease is kept, but nothing is taken.
	 */
	void retire() {
		this.retiring = true;
	}

	/**
	 * A lane has started over and does not know what it owns.
	 */
	void refresh() {
		this.refresh = true;
		this.worker.signal();
	}

	/**
	 * A lane is done with partitions that it does not want to keep.
	 */
	void vacated(String transport, Set<Integer> parts) {
		Term current = this.term;
		if (current != null) {
			this.vacated.add(new Vacated(current.instance(), transport, parts));
			this.worker.signal();
		}
	}

	/**
	 * Renews first: partitions that cannot be given back must not cost the lease. What is
	 * owned is looked at last, when they have been.
	 */
	@Override
	public long turn() {
		long now = System.nanoTime();
		Term renewed = null;
		if (this.nextTick - now <= 0 || this.refresh) {
			this.refresh = false;
			this.nextTick = now + this.settings.lease().toNanos() / 4;
			this.lanes.values().forEach(Lane::ensureAlive);
			renewed = renew(now);
		}
		for (Vacated next = this.vacated.peek(); next != null; next = this.vacated.peek()) {
			this.store.release(next.instance, next.transport, next.parts);
			this.vacated.remove();
		}
		if (renewed != null && !this.retiring) {
			balance(renewed, System.nanoTime());
		}
		return Math.max(1, this.nextTick - System.nanoTime());
	}

	@Override
	public void failed(Throwable failure) {
		this.nextTick = System.nanoTime();
	}

	/**
	 * Renews the lease, or joins.
	 * @return what is valid then, {@code null} if this instance does not join any more
	 */
	private @Nullable Term renew(long startedAt) {
		Duration ttl = this.settings.lease();
		long deadline = startedAt + ttl.toNanos() / 5 * 4;
		Term current = this.term;
		if (current != null && !this.store.renew(current.instance(), ttl)) {
			lose(current);
			current = null;
		}
		if (current == null) {
			if (this.retiring) {
				return null;
			}
			current = new Term(UUID.randomUUID(), deadline);
			this.store.join(current.instance(), this.settings.instance(), this.lanes.keySet(), ttl);
			this.term = current;
			for (Lane lane : this.lanes.values()) {
				lane.begin(current);
			}
			// Only after it was lost is this news: the report of the start tells the
			// rest.
			logger.atLevel(this.joinedBefore ? Level.INFO : Level.DEBUG)
				.log("Relay instance {} has joined for {}", current.instance(), this.lanes.keySet());
			this.joinedBefore = true;
		}
		current.extend(deadline);
		this.renewedAt = startedAt;
		return current;
	}

	private void lose(Term lost) {
		logger.warn("The lease of relay instance {} was lost. Others may have taken its partitions; it joins again"
				+ " under a new identity, and what was in flight may be delivered twice", lost.instance());
		this.term = null;
		this.vacated.clear();
		this.lanes.values().forEach(Lane::end);
		// This process has not died: what it still owns is not suspect.
		this.store.leave(lost.instance());
	}

	private void balance(Term current, long observedAt) {
		Leases leases = this.store.observe(current.instance());
		this.lanes.forEach((transport, lane) -> {
			int instances = Math.max(1, leases.instances().getOrDefault(transport, 1));
			int target = (this.settings.partitions() + instances - 1) / instances;
			lane.confirm(current, leases, observedAt, target);
			int owned = leases.owned().getOrDefault(transport, Map.of()).size();
			if (owned < target) {
				List<TakenPartition> taken = this.store.take(current.instance(), transport, target - owned);
				if (!taken.isEmpty()) {
					// The last owner may have blocked a key after the first look.
					long lookedAt = System.nanoTime();
					lane.taken(current, taken, this.store.observe(current.instance()), lookedAt);
				}
			}
		});
	}

	/**
	 * Gives back all that this instance owns.
	 */
	void leave() {
		Term current = this.term;
		if (current == null) {
			return;
		}
		this.term = null;
		try {
			this.store.leave(current.instance());
		}
		catch (RuntimeException ex) {
			logger.warn("Relay instance {} could not give back its partitions; others take over when its lease"
					+ " expires, within {} ms", current.instance(), this.settings.lease().toMillis(), ex);
		}
	}

	/**
	 * Partitions to be given back.
	 *
	 * @param instance under which identity
	 * @param transport name of the transport
	 * @param parts the partitions
	 */
	private record Vacated(UUID instance, String transport, Set<Integer> parts) {

	}

}
