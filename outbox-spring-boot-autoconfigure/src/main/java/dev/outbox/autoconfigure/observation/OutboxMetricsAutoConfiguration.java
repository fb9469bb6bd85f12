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
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.OutboxRelay;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.util.function.SingletonSupplier;

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

	/**
	 * Asks for the relay and the monitor only when they are there: the relay needs its
	 * listeners first.
	 */
	@Bean
	@ConditionalOnMissingBean
	OutboxMeters outboxMeters(ObjectProvider<BacklogMonitor> monitor, ObjectProvider<OutboxRelay> relay,
			Environment environment) {
		String name = environment.getProperty(OutboxInstanceNames.CURRENT);
		SingletonSupplier<RelayReadings> readings = SingletonSupplier
			.of(() -> new RelayReadings(monitor.getObject(), relay.getIfAvailable()));
		return new OutboxMeters(() -> readings.obtain().get(), (name != null) ? Tags.of("outbox", name) : Tags.empty());
	}

	@Bean
	SmartInitializingSingleton outboxMetersRefresh(OutboxMeters meters, BacklogMonitor monitor) {
		return () -> {
			monitor.afterEach(meters::refresh);
			meters.refresh();
		};
	}

}
