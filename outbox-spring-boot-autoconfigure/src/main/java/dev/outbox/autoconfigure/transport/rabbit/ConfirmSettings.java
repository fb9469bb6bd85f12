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

import java.util.Map;

import dev.outbox.diagnostics.InvalidOutboxPropertyException;

import org.springframework.core.env.Environment;

/**
 * What an application must not switch off. The transport's own channels always have
 * confirms and returns; a configuration that says the opposite would mislead whoever
 * reads it.
 */
final class ConfirmSettings {

	/**
	 * The values that switch a setting off, by its property, and what it must be.
	 */
	private static final Map<String, Setting> SETTINGS = Map.of("spring.rabbitmq.publisher-confirm-type",
			new Setting("none", "be correlated, or not be set: an event counts as sent when the broker confirms it"),
			"spring.rabbitmq.publisher-returns",
			new Setting("false", "be true, or not be set: an event that no queue takes has to come back"),
			"spring.rabbitmq.template.mandatory",
			new Setting("false", "be true, or not be set: an event that no queue takes has to come back"));

	private ConfirmSettings() {
	}

	static void check(Environment environment) {
		SETTINGS.forEach((property, setting) -> {
			String value = environment.getProperty(property);
			if (value != null && value.trim().equalsIgnoreCase(setting.off())) {
				throw new InvalidOutboxPropertyException(property, value, setting.requirement());
			}
		});
	}

	/**
	 * A setting of the application.
	 *
	 * @param off the value that switches it off
	 * @param requirement what it must be
	 */
	private record Setting(String off, String requirement) {

	}

}
