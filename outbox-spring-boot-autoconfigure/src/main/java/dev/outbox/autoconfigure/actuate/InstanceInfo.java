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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.outbox.relay.OutboxRelay;
import dev.outbox.store.EventStore;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jpa.JpaEventStore;
import dev.outbox.store.mongo.MongoEventStore;
import dev.outbox.transport.OutboxTransport;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Of what an outbox consists.
 */
final class InstanceInfo {

	private final ObjectProvider<EventStore> store;

	private final ObjectProvider<JdbcDialect> dialect;

	private final ObjectProvider<OutboxTransport> transports;

	private final ObjectProvider<OutboxRelay> relay;

	InstanceInfo(ObjectProvider<EventStore> store, ObjectProvider<JdbcDialect> dialect,
			ObjectProvider<OutboxTransport> transports, ObjectProvider<OutboxRelay> relay) {
		this.store = store;
		this.dialect = dialect;
		this.transports = transports;
		this.relay = relay;
	}

	Map<String, Object> details() {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("version", version());
		details.put("store", store(this.store.getObject()));
		details.put("transports", this.transports.orderedStream().map(OutboxTransport::name).toList());
		details.put("relay", this.relay.getIfAvailable() != null);
		return details;
	}

	private Map<String, Object> store(EventStore store) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("type", type(store));
		this.dialect.ifAvailable((dialect) -> details.put("database", dialect.name()));
		return details;
	}

	private static String type(EventStore store) {
		if (store instanceof JpaEventStore) {
			return "jpa";
		}
		if (store instanceof JdbcEventStore) {
			return "jdbc";
		}
		return (store instanceof MongoEventStore) ? "mongodb" : "custom";
	}

	/**
	 * Classes that are not in a jar have no version.
	 */
	private static String version() {
		return Objects.requireNonNullElse(OutboxRelay.class.getPackage().getImplementationVersion(), "unknown");
	}

}
