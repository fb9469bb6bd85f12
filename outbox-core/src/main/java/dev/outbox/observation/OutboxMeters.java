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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.listener.OutboxListener;
import dev.outbox.observation.OutboxReading.Counts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * The meters of the outbox. Tags are bounded: transport, destination and kind of failure,
 * never an id or a key. Destinations beyond the first {@value #MAX_DESTINATIONS} share
 * the tag value {@value #OTHER}. A gauge whose value is not known shows NaN, not 0.
 */
public final class OutboxMeters implements OutboxListener, MeterBinder {

	static final int MAX_DESTINATIONS = 100;

	static final String OTHER = "other";

	private final Supplier<OutboxReading> readings;

	private final Tags tags;

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	private final Map<Destination, DestinationMeters> destinations = new ConcurrentHashMap<>();

	private final Map<String, AtomicInteger> owned = new ConcurrentHashMap<>();

	/**
	 * Creates the meters.
	 * @param readings returns the last measurement of the backlog, without taking one
	 * @param tags tags of all meters
	 */
	public OutboxMeters(Supplier<OutboxReading> readings, Tags tags) {
		this.readings = readings;
		this.tags = tags;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		records(registry, "waiting", Counts::waiting);
		records(registry, "scheduled", Counts::scheduled);
		records(registry, "dead", Counts::dead);
		TimeGauge
			.builder("outbox.oldest.age", this, TimeUnit.SECONDS,
					(meters) -> meters.read((counts) -> counts.oldest().toMillis() / 1000d))
			.description("Age of the oldest event that waits")
			.tags(this.tags)
			.register(registry);
		FunctionCounter.builder("outbox.relay.rescued", this, (meters) -> meters.readings.get().rescued())
			.description("Events that only the safety sweep has found; anything but 0 is a bug")
			.tags(this.tags)
			.register(registry);
		this.owned.forEach((transport, count) -> owned(registry, transport, count));
		this.registries.add(registry);
		this.destinations.clear();
	}

	@Override
	public void onPublished(OutboxRecord event, SendResult result) {
		Duration lag = Duration.between(event.createdAt(), result.completedAt());
		meters(event.destination()).published(lag.isNegative() ? Duration.ZERO : lag);
	}

	@Override
	public void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
		FailureKind kind = (result.failure() != null) ? result.failure().kind() : FailureKind.RETRIABLE;
		meters(event.destination()).failed(kind);
	}

	@Override
	public void onDead(OutboxRecord event, String error, int attempts) {
		meters(event.destination()).dead();
	}

	@Override
	public void onOwnershipChanged(String transport, Set<Integer> partitions) {
		this.owned.computeIfAbsent(transport, (name) -> {
			AtomicInteger count = new AtomicInteger();
			this.registries.forEach((registry) -> owned(registry, name, count));
			return count;
		}).set(partitions.size());
	}

	private void records(MeterRegistry registry, String status, ToDoubleFunction<Counts> value) {
		Gauge.builder("outbox.records", this, (meters) -> meters.read(value))
			.description("Events in the outbox, about")
			.tags(this.tags)
			.tag("status", status)
			.register(registry);
	}

	private void owned(MeterRegistry registry, String transport, AtomicInteger count) {
		Gauge.builder("outbox.relay.owned", count, AtomicInteger::get)
			.description("Partitions that this instance owns")
			.tags(this.tags)
			.tag("transport", transport)
			.strongReference(true)
			.register(registry);
	}

	private double read(ToDoubleFunction<Counts> value) {
		Counts counts = this.readings.get().backlog();
		return (counts != null) ? value.applyAsDouble(counts) : Double.NaN;
	}

	private DestinationMeters meters(Destination destination) {
		DestinationMeters known = this.destinations.get(destination);
		if (known != null) {
			return known;
		}
		boolean full = this.destinations.size() >= MAX_DESTINATIONS;
		Destination shown = full ? new Destination(destination.transport(), OTHER) : destination;
		return this.destinations.computeIfAbsent(shown, (name) -> new DestinationMeters(this.registries,
				this.tags.and("transport", name.transport(), "destination", name.name())));
	}

}
