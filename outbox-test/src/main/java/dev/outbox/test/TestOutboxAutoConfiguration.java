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

package dev.outbox.test;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.outbox.listener.OutboxListener;
import dev.outbox.listener.OutboxListeners;
import dev.outbox.payload.EventTypes;
import dev.outbox.relay.RelaySettings;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.EventStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.transport.OutboxTransport;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of what {@link AutoConfigureTestOutbox} describes.
 */
@AutoConfiguration(
		afterName = { "dev.outbox.autoconfigure.transport.kafka.OutboxKafkaAutoConfiguration",
				"dev.outbox.autoconfigure.transport.rabbit.OutboxRabbitAutoConfiguration" },
		beforeName = { "dev.outbox.autoconfigure.publish.OutboxRecordAutoConfiguration",
				"dev.outbox.autoconfigure.relay.OutboxRelayAutoConfiguration" })
public final class TestOutboxAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static StepMemory outboxStepMemory() {
		return new StepMemory();
	}

	/**
	 * Before anybody has seen the real ones.
	 */
	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static BeanPostProcessor outboxTestReplacements(StepMemory memory) {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String name) {
				if (bean instanceof EventStore store) {
					return new TestEventStore(store, memory);
				}
				if (bean instanceof OutboxTransport transport && !(bean instanceof InMemoryTransport)) {
					return InMemoryTransport.insteadOf(transport);
				}
				return bean;
			}

		};
	}

	/**
	 * A clock of the application stays the one that is injected by its type.
	 */
	@Bean
	@Fallback
	@ConditionalOnMissingBean(name = "outboxClock")
	TestClock outboxClock() {
		return new TestClock();
	}

	/**
	 * Where no broker is on the class path, or none in this slice.
	 */
	@Bean
	@ConditionalOnMissingBean(OutboxTransport.class)
	InMemoryTransport outboxInMemoryTransport(Environment environment) {
		return new InMemoryTransport(environment.getProperty("outbox.transport", "memory"));
	}

	@Bean
	PublishedEvents outboxPublishedEvents(ObjectProvider<EventTypes> types) {
		return new PublishedEvents(types.getIfAvailable(EventTypes::new));
	}

	@Bean
	StepRelay outboxStepRelay(RelayStore store, LeaseStore leases, ObjectProvider<OutboxTransport> transports,
			RetryPolicy retries, ObjectProvider<OutboxListener> listeners, RelaySettings settings,
			DeadLetterStore letters, HoldStore holds, ObjectProvider<TestClock> clock, StepMemory memory) {
		Map<String, OutboxTransport> named = new LinkedHashMap<>();
		transports.orderedStream().forEach((transport) -> named.put(transport.name(), transport));
		StepRelay.Parts parts = new StepRelay.Parts(store, leases, named, retries,
				new OutboxListeners(listeners.orderedStream().toList()), settings, letters, holds);
		return new StepRelay(parts, clock.getIfAvailable(TestClock::new), memory);
	}

}
