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
package dev.outbox.diagnostics;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Explains a value that the outbox cannot work with. Comes before the analyzer of binding
 * failures, which would not name the property.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidOutboxPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidOutboxPropertyException> {

	private final Iterable<ConfigurationPropertySource> sources;

	InvalidOutboxPropertyFailureAnalyzer(Environment environment) {
		this.sources = ConfigurationPropertySources.get(environment);
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidOutboxPropertyException cause) {
		Setting setting = find(cause.getProperty());
		String value = (setting != null) ? setting.value() : cause.getValue();
		StringBuilder description = new StringBuilder("The property '").append(cause.getProperty()).append("' ");
		description.append((value != null) ? "has the value '" + value + "'" : "is not set");
		if (setting != null) {
			description.append(" (from ").append(setting.origin()).append(')');
		}
		description.append(", but it must ").append(cause.getRequirement()).append('.');
		return new FailureAnalysis(description.toString(),
				"Change '" + cause.getProperty() + "', or remove it to use the default.", cause);
	}

	private @Nullable Setting find(String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
		for (ConfigurationPropertySource source : this.sources) {
			ConfigurationProperty found = source.getConfigurationProperty(name);
			if (found != null) {
				return new Setting(String.valueOf(found.getValue()), String.valueOf(found.getOrigin()));
			}
		}
		return null;
	}

	/**
	 * A value as it was written.
	 *
	 * @param value the value
	 * @param origin where it was written
	 */
	private record Setting(String value, String origin) {

	}

}
