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

import dev.outbox.FailureKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The meters of one destination, looked up once.
 */
final class DestinationMeters {

	private final List<Counter> published;

	private final List<Counter> dead;

	private final List<Timer> lag;

	private final Map<FailureKind, List<Counter>> failed = new EnumMap<>(FailureKind.class);

	DestinationMeters(Collection<MeterRegistry> registries, Tags tags) {
		this.published = each(registries,
				(registry) -> Counter.builder("outbox.published")
					.description("Events that the broker has acknowledged")
					.tags(tags)
					.register(registry));
		this.dead = each(registries,
				(registry) -> Counter.builder("outbox.dead")
					.description("Events that have become dead letters")
					.tags(tags)
					.register(registry));
		this.lag = each(registries,
				(registry) -> Timer.builder("outbox.delivery.lag")
					.description("Time from the event to the broker's acknowledgement")
					.tags(tags)
					.register(registry));
		for (FailureKind kind : FailureKind.values()) {
			Tags kindTags = tags.and("kind", kind.name().toLowerCase(Locale.ROOT));
			this.failed.put(kind,
					each(registries,
							(registry) -> Counter.builder("outbox.failed")
								.description("Attempts that have failed")
								.tags(kindTags)
								.register(registry)));
		}
	}

	void published(Duration lag) {
		this.published.forEach(Counter::increment);
		this.lag.forEach((timer) -> timer.record(lag));
	}

	void failed(FailureKind kind) {
		this.failed.getOrDefault(kind, List.of()).forEach(Counter::increment);
	}

	void dead() {
		this.dead.forEach(Counter::increment);
	}

	private static <T> List<T> each(Collection<MeterRegistry> registries, Function<MeterRegistry, T> register) {
		return registries.stream().map(register).toList();
	}

}
