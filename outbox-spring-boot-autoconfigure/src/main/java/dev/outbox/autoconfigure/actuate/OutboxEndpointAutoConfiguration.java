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

import dev.outbox.actuate.OperatedOutbox;
import dev.outbox.actuate.OperatedOutboxes;
import dev.outbox.actuate.OutboxAuditEndpoint;
import dev.outbox.actuate.OutboxDeadLettersEndpoint;
import dev.outbox.actuate.OutboxDoctorEndpoint;
import dev.outbox.actuate.OutboxEndpoint;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the endpoints. There is one of each, however many outboxes the
 * application has.
 */
@AutoConfiguration(after = OutboxOperationsAutoConfiguration.class,
		afterName = "dev.outbox.autoconfigure.instances.OutboxInstancesEndpointAutoConfiguration")
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@EnableConfigurationProperties(OutboxDeadLettersEndpointProperties.class)
public final class OutboxEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(OperatedOutbox.class)
	OperatedOutboxes outboxOperatedOutboxes(OperatedOutbox outbox) {
		return OperatedOutboxes.of(outbox);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(OperatedOutboxes.class)
	@ConditionalOnAvailableEndpoint
	OutboxEndpoint outboxEndpoint(OperatedOutboxes outboxes) {
		return new OutboxEndpoint(outboxes);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(OperatedOutboxes.class)
	@ConditionalOnAvailableEndpoint
	OutboxDeadLettersEndpoint outboxDeadLettersEndpoint(OperatedOutboxes outboxes,
			OutboxDeadLettersEndpointProperties properties) {
		return new OutboxDeadLettersEndpoint(outboxes,
				(security) -> properties.showPayloads().isShown(security, properties.roles()));
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(OperatedOutboxes.class)
	@ConditionalOnAvailableEndpoint
	OutboxAuditEndpoint outboxAuditEndpoint(OperatedOutboxes outboxes) {
		return new OutboxAuditEndpoint(outboxes);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(OperatedOutboxes.class)
	@ConditionalOnAvailableEndpoint
	OutboxDoctorEndpoint outboxDoctorEndpoint(OperatedOutboxes outboxes) {
		return new OutboxDoctorEndpoint(outboxes);
	}

}
