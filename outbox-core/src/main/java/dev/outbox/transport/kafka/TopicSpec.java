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
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.outbox.InvalidEventTypeException;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.unit.DataSize;

/**
 * What classes declare about one topic. What they leave out is not there.
 */
final class TopicSpec {

	private static final String PARTITIONS = "partitions";

	private static final String REPLICAS = "replicas";

	private final String name;

	private final Map<String, Long> numbers = new TreeMap<>();

	private final Map<String, String> configs = new TreeMap<>();

	private TopicSpec(String name) {
		this.name = name;
	}

	/**
	 * Reads the declarations of classes, several of which may be about one topic.
	 * @param eventClasses the classes; those without declaration are left out
	 * @return the topics by their names
	 * @throws InvalidEventTypeException if a declaration is wrong, or contradicts another
	 */
	static Map<String, TopicSpec> of(Collection<Class<?>> eventClasses) {
		Map<String, TopicSpec> specs = new LinkedHashMap<>();
		for (Class<?> eventClass : eventClasses) {
			KafkaTopic topic = KafkaTopicReader.topic(eventClass);
			if (topic != null) {
				specs.computeIfAbsent(topic.name().trim(), TopicSpec::new).add(topic, eventClass);
			}
		}
		return specs;
	}

	String name() {
		return this.name;
	}

	@Nullable Long partitions() {
		return this.numbers.get(PARTITIONS);
	}

	@Nullable Long replicas() {
		return this.numbers.get(REPLICAS);
	}

	Map<String, String> configs() {
		return this.configs;
	}

	NewTopic newTopic() {
		return new NewTopic(this.name, Optional.ofNullable(partitions()).map(Long::intValue),
				Optional.ofNullable(replicas()).map(Long::shortValue))
			.configs(this.configs);
	}

	private void add(KafkaTopic topic, Class<?> eventClass) {
		number(PARTITIONS, topic.partitions(), Integer.MAX_VALUE, eventClass);
		number(REPLICAS, topic.replicas(), Short.MAX_VALUE, eventClass);
		if (!topic.retention().isBlank()) {
			config(TopicConfig.RETENTION_MS_CONFIG, millis(topic.retention().trim(), eventClass), eventClass);
		}
		if (!topic.maxMessageSize().isBlank()) {
			config(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, bytes(topic.maxMessageSize().trim(), eventClass), eventClass);
		}
		if (topic.minInsyncReplicas() != -1) {
			config(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, String.valueOf(topic.minInsyncReplicas()), eventClass);
		}
		config(TopicConfig.COMPRESSION_TYPE_CONFIG, topic.compression(), eventClass);
		config(TopicConfig.CLEANUP_POLICY_CONFIG, topic.cleanupPolicy(), eventClass);
		for (String config : topic.configs()) {
			int end = config.indexOf('=');
			if (end < 1) {
				throw refused("has configs \"" + config + "\"", "Write it as name=value", eventClass);
			}
			config(config.substring(0, end).trim(), config.substring(end + 1), eventClass);
		}
	}

	private void number(String attribute, int value, int most, Class<?> eventClass) {
		if (value == -1) {
			return;
		}
		if (value < 1 || value > most) {
			throw refused("has " + attribute + "=" + value, "Use 1 to " + most + ", or leave it out", eventClass);
		}
		Long other = this.numbers.putIfAbsent(attribute, (long) value);
		if (other != null && other != value) {
			throw contradiction(attribute, String.valueOf(value), String.valueOf(other), eventClass);
		}
	}

	private void config(String config, String value, Class<?> eventClass) {
		if (value.isBlank()) {
			return;
		}
		String other = this.configs.putIfAbsent(config, value.trim());
		if (other != null && !other.equals(value.trim())) {
			throw contradiction(config, value.trim(), other, eventClass);
		}
	}

	private String millis(String text, Class<?> eventClass) {
		if (text.equals("unlimited")) {
			return "-1";
		}
		try {
			Duration duration = DurationFormatterUtils.detectAndParse(text, DurationFormat.Unit.MILLIS);
			return String.valueOf(duration.toMillis());
		}
		catch (IllegalArgumentException | DateTimeParseException | ArithmeticException ex) {
			throw refused("has retention=" + text, "Write it like 1d, 12h, P1D, 86400000 or unlimited", eventClass);
		}
	}

	private String bytes(String text, Class<?> eventClass) {
		try {
			return String.valueOf(DataSize.parse(text).toBytes());
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw refused("has maxMessageSize=" + text, "Write it like 2MB, or as a number of bytes", eventClass);
		}
	}

	private InvalidEventTypeException contradiction(String what, String value, String other, Class<?> eventClass) {
		return refused("says " + what + "=" + value + " about the topic '" + this.name + "', but " + other
				+ " is declared for it elsewhere", "Say it once, or the same everywhere", eventClass);
	}

	private InvalidEventTypeException refused(String problem, String remedy, Class<?> eventClass) {
		return new InvalidEventTypeException("The @KafkaTopic on " + eventClass.getName() + " " + problem
				+ ". No topic was created or compared. " + remedy + ".");
	}

}
