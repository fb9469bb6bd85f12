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

package dev.outbox.autoconfigure.topology;

import java.time.Duration;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.payload.EventTypes;
import dev.outbox.publish.DeclaredRoutes;
import dev.outbox.publish.WriteSettings;
import dev.outbox.topology.Topology;
import dev.outbox.transport.TopologyManager;
import dev.outbox.transport.kafka.KafkaTopicReader;
import dev.outbox.transport.kafka.KafkaTopology;
import dev.outbox.transport.rabbit.RabbitTopicReader;
import dev.outbox.transport.rabbit.RabbitTopology;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Auto-configuration of destinations that event classes declare: they are read on any
 * class path, and created or compared where there is a client of the broker.
 */
@AutoConfiguration(afterName = { "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
		"org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration",
		"org.springframework.boot.rabbitmq.autoconfigure.RabbitAutoConfiguration" })
@ConditionalOnOutboxEnabled
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxTopologyAutoConfiguration {

	private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

	@Bean
	@ConditionalOnMissingBean
	KafkaTopicReader outboxKafkaTopicReader() {
		return new KafkaTopicReader();
	}

	@Bean
	@ConditionalOnMissingBean
	RabbitTopicReader outboxRabbitTopicReader() {
		return new RabbitTopicReader();
	}

	@Bean
	@ConditionalOnMissingBean
	Topology outboxTopology(OutboxProperties properties, ObjectProvider<TopologyManager> managers,
			ObjectProvider<WriteSettings> settings, ObjectProvider<EventTypes> types) {
		return new Topology(properties.topology().mode(), managers.orderedStream().toList(),
				(eventClass, transport) -> isUsed(eventClass, transport, settings, types), FIRST_PAUSE);
	}

	/**
	 * Without settings nothing is published here, as in an application that only
	 * consumes.
	 */
	private static boolean isUsed(Class<?> eventClass, String transport, ObjectProvider<WriteSettings> settings,
			ObjectProvider<EventTypes> types) {
		WriteSettings known = settings.getIfAvailable();
		return known == null
				|| new DeclaredRoutes(known, types.getIfAvailable(EventTypes::new)).isUsed(eventClass, transport);
	}

	@Bean
	@ConditionalOnMissingBean
	TopologyLifecycle outboxTopologyLifecycle(Topology topology, ObjectProvider<TopologyManager> managers,
			ObjectProvider<EventTypes> types, OutboxProperties properties, ApplicationContext context) {
		return new TopologyLifecycle(topology,
				new DeclaringClasses(properties.topology(), managers.orderedStream().toList(), types, context));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ProducerFactory.class, KafkaAdmin.class })
	static class Kafka {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnSingleCandidate(ProducerFactory.class)
		KafkaTopology outboxKafkaTopology(ProducerFactory<?, ?> producerFactory, ObjectProvider<KafkaAdmin> admin) {
			return KafkaTopology.of(producerFactory, admin.getIfUnique());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ConnectionFactory.class, com.rabbitmq.client.ConnectionFactory.class })
	static class Rabbit {

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnSingleCandidate(ConnectionFactory.class)
		RabbitTopology outboxRabbitTopology(ConnectionFactory connectionFactory) {
			return new RabbitTopology(connectionFactory);
		}

	}

}
