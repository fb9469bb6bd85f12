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

package dev.outbox.it.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.outbox.Destination;
import dev.outbox.test.contract.RecordedDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Deliveries to topics.
 */
final class KafkaDeliveries {

	private KafkaDeliveries() {
	}

	static RecordedDelivery to(String topic, @Nullable String key, String payload) {
		return to(topic, key, payload.getBytes(StandardCharsets.UTF_8), Map.of(), Map.of());
	}

	static RecordedDelivery to(String topic, @Nullable String key, byte[] payload, Map<String, Object> options,
			Map<String, Object> headers) {
		return RecordedDelivery.to(new Destination("kafka", topic), key, payload, options, headers);
	}

}
