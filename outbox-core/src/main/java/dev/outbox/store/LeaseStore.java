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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.outbox.Destination;

/**
 * Who owns which partitions. All times are on the database's clock. Every method runs in
 * a transaction of its own.
 */
public interface LeaseStore {

	/**
	 * Announces an instance.
	 * @param instance id of the instance, never used before
	 * @param name name of the instance, for people; at most 200 characters
	 * @param transports names of the transports that it can send through
	 * @param ttl how long the lease lasts unless it is renewed
	 */
	void join(UUID instance, String name, Set<String> transports, Duration ttl);

	/**
	 * Renews the lease of an instance, and removes instances whose leases have expired.
	 * @param instance id of the instance
	 * @param ttl how long the lease lasts from now on
	 * @return {@code false} if the lease has expired or is unknown: the instance owns
	 * nothing any more
	 */
	boolean renew(UUID instance, Duration ttl);

	/**
	 * Returns what the instance owns, who else is there, and what is held back.
	 * @param instance id of the instance
	 * @return the state
	 */
	Leases observe(UUID instance);

	/**
	 * Takes partitions that nobody owns, or whose owners' leases have expired. Two
	 * instances never take the same one.
	 * @param instance id of the instance
	 * @param transport name of the transport
	 * @param count how many at most
	 * @return the partitions taken
	 */
	List<TakenPartition> take(UUID instance, String transport, int count);

	/**
	 * Gives partitions back.
	 * @param instance id of the instance
	 * @param transport name of the transport
	 * @param parts the partitions; those that the instance does not own are left alone
	 */
	void release(UUID instance, String transport, Collection<Integer> parts);

	/**
	 * Ends the lease of an instance and gives back all that it owns.
	 * @param instance id of the instance
	 */
	void leave(UUID instance);

	/**
	 * State of the leases.
	 *
	 * @param instances how many instances with a valid lease can send, by transport
	 * @param owned epochs of the partitions that the instance owns, by transport and
	 * partition
	 * @param pausedDestinations destinations that an operator has paused
	 * @param blockedKeys keys that wait for an operator
	 */
	record Leases(Map<String, Integer> instances, Map<String, Map<Integer, Long>> owned,
			Set<Destination> pausedDestinations, Set<BlockedKey> blockedKeys) {

	}

	/**
	 * A partition that has just been taken.
	 *
	 * @param part the partition
	 * @param epoch how often it has changed hands
	 * @param abandoned whether its last owner did not give it back: it may have died
	 * while sending
	 */
	record TakenPartition(int part, long epoch, boolean abandoned) {

	}

	/**
	 * A key that waits for an operator.
	 *
	 * @param destination the destination
	 * @param key the key
	 */
	record BlockedKey(Destination destination, String key) {

	}

}
