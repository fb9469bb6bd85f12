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

import java.io.Serial;

import dev.outbox.OutboxException;

/**
 * The application's producer has a setting with which Kafka may lose or reorder events
 * that it has acknowledged.
 */
public class UnsafeProducerSettingException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String property;

	private final String value;

	private final String required;

	UnsafeProducerSettingException(String property, String value, String required) {
		super("The Kafka producer's setting " + property + "=" + value
				+ " would let Kafka lose or reorder events after it has acknowledged them. The outbox does not start to"
				+ " send; no event is lost. Use " + property + "=" + required + " or remove the setting"
				+ " (spring.kafka.producer.* or spring.kafka.producer.properties.*).");
		this.property = property;
		this.value = value;
		this.required = required;
	}

	/**
	 * Returns the producer's property.
	 * @return Kafka's name of it, for example {@code acks}
	 */
	public String getProperty() {
		return this.property;
	}

	/**
	 * Returns what the application has set.
	 * @return the value
	 */
	public String getValue() {
		return this.value;
	}

	/**
	 * Returns what would be safe.
	 * @return a description of the values that are accepted
	 */
	public String getRequired() {
		return this.required;
	}

}
