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
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;

/**
 * Builds meters as they are documented.
 *
 * @param common tags of all meters
 */
record Builders(Tags common) {

	private static final Duration[] BUCKETS = { Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
			Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1),
			Duration.ofMillis(2500), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofMinutes(1),
			Duration.ofMinutes(5) };

	Counter counter(MeterRegistry registry, OutboxMeterDocumentation meter, String... tags) {
		return Counter.builder(meter.getName())
			.description(meter.description())
			.tags(meter.tags(this.common, tags))
			.register(registry);
	}

	Timer timer(MeterRegistry registry, OutboxMeterDocumentation meter, String... tags) {
		return timer(meter, tags).register(registry);
	}

	Timer histogram(MeterRegistry registry, OutboxMeterDocumentation meter, String... tags) {
		return timer(meter, tags).serviceLevelObjectives(BUCKETS).register(registry);
	}

	private Timer.Builder timer(OutboxMeterDocumentation meter, String... tags) {
		return Timer.builder(meter.getName()).description(meter.description()).tags(meter.tags(this.common, tags));
	}

	DistributionSummary summary(MeterRegistry registry, OutboxMeterDocumentation meter, String... tags) {
		return DistributionSummary.builder(meter.getName())
			.description(meter.description())
			.tags(meter.tags(this.common, tags))
			.register(registry);
	}

	/**
	 * Registers a gauge, of time if the meter has a unit. The registry keeps the supplier
	 * alive.
	 */
	void gauge(MeterRegistry registry, OutboxMeterDocumentation meter, DoubleSupplier value, String... tags) {
		Tags all = meter.tags(this.common, tags);
		if (meter.getBaseUnit() != null) {
			TimeGauge.builder(meter.getName(), value, TimeUnit.SECONDS, DoubleSupplier::getAsDouble)
				.description(meter.description())
				.tags(all)
				.strongReference(true)
				.register(registry);
			return;
		}
		Gauge.builder(meter.getName(), value, DoubleSupplier::getAsDouble)
			.description(meter.description())
			.tags(all)
			.strongReference(true)
			.register(registry);
	}

	/**
	 * Registers a counter that somebody else counts, who must be kept alive.
	 */
	void counter(MeterRegistry registry, OutboxMeterDocumentation meter, DoubleSupplier value, String... tags) {
		FunctionCounter.builder(meter.getName(), Objects.requireNonNull(value), DoubleSupplier::getAsDouble)
			.description(meter.description())
			.tags(meter.tags(this.common, tags))
			.register(registry);
	}

}
