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
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * The meters of one destination that count, looked up once.
 */
final class DestinationMeters {

	private final List<Counter> published;

	private final List<Counter> retries;

	private final List<Counter> dead;

	private final List<Timer> lag;

	private final Map<FailureKind, List<Counter>> failed = new EnumMap<>(FailureKind.class);

	DestinationMeters(Collection<MeterRegistry> registries, Builders builders, Destination destination) {
		String transport = destination.transport();
		String name = destination.name();
		this.published = each(registries,
				(registry) -> builders.counter(registry, OutboxMeterDocumentation.PUBLISHED, transport, name));
		this.retries = each(registries,
				(registry) -> builders.counter(registry, OutboxMeterDocumentation.RETRIES, transport, name));
		this.dead = each(registries,
				(registry) -> builders.counter(registry, OutboxMeterDocumentation.DEAD, transport, name));
		this.lag = each(registries,
				(registry) -> builders.histogram(registry, OutboxMeterDocumentation.DELIVERY_LAG, transport, name));
		for (FailureKind kind : FailureKind.values()) {
			this.failed.put(kind, each(registries, (registry) -> builders.counter(registry,
					OutboxMeterDocumentation.FAILED, transport, name, kind.name().toLowerCase(Locale.ROOT))));
		}
	}

	void published(Duration lag) {
		this.published.forEach(Counter::increment);
		this.lag.forEach((timer) -> timer.record(lag));
	}

	void failed(FailureKind kind) {
		this.failed.getOrDefault(kind, List.of()).forEach(Counter::increment);
	}

	void retry() {
		this.retries.forEach(Counter::increment);
	}

	void dead() {
		this.dead.forEach(Counter::increment);
	}

	private static <T> List<T> each(Collection<MeterRegistry> registries, Function<MeterRegistry, T> register) {
		return registries.stream().map(register).toList();
	}

}
