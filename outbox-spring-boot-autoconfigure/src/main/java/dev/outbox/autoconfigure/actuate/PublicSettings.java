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

import java.util.Map;
import java.util.TreeMap;

import dev.outbox.autoconfigure.OutboxProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * The settings that explain what the outbox does. A list of those that are shown, not of
 * those that are hidden: a new one is a secret until it is listed here.
 */
final class PublicSettings {

	private final Map<String, String> values = new TreeMap<>();

	PublicSettings(OutboxProperties properties, Environment environment) {
		OutboxProperties.Relay relay = properties.relay();
		put("outbox.transport", properties.transport());
		put("outbox.publish-timeout", properties.publishTimeout());
		put("outbox.relay.enabled", relay.enabled());
		put("outbox.relay.partitions", relay.partitions());
		put("outbox.relay.batch-size", relay.batchSize());
		put("outbox.relay.lease", relay.lease());
		put("outbox.relay.poll-interval", relay.pollInterval());
		put("outbox.relay.ordering", relay.ordering());
		put("outbox.relay.on-dead-letter", relay.onDeadLetter());
		put("outbox.relay.max-in-flight.events", relay.maxInFlight().events());
		put("outbox.relay.max-in-flight.bytes", relay.maxInFlight().bytes());
		put("outbox.store.type", properties.store().type());
		put("outbox.schema.mode", properties.schema().mode());
		put("outbox.published.mode", properties.published().mode());
		put("outbox.dead-letter.retention", properties.deadLetter().retention());
		put("outbox.write.max-payload-size", properties.write().maxPayloadSize());
		put("outbox.topology.mode", properties.topology().mode());
		put("outbox.metrics.interval", properties.metrics().interval());
		put("spring.application.name", environment.getProperty("spring.application.name"));
	}

	private void put(String name, @Nullable Object value) {
		if (value != null) {
			this.values.put(name, value.toString());
		}
	}

	Map<String, String> values() {
		return this.values;
	}

}
