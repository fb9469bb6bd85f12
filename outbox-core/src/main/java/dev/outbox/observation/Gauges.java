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

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import dev.outbox.Destination;
import dev.outbox.observation.OutboxReading.Counts;
import dev.outbox.observation.OutboxReading.Lane;
import dev.outbox.observation.OutboxReading.Relay;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * The meters that show a state. Those of destinations and transports appear when these
 * are first heard of.
 */
final class Gauges {

	private final Supplier<OutboxReading> readings;

	private final Builders builders;

	private final DestinationNames names;

	private final Map<String, AtomicInteger> owned = new ConcurrentHashMap<>();

	private final Set<Destination> destinations = new HashSet<>();

	private final Set<Destination> sendable = new HashSet<>();

	private final Set<String> transports = new HashSet<>();

	/**
	 * Micrometer does not keep alive what its function counters read.
	 */
	private final List<DoubleSupplier> counted = new ArrayList<>();

	private volatile @Nullable ShownReading shown;

	Gauges(Supplier<OutboxReading> readings, Builders builders, DestinationNames names) {
		this.readings = readings;
		this.builders = builders;
		this.names = names;
	}

	synchronized void bindTo(MeterRegistry registry) {
		for (String status : new String[] { "waiting", "scheduled", "dead" }) {
			this.builders.gauge(registry, OutboxMeterDocumentation.RECORDS,
					() -> backlog((counts) -> records(counts, status)), status);
		}
		this.builders.gauge(registry, OutboxMeterDocumentation.DEAD_LETTERS, () -> backlog(Counts::dead));
		this.builders.gauge(registry, OutboxMeterDocumentation.OLDEST_AGE,
				() -> backlog((counts) -> ShownReading.seconds(counts.oldest())));
		this.builders.gauge(registry, OutboxMeterDocumentation.RELAY_ACTIVE, this::active);
		this.builders.gauge(registry, OutboxMeterDocumentation.RELAY_LEASE_AGE, this::leaseAge);
		this.owned.forEach((transport, count) -> owned(registry, transport, count));
		this.destinations.forEach((destination) -> waiting(registry, destination));
		this.sendable.forEach((destination) -> availability(registry, destination));
		this.transports.forEach((transport) -> lane(registry, transport));
	}

	synchronized void refresh(Collection<MeterRegistry> registries) {
		OutboxReading reading = this.readings.get();
		Set<Destination> known = new HashSet<>();
		if (reading.backlog() != null) {
			known.addAll(reading.backlog().destinations().keySet());
		}
		if (reading.relay() != null) {
			reading.relay().lanes().forEach((transport, lane) -> {
				if (this.transports.add(transport)) {
					registries.forEach((registry) -> lane(registry, transport));
				}
				lane.destinations().keySet().forEach((name) -> {
					Destination destination = new Destination(transport, name);
					known.add(destination);
					Destination shown = this.names.shown(destination);
					if (this.sendable.add(shown)) {
						registries.forEach((registry) -> availability(registry, shown));
					}
				});
			});
		}
		for (Destination destination : known) {
			Destination shown = this.names.shown(destination);
			if (this.destinations.add(shown)) {
				registries.forEach((registry) -> waiting(registry, shown));
			}
		}
		// Some may have names of their own now.
		this.shown = null;
	}

	void owned(String transport, int partitions, Collection<MeterRegistry> registries) {
		this.owned.computeIfAbsent(transport, (name) -> {
			AtomicInteger count = new AtomicInteger();
			registries.forEach((registry) -> owned(registry, name, count));
			return count;
		}).set(partitions);
	}

	private void owned(MeterRegistry registry, String transport, AtomicInteger count) {
		this.builders.gauge(registry, OutboxMeterDocumentation.RELAY_OWNED, count::get, transport);
	}

	private void waiting(MeterRegistry registry, Destination shown) {
		this.builders.gauge(registry, OutboxMeterDocumentation.DESTINATION_WAITING, () -> shown().waiting(shown),
				shown.transport(), shown.name());
		this.builders.gauge(registry, OutboxMeterDocumentation.DESTINATION_OLDEST_AGE, () -> shown().oldest(shown),
				shown.transport(), shown.name());
	}

	private void availability(MeterRegistry registry, Destination shown) {
		this.builders.gauge(registry, OutboxMeterDocumentation.DESTINATION_AVAILABLE, () -> shown().available(shown),
				shown.transport(), shown.name());
		this.builders.gauge(registry, OutboxMeterDocumentation.DESTINATION_PAUSED, () -> shown().paused(shown),
				shown.transport(), shown.name());
	}

	private void lane(MeterRegistry registry, String transport) {
		gauge(registry, OutboxMeterDocumentation.BLOCKED_KEYS, transport, Lane::blockedKeys);
		gauge(registry, OutboxMeterDocumentation.RELAY_IN_MEMORY, transport, Lane::inMemory);
		gauge(registry, OutboxMeterDocumentation.RELAY_AT_BROKER, transport, Lane::atBroker);
		gauge(registry, OutboxMeterDocumentation.RELAY_WAITING_KEYS, transport, Lane::waitingKeys);
		counter(registry, OutboxMeterDocumentation.RELAY_LATE, transport, Lane::late);
		counter(registry, OutboxMeterDocumentation.RELAY_RESCUED, transport, Lane::rescued);
		counter(registry, OutboxMeterDocumentation.DUPLICATES_POSSIBLE, transport, Lane::duplicatesPossible);
	}

	private void gauge(MeterRegistry registry, OutboxMeterDocumentation meter, String transport,
			ToDoubleFunction<Lane> value) {
		this.builders.gauge(registry, meter, () -> leased(transport, value), transport);
	}

	private void counter(MeterRegistry registry, OutboxMeterDocumentation meter, String transport,
			ToDoubleFunction<Lane> value) {
		DoubleSupplier count = () -> lane(transport, value, 0);
		this.counted.add(count);
		this.builders.counter(registry, meter, count, transport);
	}

	private double backlog(ToDoubleFunction<Counts> value) {
		Counts counts = this.readings.get().backlog();
		return (counts != null) ? value.applyAsDouble(counts) : Double.NaN;
	}

	private static double records(Counts counts, String status) {
		return switch (status) {
			case "waiting" -> counts.waiting();
			case "scheduled" -> counts.scheduled();
			default -> counts.dead();
		};
	}

	private ShownReading shown() {
		OutboxReading reading = this.readings.get();
		ShownReading current = this.shown;
		if (current == null || !current.isOf(reading)) {
			current = new ShownReading(reading, this.names);
			this.shown = current;
		}
		return current;
	}

	private double active() {
		Relay relay = this.readings.get().relay();
		return (relay != null && relay.active()) ? 1 : 0;
	}

	private double leaseAge() {
		Relay relay = this.readings.get().relay();
		return (relay != null && relay.leaseAge() != null) ? ShownReading.seconds(relay.leaseAge()) : Double.NaN;
	}

	/**
	 * What a lane has known last is not so any more when it has no lease.
	 */
	private double leased(String transport, ToDoubleFunction<Lane> value) {
		Relay relay = this.readings.get().relay();
		return (relay != null && relay.active()) ? lane(transport, value, Double.NaN) : Double.NaN;
	}

	private double lane(String transport, ToDoubleFunction<Lane> value, double unknown) {
		Relay relay = this.readings.get().relay();
		Lane lane = (relay != null) ? relay.lanes().get(transport) : null;
		return (lane != null) ? value.applyAsDouble(lane) : unknown;
	}

}
