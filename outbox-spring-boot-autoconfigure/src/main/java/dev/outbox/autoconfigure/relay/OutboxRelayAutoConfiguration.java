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

import java.util.List;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.diagnostics.NoTransportException;
import dev.outbox.listener.OutboxListener;
import dev.outbox.listener.OutboxListeners;
import dev.outbox.observation.OutboxMetrics;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelaySettings;
import dev.outbox.relay.RoutePolicy;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TransportDecorator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the relay. Absent on an instance that only publishes
 * ({@code outbox.relay.enabled=false}).
 */
@AutoConfiguration(afterName = { "dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration",
		"dev.outbox.autoconfigure.store.mongo.OutboxMongoStoreAutoConfiguration",
		"dev.outbox.autoconfigure.transport.kafka.OutboxKafkaAutoConfiguration",
		"dev.outbox.autoconfigure.transport.rabbit.OutboxRabbitAutoConfiguration",
		"dev.outbox.autoconfigure.retry.OutboxRetryAutoConfiguration" })
@ConditionalOnOutboxEnabled
@ConditionalOnBooleanProperty(name = "outbox.relay.enabled", matchIfMissing = true)
@ConditionalOnBean({ RelayStore.class, LeaseStore.class, CommitSignals.class })
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxRelayAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(RoutePolicy.class)
	PropertiesRoutePolicy outboxRoutePolicy(OutboxProperties properties) {
		return new PropertiesRoutePolicy(properties);
	}

	@Bean
	@ConditionalOnMissingBean
	RelaySettings outboxRelaySettings(OutboxProperties properties, RoutePolicy routes, Environment environment) {
		OutboxProperties.Relay relay = properties.relay();
		return new RelaySettings(relay.partitions(), relay.batchSize(), relay.maxInFlight().events(),
				relay.maxInFlight().bytes().toBytes(), relay.lease(), relay.pollInterval(), relay.sweepInterval(),
				properties.publishTimeout(), relay.destinationPause(), relay.maxDestinationPause(), routes,
				InstanceName.of(relay.instanceName(), environment), properties.deadLetter().topic().name() != null);
	}

	@Bean
	@ConditionalOnMissingBean
	OutboxMetrics outboxMetrics() {
		return new OutboxMetrics();
	}

	@Bean
	@ConditionalOnMissingBean
	OutboxRelay outboxRelay(RelayStore store, LeaseStore leases, CommitSignals signals,
			ObjectProvider<OutboxTransport> transports, ObjectProvider<TransportDecorator> decorators,
			RetryPolicy retries, ObjectProvider<OutboxListener> listeners, RelaySettings settings) {
		List<OutboxTransport> all = transports.orderedStream()
			.map((transport) -> decorate(transport, decorators))
			.toList();
		if (all.isEmpty()) {
			throw new NoTransportException();
		}
		return new OutboxRelay(store, leases, signals, all, retries,
				new OutboxListeners(listeners.orderedStream().toList()), settings);
	}

	private static OutboxTransport decorate(OutboxTransport transport, ObjectProvider<TransportDecorator> decorators) {
		OutboxTransport decorated = transport;
		for (TransportDecorator decorator : decorators.orderedStream().toList()) {
			decorated = decorator.decorate(decorated);
		}
		return decorated;
	}

	@Bean
	@ConditionalOnMissingBean
	OutboxRelayLifecycle outboxRelayLifecycle(OutboxRelay relay, OutboxProperties properties) {
		return new OutboxRelayLifecycle(relay, properties.shutdownTimeout(), properties.relay().autoStartup());
	}

}
