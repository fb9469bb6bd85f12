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
import java.util.HashMap;
import java.util.Map;

import dev.outbox.Destination;
import dev.outbox.observation.OutboxReading.Availability;
import dev.outbox.observation.OutboxReading.Counts;
import dev.outbox.observation.OutboxReading.Relay;
import dev.outbox.observation.OutboxReading.Waiting;

/**
 * What a reading says of the names under which destinations are shown. Computed once for
 * all gauges: there may be thousands of destinations.
 */
final class ShownReading {

	private final OutboxReading reading;

	private final Map<Destination, Waiting> waiting = new HashMap<>();

	private final Map<Destination, Sendable> sendable = new HashMap<>();

	ShownReading(OutboxReading reading, DestinationNames names) {
		this.reading = reading;
		Counts counts = reading.backlog();
		if (counts != null) {
			counts.destinations()
				.forEach((destination, found) -> this.waiting.merge(names.nameOf(destination), found,
						ShownReading::together));
		}
		Relay relay = reading.relay();
		// What a lane has known last is not so any more when it has no lease.
		if (relay != null && relay.active()) {
			relay.lanes().forEach((transport, lane) -> lane.destinations().forEach((name, state) -> {
				Destination shown = names.nameOf(new Destination(transport, name));
				this.sendable.merge(shown, Sendable.of(state), Sendable::with);
			}));
		}
	}

	private static Waiting together(Waiting one, Waiting other) {
		Duration oldest = (one.oldest().compareTo(other.oldest()) > 0) ? one.oldest() : other.oldest();
		return new Waiting(one.events() + other.events(), oldest);
	}

	boolean isOf(OutboxReading other) {
		return this.reading == other;
	}

	double waiting(Destination shown) {
		Waiting found = this.waiting.get(shown);
		return (found != null) ? found.events() : none();
	}

	double oldest(Destination shown) {
		Waiting found = this.waiting.get(shown);
		return (found != null) ? seconds(found.oldest()) : none();
	}

	/**
	 * Returns 1 if all of the destinations that have this name can be used.
	 */
	double available(Destination shown) {
		Sendable found = this.sendable.get(shown);
		return (found != null) ? (found.available ? 1 : 0) : Double.NaN;
	}

	/**
	 * Returns 1 if any of the destinations that have this name is paused.
	 */
	double paused(Destination shown) {
		Sendable found = this.sendable.get(shown);
		return (found != null) ? (found.paused ? 1 : 0) : Double.NaN;
	}

	/**
	 * What a destination has that was not found: nothing, if all were looked at.
	 */
	private double none() {
		Counts counts = this.reading.backlog();
		return (counts != null && counts.complete()) ? 0 : Double.NaN;
	}

	static double seconds(Duration duration) {
		return duration.toMillis() / 1000d;
	}

	/**
	 * Whether destinations can be used.
	 *
	 * @param available whether all can
	 * @param paused whether any is paused
	 */
	private record Sendable(boolean available, boolean paused) {

		static Sendable of(Availability state) {
			return new Sendable(state == Availability.AVAILABLE, state == Availability.PAUSED);
		}

		Sendable with(Sendable other) {
			return new Sendable(this.available && other.available, this.paused || other.paused);
		}

	}

}
