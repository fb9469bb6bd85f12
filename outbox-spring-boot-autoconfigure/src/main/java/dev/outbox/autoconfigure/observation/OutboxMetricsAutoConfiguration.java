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

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxInstanceNames;
import dev.outbox.observation.OutboxMeters;
import dev.outbox.observation.OutboxReading;
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.store.Backlog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the meters.
 */
@AutoConfiguration(afterName = {
		"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
		"org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration",
		"dev.outbox.autoconfigure.relay.OutboxMonitorAutoConfiguration" })
@ConditionalOnOutboxEnabled
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, BacklogMonitor.class })
public final class OutboxMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	OutboxMeters outboxMeters(ObjectProvider<BacklogMonitor> monitor, ObjectProvider<OutboxRelay> relay,
			Environment environment) {
		String name = environment.getProperty(OutboxInstanceNames.CURRENT);
		return new OutboxMeters(() -> read(monitor.getObject().latest().backlog(), relay.getIfAvailable()),
				(name != null) ? Tags.of("outbox", name) : Tags.empty());
	}

	private static OutboxReading read(@Nullable Backlog backlog, @Nullable OutboxRelay relay) {
		long rescued = 0;
		if (relay != null) {
			for (LaneStatus lane : relay.status().lanes().values()) {
				rescued += lane.rescued();
			}
		}
		return new OutboxReading((backlog != null)
				? new OutboxReading.Counts(backlog.waiting(), backlog.scheduled(), backlog.dead(), backlog.oldest())
				: null, rescued);
	}

}
