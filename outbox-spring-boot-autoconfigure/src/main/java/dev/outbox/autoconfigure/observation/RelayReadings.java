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

package dev.outbox.autoconfigure.observation;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import dev.outbox.Destination;
import dev.outbox.observation.OutboxReading;
import dev.outbox.observation.OutboxReading.Availability;
import dev.outbox.observation.OutboxReading.Counts;
import dev.outbox.observation.OutboxReading.Lane;
import dev.outbox.observation.OutboxReading.Waiting;
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelayStatus;
import dev.outbox.relay.RelayStatus.DestinationStatus;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.store.Backlog;
import org.jspecify.annotations.Nullable;

/**
 * What the meters show of the relay and of the backlog. Many gauges are read at once:
 * they share a reading.
 */
final class RelayReadings implements Supplier<OutboxReading> {

	private static final long SHARED = Duration.ofMillis(100).toNanos();

	private final BacklogMonitor monitor;

	private final @Nullable OutboxRelay relay;

	private volatile @Nullable Taken last;

	RelayReadings(BacklogMonitor monitor, @Nullable OutboxRelay relay) {
		this.monitor = monitor;
		this.relay = relay;
	}

	@Override
	public OutboxReading get() {
		Taken current = this.last;
		long now = System.nanoTime();
		if (current == null || now - current.at > SHARED) {
			Backlog backlog = this.monitor.latest().backlog();
			current = new Taken(new OutboxReading((backlog != null) ? counts(backlog) : null,
					(this.relay != null) ? relay(this.relay.status()) : null), now);
			this.last = current;
		}
		return current.reading;
	}

	private static Counts counts(Backlog backlog) {
		Map<Destination, Waiting> destinations = new HashMap<>();
		backlog.destinations()
			.forEach((destination, waiting) -> destinations.put(destination,
					new Waiting(waiting.events(), waiting.oldest())));
		return new Counts(backlog.waiting(), backlog.scheduled(), backlog.dead(), backlog.oldest(), destinations,
				backlog.exact());
	}

	private static OutboxReading.Relay relay(RelayStatus status) {
		Map<String, Lane> lanes = new HashMap<>();
		status.lanes().forEach((transport, lane) -> lanes.put(transport, lane(lane)));
		return new OutboxReading.Relay(status.running() && status.leased(),
				status.running() ? status.lastHeartbeat() : null, lanes);
	}

	private static Lane lane(LaneStatus lane) {
		Map<String, Availability> destinations = new HashMap<>();
		lane.destinations().forEach((name, destination) -> destinations.put(name, availability(destination)));
		return new Lane(lane.inMemory(), lane.atBroker(), lane.waitingKeys(), lane.blockedKeys(), lane.lateEvents(),
				lane.rescued(), lane.totals().duplicatesPossible(), destinations);
	}

	private static Availability availability(DestinationStatus destination) {
		return switch (destination.state()) {
			case PAUSED -> Availability.PAUSED;
			case UNREACHABLE -> Availability.UNREACHABLE;
			default -> Availability.AVAILABLE;
		};
	}

	/**
	 * A reading.
	 *
	 * @param reading what was read
	 * @param at when, on the monotonic clock
	 */
	private record Taken(OutboxReading reading, long at) {

	}

}
