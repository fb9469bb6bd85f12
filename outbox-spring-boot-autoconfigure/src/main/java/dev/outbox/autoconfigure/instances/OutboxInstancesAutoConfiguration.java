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

import dev.outbox.autoconfigure.relay.RelayPhase;
import dev.outbox.autoconfigure.store.TransactionGuardRegistrar;
import dev.outbox.observation.OutboxMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration of several outboxes. Each is a context of its own, configured like
 * that of an application with a single one.
 */
@AutoConfiguration(afterName = { "dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration",
		"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
		"org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration" })
@Conditional(OnOutboxInstances.class)
@Import(OutboxInstancesRegistrar.class)
public final class OutboxInstancesAutoConfiguration {

	static final String INSTANCES = "outboxInstances";

	@Bean(INSTANCES)
	OutboxInstances outboxInstances(ConfigurableApplicationContext context) {
		return new OutboxInstances(context, RelayPhase.PHASE);
	}

	@Bean
	static TransactionGuardRegistrar outboxInstancesTransactions(ObjectProvider<OutboxInstances> instances) {
		return new TransactionGuardRegistrar(
				(manager) -> instances.getObject().all().stream().map(OutboxInstance::transactions).toList());
	}

	/**
	 * The meters of each outbox, with its name as a tag.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	@ConditionalOnBean(MeterRegistry.class)
	static class MeterConfiguration {

		@Bean
		MeterBinder outboxInstancesMeters(OutboxInstances instances) {
			return (registry) -> instances.all()
				.forEach((instance) -> instance.find(OutboxMeters.class).ifPresent((own) -> own.bindTo(registry)));
		}

	}

}
