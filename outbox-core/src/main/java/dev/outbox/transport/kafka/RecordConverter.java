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

package dev.outbox.transport.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import dev.outbox.OutboxRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Turns events into Kafka records: payload and key byte by byte, headers as text unless
 * they are bytes.
 */
final class RecordConverter {

	/**
	 * Header that holds the payload's MIME type, as in CloudEvents' binary mode.
	 */
	static final String CONTENT_TYPE = "content-type";

	private RecordConverter() {
	}

	/**
	 * Converts an event.
	 * @param event the event
	 * @return a record that has not been sent yet
	 * @throws IllegalArgumentException if the event has an option or a header that Kafka
	 * cannot take
	 */
	static ProducerRecord<byte[], byte[]> convert(OutboxRecord event) {
		KafkaOptions options = KafkaOptions.read(event.options());
		Instant timestamp = options.timestamp();
		ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(event.destination().name(), options.partition(),
				(timestamp != null) ? timestamp.toEpochMilli() : null, event.keyBytes(), event.payload());
		Headers headers = record.headers();
		event.headers().forEach((name, value) -> headers.add(name, bytes(name, value)));
		if (!event.headers().containsKey(CONTENT_TYPE)) {
			headers.add(CONTENT_TYPE, event.contentType().getBytes(StandardCharsets.UTF_8));
		}
		return record;
	}

	private static byte[] bytes(String name, Object value) {
		if (value instanceof byte[] bytes) {
			return bytes;
		}
		if (value instanceof String || value instanceof Number || value instanceof Boolean) {
			return value.toString().getBytes(StandardCharsets.UTF_8);
		}
		throw new IllegalArgumentException("The header '" + name + "' is a " + value.getClass().getName()
				+ ": a header must be a string, a number, a boolean or bytes");
	}

}
