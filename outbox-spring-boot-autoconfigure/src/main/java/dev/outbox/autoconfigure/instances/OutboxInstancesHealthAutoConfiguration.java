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

package dev.outbox.autoconfigure.instances;

import java.util.Map;
import java.util.TreeMap;

import dev.outbox.actuate.OutboxHealthIndicator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Auto-configuration of the health of several outboxes.
 */
@AutoConfiguration(after = OutboxInstancesAutoConfiguration.class,
		beforeName = "org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration")
@Conditional(OnOutboxInstances.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnEnabledHealthIndicator("outbox")
public final class OutboxInstancesHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "outboxHealthIndicator", "outboxHealthContributor" })
	HealthContributor outboxHealthContributor(OutboxInstances instances) {
		Map<String, HealthContributor> contributors = new TreeMap<>();
		instances.names()
			.forEach((name) -> instances.of(name)
				.find(OutboxHealthIndicator.class)
				.ifPresent((indicator) -> contributors.put(name, indicator)));
		return CompositeHealthContributor.fromMap(contributors);
	}

}
