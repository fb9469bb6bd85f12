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

package dev.outbox.autoconfigure.listener;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.listener.DeadLetterAlert;
import dev.outbox.listener.DeadLetterAlerts;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of those who are told what happens.
 */
@AutoConfiguration
@ConditionalOnOutboxEnabled
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxListenerAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(DeadLetterAlert.class)
	DeadLetterAlerts outboxDeadLetterAlerts(ObjectProvider<DeadLetterAlert> alerts) {
		return new DeadLetterAlerts(() -> alerts.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	ApplicationEventListener outboxApplicationEventListener(ApplicationEventPublisher publisher,
			OutboxProperties properties) {
		return new ApplicationEventListener(publisher, properties.applicationEvents());
	}

}
