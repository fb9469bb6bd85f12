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

package com.example.toyoutbox;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.example.toyoutbox.ToyDatabase.Instance;
import com.example.toyoutbox.ToyDatabase.Ownership;
import com.example.toyoutbox.ToyDatabase.Part;
import dev.outbox.store.LeaseStore;

/**
 * Who owns which partitions.
 */
public final class ToyLeaseStore implements LeaseStore {

	private final ToyDatabase database;

	/**
	 * Creates the store.
	 * @param database where the leases are
	 */
	public ToyLeaseStore(ToyDatabase database) {
		this.database = database;
	}

	@Override
	public void join(UUID instance, String name, Set<String> transports, Duration ttl) {
		synchronized (this.database) {
			this.database.instances.put(instance, new Instance(Set.copyOf(transports), this.database.now().plus(ttl)));
		}
	}

	@Override
	public boolean renew(UUID instance, Duration ttl) {
		synchronized (this.database) {
			this.database.instances.keySet().removeIf((id) -> !this.database.isAlive(id));
			Instance known = this.database.instances.get(instance);
			if (known != null) {
				this.database.instances.put(instance, new Instance(known.transports(), this.database.now().plus(ttl)));
			}
			return known != null;
		}
	}

	@Override
	public Leases observe(UUID instance) {
		synchronized (this.database) {
			Map<String, Integer> instances = new HashMap<>();
			this.database.instances.forEach((id, known) -> {
				if (this.database.isAlive(id)) {
					known.transports().forEach((transport) -> instances.merge(transport, 1, Integer::sum));
				}
			});
			Map<String, Map<Integer, Long>> owned = new HashMap<>();
			if (this.database.isAlive(instance)) {
				this.database.ownerships.forEach((part, ownership) -> {
					if (instance.equals(ownership.owner())) {
						owned.computeIfAbsent(part.transport(), (transport) -> new HashMap<>())
							.put(part.number(), ownership.epoch());
					}
				});
			}
			return new Leases(instances, owned, Set.copyOf(this.database.paused),
					Set.copyOf(this.database.blocked.keySet()));
		}
	}

	@Override
	public List<TakenPartition> take(UUID instance, String transport, int count) {
		synchronized (this.database) {
			List<TakenPartition> taken = new ArrayList<>();
			for (int n = 0; n < this.database.partitions() && taken.size() < count; n++) {
				Part part = new Part(transport, n);
				Ownership last = this.database.ownerships.getOrDefault(part, new Ownership(null, 0));
				if (this.database.isAlive(instance) && !this.database.isAlive(last.owner())) {
					long epoch = last.epoch() + 1;
					this.database.ownerships.put(part, new Ownership(instance, epoch));
					taken.add(new TakenPartition(n, epoch, last.owner() != null));
				}
			}
			return taken;
		}
	}

	@Override
	public void release(UUID instance, String transport, Collection<Integer> parts) {
		synchronized (this.database) {
			this.database.ownerships.replaceAll((part,
					ownership) -> (part.transport().equals(transport) && parts.contains(part.number())
							&& instance.equals(ownership.owner())) ? new Ownership(null, ownership.epoch())
									: ownership);
		}
	}

	@Override
	public void leave(UUID instance) {
		synchronized (this.database) {
			this.database.instances.remove(instance);
			this.database.ownerships.replaceAll((part, ownership) -> instance.equals(ownership.owner())
					? new Ownership(null, ownership.epoch()) : ownership);
		}
	}

}
