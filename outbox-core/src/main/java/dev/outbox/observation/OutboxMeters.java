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
import java.util.function.Supplier;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.listener.OutboxListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * The meters of the outbox: {@link OutboxMeterDocumentation}. Tags are bounded:
 * transport, destination and kind of failure, never an id or a key. Destinations beyond
 * the first 100 share the tag value {@code other}. A gauge whose value is not known shows
 * NaN, not 0.
 */
public final class OutboxMeters implements OutboxListener, MeterBinder {

	private final Builders builders;

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	private final DestinationNames names = new DestinationNames();

	private final Gauges gauges;

	private final Map<Destination, DestinationMeters> destinations = new ConcurrentHashMap<>();

	private final Map<String, TransportMeters> transports = new ConcurrentHashMap<>();

	/**
	 * Creates the meters.
	 * @param readings returns the last measurement of the backlog, without taking one
	 * @param tags tags of all meters
	 */
	public OutboxMeters(Supplier<OutboxReading> readings, Tags tags) {
		this.builders = new Builders(tags);
		this.gauges = new Gauges(readings, this.builders, this.names);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.gauges.bindTo(registry);
		this.registries.add(registry);
		this.destinations.clear();
		this.transports.clear();
	}

	/**
	 * Shows what has come up since the last call: destinations and transports that were
	 * not there before.
	 */
	public void refresh() {
		this.gauges.refresh(this.registries);
	}

	@Override
	public void onSend(String transport, int events) {
		meters(transport).sent(events);
	}

	@Override
	public void onAnswered(OutboxRecord event, SendResult result, Duration took) {
		meters(event.destination().transport()).answered(result, took);
		SendFailure failure = result.failure();
		if (failure != null) {
			meters(event.destination()).failed(failure.kind());
		}
	}

	@Override
	public void onPublished(OutboxRecord event, SendResult result) {
		Duration lag = Duration.between(event.createdAt(), result.completedAt());
		meters(event.destination()).published(lag.isNegative() ? Duration.ZERO : lag);
	}

	@Override
	public void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
		meters(event.destination()).retry();
	}

	@Override
	public void onDead(OutboxRecord event, String error, int attempts) {
		meters(event.destination()).dead();
	}

	@Override
	public void onOwnershipChanged(String transport, Set<Integer> partitions) {
		this.gauges.owned(transport, partitions.size(), this.registries);
	}

	private TransportMeters meters(String transport) {
		TransportMeters known = this.transports.get(transport);
		return (known != null) ? known : this.transports.computeIfAbsent(transport,
				(name) -> new TransportMeters(this.registries, this.builders, name));
	}

	private DestinationMeters meters(Destination destination) {
		DestinationMeters known = this.destinations.get(destination);
		return (known != null) ? known : this.destinations.computeIfAbsent(this.names.shown(destination),
				(shown) -> new DestinationMeters(this.registries, this.builders, shown));
	}

}
