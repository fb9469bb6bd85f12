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

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.core.ProducerPostProcessor;

/**
 * The one producer that the relay has, until it cannot send any more: then another one.
 */
final class RelayProducer {

	private static final Logger log = LoggerFactory.getLogger(RelayProducer.class);

	private static final int CLOSE_TIMEOUT_SECONDS = 2;

	private final DefaultKafkaProducerFactory<byte[], byte[]> factory;

	private final AtomicReference<@Nullable Producer<byte[], byte[]>> current = new AtomicReference<>();

	private boolean closed;

	RelayProducer(ProducerFactory<?, ?> application, Map<String, Object> config) {
		this.factory = new DefaultKafkaProducerFactory<>(config, new ByteArraySerializer(), new ByteArraySerializer());
		this.factory.setPhysicalCloseTimeout(CLOSE_TIMEOUT_SECONDS);
		copyExtensions(application);
	}

	// Metrics and tracing of the application see this producer too. They know producers
	// of any type: the type arguments are not used at run time.
	@SuppressWarnings("unchecked")
	private void copyExtensions(ProducerFactory<?, ?> application) {
		for (ProducerFactory.Listener<?, ?> listener : application.getListeners()) {
			this.factory.addListener((ProducerFactory.Listener<byte[], byte[]>) listener);
		}
		for (ProducerPostProcessor<?, ?> postProcessor : application.getPostProcessors()) {
			this.factory.addPostProcessor((ProducerPostProcessor<byte[], byte[]>) postProcessor);
		}
	}

	/**
	 * Returns the producer. Does not block.
	 * @return the producer, or {@code null} if there is none that can send
	 */
	@Nullable Producer<byte[], byte[]> current() {
		return this.current.get();
	}

	/**
	 * Returns the producer, and makes one if there is none. May block.
	 * @return a producer
	 */
	synchronized Producer<byte[], byte[]> obtain() {
		Producer<byte[], byte[]> producer = this.current.get();
		if (producer == null) {
			if (this.closed) {
				throw new IllegalStateException("The Kafka transport is closed");
			}
			this.factory.reset();
			producer = this.factory.createProducer();
			this.current.set(producer);
		}
		return producer;
	}

	/**
	 * Stops to use a producer. Does not block.
	 * @param failed the producer
	 * @param reason what it reported
	 */
	void discard(Producer<byte[], byte[]> failed, Throwable reason) {
		if (this.current.compareAndSet(failed, null)) {
			log.warn("The Kafka producer cannot send any more ({}: {}); its open sends fail and will be repeated by"
					+ " another producer", reason.getClass().getSimpleName(), reason.getMessage());
		}
	}

	synchronized void close() {
		this.closed = true;
		this.current.set(null);
		this.factory.destroy();
	}

}
