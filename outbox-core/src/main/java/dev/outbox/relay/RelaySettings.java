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

/**
 * How the relay works.
 *
 * @param partitions how many partitions there are, the same on every instance
 * @param batchSize how many rows one read returns at most
 * @param maxInFlight how many events are in memory at most
 * @param maxInFlightBytes how many payload bytes are in memory at most; one larger event
 * passes alone
 * @param lease how long an instance may be silent before others take over
 * @param pollInterval how long the relay waits at most before it looks for events that
 * nobody has told it about
 * @param sweepInterval how often the relay looks for rows that every other rule has
 * missed
 * @param publishTimeout how long a transport may take to answer
 * @param destinationPause how long a destination that failed pauses at first; doubles up
 * to {@code maxDestinationPause}
 * @param maxDestinationPause the longest pause of a destination
 * @param routes what depends on the event's route
 * @param instance name of this instance, for people
 * @param forwardDead whether dead letters are to be forwarded
 */
public record RelaySettings(int partitions, int batchSize, int maxInFlight, long maxInFlightBytes, Duration lease,
		Duration pollInterval, Duration sweepInterval, Duration publishTimeout, Duration destinationPause,
		Duration maxDestinationPause, RoutePolicy routes, String instance, boolean forwardDead) {

	public RelaySettings {
		requirePositive("outbox.relay.partitions", partitions);
		requirePositive("outbox.relay.batch-size", batchSize);
		requirePositive("outbox.relay.max-in-flight.events", maxInFlight);
		requirePositive("outbox.relay.max-in-flight.bytes", maxInFlightBytes);
		requirePositive("outbox.relay.lease", lease.toMillis());
		requirePositive("outbox.relay.poll-interval", pollInterval.toMillis());
		requirePositive("outbox.relay.sweep-interval", sweepInterval.toMillis());
		requirePositive("outbox.publish-timeout", publishTimeout.toMillis());
		requirePositive("outbox.relay.destination-pause", destinationPause.toMillis());
		requirePositive("outbox.relay.max-destination-pause", maxDestinationPause.toMillis());
	}

	/**
	 * Returns the defaults.
	 * @return the settings
	 */
	public static RelaySettings defaults() {
		return new RelaySettings(64, 1000, 10_000, 64L << 20, Duration.ofSeconds(10), Duration.ofSeconds(1),
				Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMillis(500), Duration.ofSeconds(30),
				RoutePolicy.uniform(Ordering.STRICT, false), "relay", false);
	}

	private static void requirePositive(String property, long value) {
		if (value <= 0) {
			throw new IllegalArgumentException(property + " must be positive, but is " + value);
		}
	}

}
