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

package dev.outbox.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.outbox.diagnostics.InvalidOutboxPropertyException;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * What {@code outbox.instances} says: the names of several outboxes, and what is to be
 * different for each.
 */
public final class OutboxInstanceNames {

	/**
	 * Property that is set in the context of one of several outboxes: its name.
	 */
	public static final String CURRENT = "dev.outbox.instance";

	private static final String PREFIX = "outbox.instances";

	private static final ConfigurationPropertyName OUTBOX = ConfigurationPropertyName.of("outbox");

	private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

	private OutboxInstanceNames() {
	}

	/**
	 * Returns the names of the outboxes. An environment variable cannot have a hyphen, so
	 * a name without its hyphens is the same name.
	 * @param environment the environment of the application
	 * @return the names, none if the application has one outbox without a name
	 */
	public static Set<String> all(Environment environment) {
		Map<String, String> names = new TreeMap<>();
		Binder.get(environment)
			.bind(PREFIX, Bindable.mapOf(String.class, Object.class))
			.orElseGet(Map::of)
			.keySet()
			.forEach((name) -> names.merge(checked(name).replace("-", ""), name, OutboxInstanceNames::hyphenated));
		return new TreeSet<>(names.values());
	}

	private static String checked(String name) {
		if (!NAME.matcher(name).matches()) {
			throw new InvalidOutboxPropertyException(PREFIX, name,
					"have names of lower-case letters, digits and single hyphens");
		}
		return name;
	}

	private static String hyphenated(String one, String other) {
		if (one.contains("-") && other.contains("-")) {
			throw new InvalidOutboxPropertyException(PREFIX, one + ", " + other,
					"have names that differ in more than their hyphens");
		}
		return one.contains("-") ? one : other;
	}

	/**
	 * Returns what is set for one outbox, in the form in which it would be set for a
	 * single one. A map that is bound would not tell keys with dots from nested ones.
	 * @param environment the environment of the application
	 * @param name name of the outbox
	 * @return the values by property, placeholders not resolved
	 */
	public static Map<ConfigurationPropertyName, Object> properties(Environment environment, String name) {
		ConfigurationPropertyName prefix = ConfigurationPropertyName.of(PREFIX).append(name);
		Map<ConfigurationPropertyName, Object> properties = new LinkedHashMap<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource all) {
				all.stream().filter(prefix::isAncestorOf).forEach((property) -> {
					ConfigurationProperty found = source.getConfigurationProperty(property);
					if (found != null) {
						properties.putIfAbsent(OUTBOX.append(property.subName(prefix.getNumberOfElements())),
								found.getValue());
					}
				});
			}
		}
		return properties;
	}

	/**
	 * Returns where a property has been set, for someone who is to correct it.
	 * @param environment the environment of an outbox
	 * @param property the property, as it is for a single outbox
	 * @return the same, or that of the one of several outboxes
	 */
	public static String property(Environment environment, String property) {
		String own = PREFIX + '.' + environment.getProperty(CURRENT, "") + property.substring("outbox".length());
		return environment.containsProperty(own) ? own : property;
	}

}
