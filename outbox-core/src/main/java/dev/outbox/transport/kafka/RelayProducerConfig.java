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

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import dev.outbox.NoBrokersException;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Derives the relay's producer settings from those of the application's producer:
 * connection, security, compression and size limits are the application's, all that
 * guarantees and time limits depend on is ours.
 */
final class RelayProducerConfig {

	private static final Duration LONGEST_DELIVERY = Duration.ofSeconds(25);

	private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);

	private static final int BATCH_SIZE = 128 * 1024;

	private RelayProducerConfig() {
	}

	/**
	 * Derives the settings.
	 * @param application the settings of the application's producer
	 * @param publishTimeout how long a send may take in all
	 * @param windowBytes how many bytes are at the broker at most
	 * @return the settings of the relay's producer
	 * @throws NoBrokersException if no broker's address is set
	 * @throws UnsafeProducerSettingException if the application asks for less than what
	 * the outbox promises
	 */
	static Map<String, Object> derive(Map<String, Object> application, Duration publishTimeout, long windowBytes) {
		requireBrokers(application);
		refuseUnsafe(application);
		Map<String, Object> config = new HashMap<>(application);
		config.remove(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
		config.remove(ProducerConfig.TRANSACTION_TWO_PHASE_COMMIT_ENABLE_CONFIG);
		// Another partitioner may look into keys and values, which are bytes here, or not
		// care about keys at all.
		config.remove(ProducerConfig.PARTITIONER_CLASS_CONFIG);
		config.put(ProducerConfig.CLIENT_ID_CONFIG, clientId(application));
		config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
		config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
		config.put(ProducerConfig.ACKS_CONFIG, "all");
		config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
		config.put(ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG, false);
		Duration delivery = min(LONGEST_DELIVERY, publishTimeout.multipliedBy(5).dividedBy(6));
		config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) delivery.toMillis());
		config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) min(LONGEST_REQUEST, delivery).toMillis());
		// The relay's thread must not wait for one topic while others could be served:
		// what cannot be sent at once waits aside.
		config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
		config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
		config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_SIZE);
		long memory = Math.max(2 * windowBytes, number(application, ProducerConfig.BUFFER_MEMORY_CONFIG, 0));
		config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, memory);
		return config;
	}

	private static void requireBrokers(Map<String, Object> application) {
		Object servers = application.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG);
		boolean none = (servers instanceof Collection<?> list) ? list.isEmpty()
				: servers == null || servers.toString().isBlank();
		if (none) {
			throw new NoBrokersException(KafkaTransport.NAME,
					"the producer's bootstrap.servers" + " (spring.kafka.bootstrap-servers)");
		}
	}

	private static void refuseUnsafe(Map<String, Object> application) {
		String acks = text(application, ProducerConfig.ACKS_CONFIG);
		if (acks != null && !acks.equalsIgnoreCase("all") && !acks.equals("-1")) {
			throw new UnsafeProducerSettingException(ProducerConfig.ACKS_CONFIG, acks, "all");
		}
		String idempotence = text(application, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG);
		if (idempotence != null && idempotence.equalsIgnoreCase("false")) {
			throw new UnsafeProducerSettingException(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, idempotence, "true");
		}
		if (number(application, ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1) > 5) {
			String value = String.valueOf(application.get(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION));
			throw new UnsafeProducerSettingException(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, value,
					"5 or less");
		}
		if (number(application, ProducerConfig.RETRIES_CONFIG, 1) < 1) {
			throw new UnsafeProducerSettingException(ProducerConfig.RETRIES_CONFIG,
					String.valueOf(application.get(ProducerConfig.RETRIES_CONFIG)), "1 or more");
		}
	}

	private static String clientId(Map<String, Object> application) {
		String clientId = text(application, ProducerConfig.CLIENT_ID_CONFIG);
		return (clientId == null || clientId.isEmpty()) ? "outbox" : clientId + "-outbox";
	}

	private static @Nullable String text(Map<String, Object> config, String name) {
		Object value = config.get(name);
		return (value == null) ? null : value.toString().trim();
	}

	private static long number(Map<String, Object> config, String name, long absent) {
		String value = text(config, name);
		try {
			return (value == null) ? absent : Long.parseLong(value);
		}
		catch (NumberFormatException ex) {
			String problem = "The Kafka producer's setting " + name + "=" + value + " is not a number; ";
			throw new IllegalArgumentException(problem + "the outbox does not start to send. Correct it.", ex);
		}
	}

	private static Duration min(Duration a, Duration b) {
		return (a.compareTo(b) <= 0) ? a : b;
	}

}
