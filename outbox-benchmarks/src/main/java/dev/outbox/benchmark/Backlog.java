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

package dev.outbox.benchmark;

import dev.outbox.transport.kafka.KafkaTransport;
import org.jspecify.annotations.Nullable;

/**
 * Events that wait.
 *
 * @param transport what sends them
 * @param topic where they go
 * @param events how many
 * @param payloadBytes size of each payload
 * @param keys how many keys they have
 * @param headers the JSON of their headers, if they have any
 */
record Backlog(String transport, String topic, long events, int payloadBytes, int keys, @Nullable String headers) {

	Backlog(String topic, long events, int payloadBytes, int keys, @Nullable String headers) {
		this(KafkaTransport.NAME, topic, events, payloadBytes, keys, headers);
	}

	Backlog withEvents(long other) {
		return new Backlog(this.transport, this.topic, other, this.payloadBytes, this.keys, this.headers);
	}

}
