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

package dev.outbox.autoconfigure.actuate;

import java.time.Duration;

import dev.outbox.actuate.HealthSettings;
import dev.outbox.actuate.OutboxHealthIndicator;
import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.HealthProperties;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.observation.OutboxMetrics;
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.OutboxRelay;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the health indicator.
 */
@AutoConfiguration(afterName = "dev.outbox.autoconfigure.relay.OutboxMonitorAutoConfiguration",
		beforeName = "org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration")
@ConditionalOnOutboxEnabled
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(BacklogMonitor.class)
@ConditionalOnEnabledHealthIndicator("outbox")
public final class OutboxHealthContributorAutoConfiguration {

	private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(60);

	@Bean
	@ConditionalOnMissingBean(name = { "outboxHealthIndicator", "outboxHealthContributor" },
			search = SearchStrategy.CURRENT)
	OutboxHealthIndicator outboxHealthIndicator(BacklogMonitor monitor, ObjectProvider<OutboxRelay> relay,
			ObjectProvider<OutboxMetrics> metrics, OutboxProperties properties) {
		Duration silence = properties.relay().lease().multipliedBy(3);
		HealthProperties health = properties.health();
		OutboxMetrics counted = metrics.getIfAvailable(OutboxMetrics::new);
		return new OutboxHealthIndicator(monitor, relay.getIfAvailable(), counted::published,
				new HealthSettings(atLeast(silence), health.destinationDown(), health.maxOldestAge(), health.tooLate(),
						health.notDrainingAfter(), health.stalled()));
	}

	private static Duration atLeast(Duration silence) {
		return (silence.compareTo(SHORTEST_SILENCE) > 0) ? silence : SHORTEST_SILENCE;
	}

}
