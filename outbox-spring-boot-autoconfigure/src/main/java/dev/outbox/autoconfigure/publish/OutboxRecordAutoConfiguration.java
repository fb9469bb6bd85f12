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
import java.util.Map;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.listener.TraceContext;
import dev.outbox.payload.EventTypes;
import dev.outbox.payload.PayloadSerializer;
import dev.outbox.publish.DestinationSettings;
import dev.outbox.publish.IdGenerator;
import dev.outbox.publish.OutboxRecordFactory;
import dev.outbox.publish.OutboxRouting;
import dev.outbox.publish.TopicNames;
import dev.outbox.publish.WriteSettings;
import dev.outbox.topology.Topology;
import dev.outbox.transport.DestinationReader;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TransportCapabilities;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of what names, routes and serializes events, for those that are
 * stored and those that are sent at once.
 */
@AutoConfiguration(afterName = { "dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration",
		"dev.outbox.autoconfigure.store.mongo.OutboxMongoStoreAutoConfiguration",
		"dev.outbox.autoconfigure.transport.kafka.OutboxKafkaAutoConfiguration",
		"dev.outbox.autoconfigure.transport.rabbit.OutboxRabbitAutoConfiguration",
		"dev.outbox.autoconfigure.observation.OutboxTraceAutoConfiguration",
		"dev.outbox.autoconfigure.topology.OutboxTopologyAutoConfiguration",
		"org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration" })
@ConditionalOnOutboxEnabled
@Conditional(OnStoreOrTransport.class)
@EnableConfigurationProperties(OutboxProperties.class)
@Import(PayloadConfigurations.class)
public final class OutboxRecordAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	EventTypes outboxEventTypes() {
		return new EventTypes();
	}

	@Bean
	@ConditionalOnMissingBean
	OutboxRouting outboxRouting() {
		return OutboxRouting.none();
	}

	@Bean
	@ConditionalOnMissingBean
	IdGenerator outboxIdGenerator() {
		return IdGenerator.uuidV7();
	}

	@Bean
	@ConditionalOnMissingBean
	TopicNames outboxTopicNames(OutboxProperties properties) {
		return WriteSettingsFactory.topicNames(properties.topics());
	}

	@Bean
	@ConditionalOnMissingBean
	WriteSettings outboxWriteSettings(OutboxProperties properties, ObjectProvider<OutboxTransport> transports,
			ObjectProvider<DestinationReader> readers, TopicNames names, ObjectProvider<Topology> topology,
			Environment environment) {
		DestinationSettings destinations = new DestinationSettings(readers.orderedStream().toList(), names,
				(eventClass) -> topology.ifAvailable((available) -> available.discovered(eventClass)));
		return WriteSettingsFactory.create(properties,
				transports.orderedStream().map(TransportCapabilities::of).toList(), destinations, environment);
	}

	/**
	 * A clock of the application is not meant, unless it has the name of ours: it may
	 * stand still.
	 */
	@Bean
	@ConditionalOnMissingBean
	OutboxRecordFactory outboxRecordFactory(EventTypes types, OutboxRouting routing, PayloadSerializer serializer,
			WriteSettings settings, ObjectProvider<TraceContext> trace, IdGenerator ids,
			@Qualifier("outboxClock") ObjectProvider<Clock> clock) {
		return new OutboxRecordFactory(types, routing, serializer, settings,
				trace.getIfAvailable(() -> (eventType, destination) -> Map.of()), ids,
				clock.getIfAvailable(Clock::systemUTC));
	}

}
