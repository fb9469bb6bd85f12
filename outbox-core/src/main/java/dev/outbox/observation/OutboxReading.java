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

package dev.outbox.observation;

import java.time.Duration;
import java.util.Map;

import dev.outbox.Destination;
import org.jspecify.annotations.Nullable;

/**
 * What the gauges show. Taken on an interval, never when the gauges are read.
 *
 * @param backlog the backlog, {@code null} while it is not known
 * @param relay what the relay does, {@code null} if there is none on this instance
 */
public record OutboxReading(@Nullable Counts backlog, @Nullable Relay relay) {

	/**
	 * How many events there are.
	 *
	 * @param waiting about how many wait
	 * @param scheduled about how many are not due yet
	 * @param dead about how many dead letters there are
	 * @param oldest age of the oldest waiting event, zero if none waits
	 * @param destinations what waits for each destination
	 * @param complete whether nothing waits for any other destination
	 */
	public record Counts(long waiting, long scheduled, long dead, Duration oldest,
			Map<Destination, Waiting> destinations, boolean complete) {

	}

	/**
	 * What waits for a destination.
	 *
	 * @param events about how many events
	 * @param oldest age of the oldest one
	 */
	public record Waiting(long events, Duration oldest) {

	}

	/**
	 * What the relay of this instance does.
	 *
	 * @param active whether it runs and has a lease
	 * @param leaseAge time since the lease was renewed, {@code null} while it is stopped
	 * @param lanes what it does for each transport, by name
	 */
	public record Relay(boolean active, @Nullable Duration leaseAge, Map<String, Lane> lanes) {

	}

	/**
	 * What the relay does for one transport.
	 *
	 * @param inMemory events that have been read and not settled
	 * @param atBroker events that the broker has not answered
	 * @param waitingKeys keys that wait
	 * @param blockedKeys keys that wait for an operator
	 * @param late events that were committed behind the cursor
	 * @param rescued events that only the safety sweep has found
	 * @param duplicatesPossible events that are sent again although they may have arrived
	 * @param destinations whether the destinations can be used, by name
	 */
	public record Lane(int inMemory, int atBroker, int waitingKeys, int blockedKeys, long late, long rescued,
			long duplicatesPossible, Map<String, Availability> destinations) {

	}

	/**
	 * Whether a destination can be used.
	 */
	public enum Availability {

		/**
		 * Nothing is known to the contrary.
		 */
		AVAILABLE,

		/**
		 * An operator has paused it.
		 */
		PAUSED,

		/**
		 * The broker or the destination cannot be reached.
		 */
		UNREACHABLE

	}

}
