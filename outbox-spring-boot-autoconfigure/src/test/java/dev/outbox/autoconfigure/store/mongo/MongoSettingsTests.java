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

import java.util.Map;

import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class MongoSettingsTests {

	@ParameterizedTest
	@CsvSource({ "outbox.store.schema, events", "outbox.store.database, h2",
			"outbox.relay.datasource.url, jdbc:h2:mem:x", "outbox.relay.datasource.username, me",
			"outbox.relay.datasource.password, secret", "outbox.relay.datasource.driver-class-name, org.h2.Driver" })
	void whatOnlyRelationalDatabasesHaveIsRefused(String property, String value) {
		assertThatExceptionOfType(InvalidOutboxPropertyException.class).isThrownBy(() -> check(Map.of(property, value)))
			.withMessageStartingWith(property + " must not be set where the outbox is in MongoDB: ")
			.withMessageNotContaining("secret");
	}

	@Test
	void orderNeedsTheKeysOfTheEvents() {
		assertThatNoException()
			.isThrownBy(() -> check(Map.of("outbox.mongodb.key-order", "false", "outbox.relay.ordering", "none")));
		assertThatExceptionOfType(InvalidOutboxPropertyException.class)
			.isThrownBy(() -> check(Map.of("outbox.mongodb.key-order", "false")))
			.withMessageStartingWith("outbox.relay.ordering must be none where 'outbox.mongodb.key-order' is false");
		assertThatExceptionOfType(InvalidOutboxPropertyException.class)
			.isThrownBy(() -> check(Map.of("outbox.mongodb.key-order", "false", "outbox.relay.ordering", "none",
					"outbox.routes.[order.placed].ordering", "pipelined")))
			.withMessageStartingWith("outbox.routes.[order.placed].ordering must be none");
	}

	@Test
	void theArchiveHasRoomForTheLargestEvents() {
		assertThatNoException().isThrownBy(() -> check(Map.of("outbox.mongodb.archive-max-size", "4MB")));
		assertThatExceptionOfType(InvalidOutboxPropertyException.class).isThrownBy(
				() -> check(Map.of("outbox.mongodb.archive-max-size", "7MB", "outbox.write.max-payload-size", "2MB")))
			.withMessageStartingWith("outbox.mongodb.archive-max-size must be at least 4 times")
			.withMessageContaining("outbox.write.max-payload-size");
	}

	private static void check(Map<String, String> properties) {
		MongoSettings.check(new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("outbox",
				OutboxProperties.class));
	}

}
