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
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import dev.outbox.Destination;
import org.jspecify.annotations.Nullable;

/**
 * What operators see of all instances together.
 */
public interface ClusterStore {

	/**
	 * Returns who is there, who owns what, and what is held back. Costs the database the
	 * same however many events wait.
	 * @param blockedKeys how many blocked keys to list at most
	 * @return the state, in one transaction
	 */
	Cluster observe(int blockedKeys);

	/**
	 * State of all instances.
	 *
	 * @param instances those with a valid lease, by name and id
	 * @param partitions the partitions that have ever been taken, by transport and number
	 * @param paused destinations that an operator has paused, by name
	 * @param blockedKeyCount how many keys wait for an operator
	 * @param blockedKeys the first of them to be blocked
	 */
	record Cluster(List<Instance> instances, List<Ownership> partitions, List<Paused> paused, long blockedKeyCount,
			List<Blocked> blockedKeys) {

		public Cluster {
			instances = List.copyOf(instances);
			partitions = List.copyOf(partitions);
			paused = List.copyOf(paused);
			blockedKeys = List.copyOf(blockedKeys);
		}

	}

	/**
	 * An instance with a valid lease.
	 *
	 * @param id its id
	 * @param name its name, for people
	 * @param transports names of the transports that it can send through
	 * @param joinedAt since when it has held its lease
	 * @param leaseLeft how long the lease lasts unless it is renewed
	 */
	record Instance(UUID id, String name, Set<String> transports, Instant joinedAt, Duration leaseLeft) {

		public Instance {
			transports = Set.copyOf(transports);
		}

	}

	/**
	 * Who sends the events of a partition.
	 *
	 * @param transport name of the transport
	 * @param part the partition
	 * @param owner id of the instance, {@code null} if nobody owns it. May be one whose
	 * lease has expired: it is taken over soon
	 * @param epoch how often it has changed hands
	 */
	record Ownership(String transport, int part, @Nullable UUID owner, long epoch) {

	}

	/**
	 * A destination that an operator has paused.
	 *
	 * @param destination the destination
	 * @param since since when
	 * @param by who
	 */
	record Paused(Destination destination, Instant since, String by) {

	}

	/**
	 * A key that waits for an operator.
	 *
	 * @param destination the destination
	 * @param key the key
	 * @param since since when
	 * @param seq sequence number of the dead event that blocks it
	 */
	record Blocked(Destination destination, String key, Instant since, long seq) {

	}

}
