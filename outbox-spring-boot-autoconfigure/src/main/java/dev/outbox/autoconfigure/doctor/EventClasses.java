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

package dev.outbox.autoconfigure.doctor;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.outbox.InvalidEventTypeException;
import dev.outbox.autoconfigure.EventClassScanner;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.payload.EventType;
import dev.outbox.payload.EventTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.ApplicationContext;

/**
 * The event classes in the packages of the application, published or not.
 */
final class EventClasses {

	private static final Logger logger = LoggerFactory.getLogger(EventClasses.class);

	private final OutboxProperties.Topology properties;

	private final ApplicationContext context;

	EventClasses(OutboxProperties.Topology properties, ApplicationContext context) {
		this.properties = properties;
		this.context = context;
	}

	/**
	 * Returns their logical types. What is found is not registered: only what is
	 * published is.
	 */
	Set<String> types() {
		EventTypes types = new EventTypes();
		Set<String> names = new HashSet<>();
		for (Class<?> found : new EventClassScanner(this.context).find(packages())) {
			try {
				types.find(found).map(EventType::name).ifPresent(names::add);
			}
			catch (InvalidEventTypeException ex) {
				logger.debug("Left out, as it will be refused when it is published", ex);
			}
		}
		return names;
	}

	private List<String> packages() {
		if (!this.properties.packages().isEmpty()) {
			return this.properties.packages();
		}
		return AutoConfigurationPackages.has(this.context) ? AutoConfigurationPackages.get(this.context) : List.of();
	}

}
