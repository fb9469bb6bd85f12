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

package dev.outbox.autoconfigure.store.mongo;

import java.util.Locale;
import java.util.Map;

import dev.outbox.autoconfigure.DatabaseType;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.relay.Ordering;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * What of the properties cannot be where the outbox is in MongoDB: nothing that is set is
 * ignored.
 */
final class MongoSettings {

	/**
	 * How many of the largest events the archive must have room for.
	 */
	private static final int LEAST_IN_ARCHIVE = 4;

	private MongoSettings() {
	}

	static void check(OutboxProperties properties) {
		OutboxProperties.Store store = properties.store();
		OutboxProperties.RelayDataSource connections = properties.relay().datasource();
		refuse("outbox.store.schema", store.schema(), "databases of MongoDB have none");
		refuse("outbox.store.database", (store.database() != DatabaseType.AUTO) ? store.database() : null,
				"it names a relational database");
		String client = "the relay's client is made of spring.mongodb.*";
		refuse("outbox.relay.datasource.url", connections.url(), client);
		refuse("outbox.relay.datasource.username", connections.username(), client);
		refuse("outbox.relay.datasource.password", (connections.password() != null) ? "******" : null, client);
		refuse("outbox.relay.datasource.driver-class-name", connections.driverClassName(), client);
		DataSize archive = properties.mongodb().archiveMaxSize();
		long largest = properties.write().maxPayloadSize().toBytes();
		if (archive != null && archive.toBytes() / LEAST_IN_ARCHIVE < largest) {
			throw new InvalidOutboxPropertyException("outbox.mongodb.archive-max-size", archive,
					"be at least " + LEAST_IN_ARCHIVE + " times outbox.write.max-payload-size (" + largest
							+ " bytes): an event that finds no room there would be sent again and again");
		}
		if (!properties.mongodb().keyOrder()) {
			refuseOrder("outbox.relay.ordering", properties.relay().ordering());
			for (Map.Entry<String, OutboxProperties.Route> route : properties.routes().entrySet()) {
				refuseOrder("outbox.routes.[" + route.getKey() + "].ordering", route.getValue().ordering());
			}
		}
	}

	private static void refuse(String property, @Nullable Object value, String reason) {
		if (value != null) {
			throw new InvalidOutboxPropertyException(property, value,
					"not be set where the outbox is in MongoDB: " + reason);
		}
	}

	private static void refuseOrder(String property, @Nullable Ordering ordering) {
		if (ordering != null && ordering != Ordering.NONE) {
			throw new InvalidOutboxPropertyException(property, ordering.name().toLowerCase(Locale.ROOT),
					"be none where 'outbox.mongodb.key-order' is false");
		}
	}

}
