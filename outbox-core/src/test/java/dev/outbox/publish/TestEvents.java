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

package dev.outbox.publish;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

import dev.outbox.OutboxEvent;
import dev.outbox.listener.TraceContext;
import dev.outbox.payload.EventTypes;
import dev.outbox.payload.JacksonPayloadSerializer;
import dev.outbox.payload.RawPayloadSerializer;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the tests of this package publish, and factories for it.
 */
final class TestEvents {

	static final Instant NOW = Instant.parse("2026-11-21T05:06:07.123456789Z");

	private TestEvents() {
	}

	static WriteSettings settings() {
		return new WriteSettings(1000, "kafka", List.of(), Map.of(), HeaderSettings.defaults("shop"));
	}

	static OutboxRecordFactory factory(WriteSettings settings, OutboxRouting routing, TraceContext trace) {
		return new OutboxRecordFactory(new EventTypes(), routing,
				new RawPayloadSerializer(new JacksonPayloadSerializer(JsonMapper.builder().build())), settings, trace,
				IdGenerator.uuidV7(), Clock.fixed(NOW, ZoneOffset.UTC));
	}

	static OutboxRecordFactory factory() {
		return factory(settings(), OutboxRouting.none(), (type, destination) -> Map.of());
	}

	@OutboxEvent(type = "order.placed", version = 7, key = "orderId", aggregateType = "order")
	record OrderPlaced(String orderId) {

	}

	@OutboxEvent(type = "order.paid", destination = "payments", transport = "rabbit")
	record OrderPaid(String orderId) {

	}

	record Unannotated(String id) {

	}

}
