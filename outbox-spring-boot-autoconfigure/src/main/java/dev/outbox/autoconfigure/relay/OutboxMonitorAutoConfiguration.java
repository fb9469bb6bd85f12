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

package dev.outbox.autoconfigure.relay;

import java.time.Duration;
import java.util.Set;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.ClusterBacklog;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.relay.WholeBacklog;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.SharedBacklogStore;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Auto-configuration of what measures the backlog, if there are meters or health to show
 * it.
 */
@AutoConfiguration(afterName = { "dev.outbox.autoconfigure.relay.OutboxRelayAutoConfiguration",
		"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
		"org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration" })
@ConditionalOnOutboxEnabled
@ConditionalOnBean(BacklogStore.class)
@Conditional(OutboxMonitorAutoConfiguration.IsObserved.class)
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxMonitorAutoConfiguration {

	private static final int BLIND_INTERVALS = 6;

	@Bean(initMethod = "start", destroyMethod = "close")
	@ConditionalOnMissingBean
	BacklogMonitor outboxBacklogMonitor(BacklogStore store, ObjectProvider<SharedBacklogStore> shared,
			ObjectProvider<OutboxRelay> relay, OutboxProperties properties) {
		int partitions = properties.relay().partitions();
		// Not in the monitor's thread, which must not wait for the start of the
		// application.
		OutboxRelay running = relay.getIfAvailable();
		Duration interval = properties.metrics().interval();
		BacklogStore whole = new WholeBacklog(store,
				() -> (running != null) ? running.status().lanes().keySet() : Set.of(),
				interval.multipliedBy(BLIND_INTERVALS));
		SharedBacklogStore others = shared.getIfAvailable();
		return new BacklogMonitor((others != null) ? new ClusterBacklog(whole, others, interval) : whole,
				() -> lowestSeq(running, partitions), interval);
	}

	/**
	 * The relay knows where the oldest event of its transports is only if no other
	 * instance has a part of them.
	 */
	private static long lowestSeq(@Nullable OutboxRelay relay, int partitions) {
		if (relay == null) {
			return 0;
		}
		long lowest = Long.MAX_VALUE;
		for (LaneStatus lane : relay.status().lanes().values()) {
			lowest = (lane.partitions().size() == partitions) ? Math.min(lowest, lane.lowestSeq()) : 0;
		}
		return (lowest == Long.MAX_VALUE) ? 0 : lowest;
	}

	/**
	 * Whether there is anybody to ask for the backlog.
	 */
	static final class IsObserved extends AnyNestedCondition {

		IsObserved() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(type = "io.micrometer.core.instrument.MeterRegistry")
		static final class Metrics {

		}

		@ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
		static final class Health {

		}

	}

}
