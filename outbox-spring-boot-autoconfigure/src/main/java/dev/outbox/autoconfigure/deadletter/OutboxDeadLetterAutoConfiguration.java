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

package dev.outbox.autoconfigure.deadletter;

import java.time.Clock;
import java.util.List;
import java.util.Objects;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.DeadLetterTopic;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.autoconfigure.Wakening;
import dev.outbox.deadletter.BulkChanges;
import dev.outbox.deadletter.DeadLetterForwarder;
import dev.outbox.deadletter.DeadLetters;
import dev.outbox.deadletter.ForwardSettings;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.listener.OutboxListener;
import dev.outbox.listener.OutboxListeners;
import dev.outbox.publish.IdGenerator;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.WakeUp;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TransportCapabilities;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of what operators do with dead letters.
 */
@AutoConfiguration(afterName = { "dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration",
		"dev.outbox.autoconfigure.store.mongo.OutboxMongoStoreAutoConfiguration",
		"dev.outbox.autoconfigure.relay.OutboxRelayAutoConfiguration" })
@ConditionalOnOutboxEnabled
@ConditionalOnBean(DeadLetterStore.class)
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxDeadLetterAutoConfiguration {

	/**
	 * An application with a repository of the same name must not lose it.
	 */
	@Bean
	@ConditionalOnMissingBean
	DeadLetters outboxDeadLetterAdministration(DeadLetterStore store, ObjectProvider<WakeUp> relay,
			ObjectProvider<CommitSignals> signals, ObjectProvider<OutboxTransport> transports,
			OutboxProperties properties) {
		// Not before it is needed: the relay has listeners, which may want to act on dead
		// letters.
		return new DeadLetters(store, (events) -> Wakening.of(relay, signals).wakeUp().committed(events),
				IdGenerator.uuidV7()::next, properties.write().maxPayloadSize().toBytes(),
				transports.orderedStream().map(TransportCapabilities::of).toList());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnProperty("outbox.dead-letter.topic.name")
	@ConditionalOnBean({ ForwardStore.class, OutboxRelay.class })
	DeadLetterForwarder outboxDeadLetterForwarder(ForwardStore store, ObjectProvider<OutboxTransport> transports,
			ObjectProvider<OutboxListener> listeners, OutboxProperties properties) {
		DeadLetterTopic topic = properties.deadLetter().topic();
		List<OutboxTransport> all = transports.orderedStream().toList();
		List<String> names = all.stream().map(OutboxTransport::name).toList();
		if (topic.transport() != null && !names.contains(topic.transport())) {
			throw new InvalidOutboxPropertyException("outbox.dead-letter.topic.transport", topic.transport(),
					"be one of " + names);
		}
		ForwardSettings settings = new ForwardSettings(Objects.requireNonNull(topic.name()), topic.transport(),
				topic.maxRetries(), topic.interval(), topic.ttl(), properties.publishTimeout());
		return new DeadLetterForwarder(store, all, settings, new OutboxListeners(listeners.orderedStream().toList()),
				Clock.systemUTC());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(DeadLetterForwarder.class)
	DeadLetterForwarderLifecycle outboxDeadLetterForwarderLifecycle(DeadLetterForwarder forwarder,
			OutboxProperties properties) {
		return new DeadLetterForwarderLifecycle(forwarder, properties.relay().autoStartup());
	}

	@Bean
	@ConditionalOnMissingBean
	BulkChanges outboxBulkChanges(DeadLetters letters) {
		return new BulkChanges(letters, Clock.systemUTC());
	}

}
