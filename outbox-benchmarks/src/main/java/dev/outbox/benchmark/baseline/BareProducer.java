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

package dev.outbox.benchmark.baseline;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The ceiling: a producer without a database.
 */
public final class BareProducer implements AutoCloseable {

	private final KafkaProducer<byte[], byte[]> producer;

	/**
	 * Creates a producer.
	 * @param producer its settings
	 */
	public BareProducer(Map<String, Object> producer) {
		Properties properties = new Properties();
		properties.putAll(producer);
		this.producer = new KafkaProducer<>(properties);
	}

	/**
	 * Sends records and waits until all are acknowledged.
	 * @param topic where to
	 * @param events how many
	 * @param payloadBytes size of each
	 * @param keys how many keys
	 */
	public void send(String topic, long events, int payloadBytes, int keys) {
		AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
		Random random = new Random(events);
		for (long i = 0; i < events; i++) {
			byte[] payload = new byte[payloadBytes];
			random.nextBytes(payload);
			byte[] key = ("key-" + i % keys).getBytes(StandardCharsets.UTF_8);
			this.producer.send(new ProducerRecord<>(topic, key, payload), (metadata, exception) -> {
				if (exception != null) {
					failure.set(exception);
				}
			});
		}
		this.producer.flush();
		Exception failed = failure.get();
		if (failed != null) {
			throw new IllegalStateException("The bare producer has failed", failed);
		}
	}

	@Override
	public void close() {
		this.producer.close();
	}

}
