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

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.transport.TransportOption;
import org.jspecify.annotations.Nullable;

/**
 * What Kafka is to do with an event beyond sending it.
 *
 * @param partition partition to send to, or {@code null} to let the key decide. Events of
 * one key that name different partitions have no order on the broker
 * @param timestamp the record's timestamp, or {@code null} for the time of sending
 */
public record KafkaOptions(@Nullable Integer partition, @Nullable Instant timestamp) {

	private static final TransportOption<Integer> PARTITION = TransportOption.integer("partition", 0,
			Integer.MAX_VALUE);

	private static final TransportOption<Long> TIMESTAMP = TransportOption.number("timestamp", 0, Long.MAX_VALUE);

	static final List<TransportOption<?>> ALL = List.of(PARTITION, TIMESTAMP);

	private static final KafkaOptions NONE = new KafkaOptions(null, null);

	public KafkaOptions {
		if (partition != null && partition < 0) {
			throw new IllegalArgumentException("The Kafka option partition=" + partition
					+ " is not possible: nothing was sent. Use 0 or more, or leave it out.");
		}
	}

	/**
	 * Reads options by their names.
	 * @param options values by name: {@code partition}, a number, and {@code timestamp}
	 * in milliseconds since 1970. Names that start with {@code outbox.} are left to the
	 * outbox
	 * @return the options
	 * @throws IllegalArgumentException if Kafka does not know an option, or it is not a
	 * number
	 */
	public static KafkaOptions of(Map<String, ?> options) {
		TransportOption.unknown(options, ALL).ifPresent((name) -> {
			throw new IllegalArgumentException("The Kafka transport has no option '" + name
					+ "': nothing was sent. It knows partition and timestamp.");
		});
		return read(options);
	}

	/**
	 * Returns the options in the form that a message takes.
	 * @return values by name, which survive storage in any format
	 */
	public Map<String, Object> asMap() {
		Map<String, Object> options = new LinkedHashMap<>();
		if (this.partition != null) {
			options.put(PARTITION.name(), this.partition);
		}
		if (this.timestamp != null) {
			options.put(TIMESTAMP.name(), this.timestamp.toEpochMilli());
		}
		return options;
	}

	static KafkaOptions read(Map<String, ?> options) {
		if (options.isEmpty()) {
			return NONE;
		}
		Long timestamp = TIMESTAMP.in(options);
		return new KafkaOptions(PARTITION.in(options), (timestamp != null) ? Instant.ofEpochMilli(timestamp) : null);
	}

}
