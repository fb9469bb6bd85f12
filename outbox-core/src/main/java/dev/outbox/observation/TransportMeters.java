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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * The meters of one transport that count, looked up once.
 */
final class TransportMeters {

	private static final String ACKNOWLEDGED = "acknowledged";

	private final Collection<MeterRegistry> registries;

	private final Builders builders;

	private final String transport;

	private final List<DistributionSummary> batchSize;

	private final List<Timer> acknowledged;

	private final Map<String, List<Timer>> failed = new ConcurrentHashMap<>();

	TransportMeters(Collection<MeterRegistry> registries, Builders builders, String transport) {
		this.registries = registries;
		this.builders = builders;
		this.transport = transport;
		this.batchSize = registries.stream()
			.map((registry) -> builders.summary(registry, OutboxMeterDocumentation.RELAY_BATCH_SIZE, transport))
			.toList();
		this.acknowledged = timers(ACKNOWLEDGED);
	}

	void sent(int events) {
		this.batchSize.forEach((summary) -> summary.record(events));
	}

	void answered(SendResult result, Duration took) {
		SendFailure failure = result.failure();
		List<Timer> timers = (failure == null) ? this.acknowledged
				: this.failed.computeIfAbsent(failure.kind().name().toLowerCase(Locale.ROOT), this::timers);
		timers.forEach((timer) -> timer.record(took));
	}

	private List<Timer> timers(String outcome) {
		return this.registries.stream()
			.map((registry) -> this.builders.timer(registry, OutboxMeterDocumentation.RELAY_PUBLISH, this.transport,
					outcome))
			.toList();
	}

}
