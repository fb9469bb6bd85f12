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

package dev.outbox.autoconfigure.transport.rabbit;

import java.util.Set;

import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.transport.rabbit.RabbitTransport;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * What an application must not switch off. The transport's own channels always have
 * confirms and returns; a configuration that says the opposite would mislead whoever
 * reads it.
 */
final class ConfirmSettings {

	private static final String CONFIRMS = "spring.rabbitmq.publisher-confirm-type";

	private static final Set<String> RETURNS = Set.of("spring.rabbitmq.publisher-returns",
			"spring.rabbitmq.template.mandatory");

	private ConfirmSettings() {
	}

	/**
	 * Refuses settings of an application whose events may go to RabbitMQ.
	 * @param environment the settings
	 * @param chosen the transport of events that name none, if it is named
	 */
	static void check(Environment environment, @Nullable String chosen) {
		if (chosen != null && !chosen.equals(RabbitTransport.NAME)) {
			return;
		}
		if ("none".equalsIgnoreCase(environment.getProperty(CONFIRMS))) {
			throw new InvalidOutboxPropertyException(CONFIRMS, "none",
					"be correlated, or not be set: an event counts as sent when the broker confirms it");
		}
		for (String property : RETURNS) {
			if (Boolean.FALSE.equals(environment.getProperty(property, Boolean.class))) {
				throw new InvalidOutboxPropertyException(property, false,
						"be true, or not be set: an event that no queue takes has to come back");
			}
		}
	}

}
