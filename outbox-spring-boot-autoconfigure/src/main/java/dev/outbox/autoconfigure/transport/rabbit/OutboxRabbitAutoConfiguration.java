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

package dev.outbox.autoconfigure.transport.rabbit;

import java.time.Clock;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.transport.rabbit.RabbitTopology;
import dev.outbox.transport.rabbit.RabbitTransport;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the RabbitMQ transport, which takes its connection from the
 * application's connection factory.
 */
@AutoConfiguration(afterName = { "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration",
		"org.springframework.boot.rabbitmq.autoconfigure.RabbitAutoConfiguration" })
@ConditionalOnOutboxEnabled
@ConditionalOnClass({ ConnectionFactory.class, com.rabbitmq.client.ConnectionFactory.class })
@ConditionalOnSingleCandidate(ConnectionFactory.class)
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxRabbitAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	RabbitTransport outboxRabbitTransport(ConnectionFactory connectionFactory, OutboxProperties properties,
			ObjectProvider<RabbitTopology> declared, Environment environment) {
		ConfirmSettings.check(environment, properties.transport());
		return new RabbitTransport(connectionFactory, properties.publishTimeout(), properties.topology().mode(),
				properties.rabbit().exchange(), declared.getIfUnique(), Clock.systemUTC());
	}

}
