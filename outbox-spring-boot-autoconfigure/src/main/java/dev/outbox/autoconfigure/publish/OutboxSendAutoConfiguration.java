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

package dev.outbox.autoconfigure.publish;

import java.time.Clock;

import dev.outbox.MessageSender;
import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.publish.OutboxRecordFactory;
import dev.outbox.publish.SendSettings;
import dev.outbox.publish.TransportMessageSender;
import dev.outbox.transport.OutboxTransport;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of what sends messages without the outbox. Needs a transport, and no
 * store.
 */
@AutoConfiguration(after = OutboxRecordAutoConfiguration.class)
@ConditionalOnOutboxEnabled
@ConditionalOnBean({ OutboxTransport.class, OutboxRecordFactory.class })
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxSendAutoConfiguration {

	/**
	 * A sender of the application does not replace those of several outboxes, which have
	 * contexts below that of the application.
	 */
	@Bean
	@ConditionalOnMissingBean(value = MessageSender.class, search = SearchStrategy.CURRENT)
	TransportMessageSender outboxMessageSender(ObjectProvider<OutboxTransport> transports, OutboxRecordFactory records,
			OutboxProperties properties) {
		OutboxProperties.MaxInFlight window = properties.send().maxInFlight();
		SendSettings settings = new SendSettings(properties.publishTimeout(), properties.shutdownTimeout(),
				window.events(), window.bytes().toBytes());
		return new TransportMessageSender(transports.orderedStream().toList(), records, settings, Clock.systemUTC());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(value = TransportMessageSender.class, search = SearchStrategy.CURRENT)
	OutboxSenderLifecycle outboxSenderLifecycle(TransportMessageSender sender, OutboxProperties properties) {
		return new OutboxSenderLifecycle(sender, properties.shutdownTimeout());
	}

}
