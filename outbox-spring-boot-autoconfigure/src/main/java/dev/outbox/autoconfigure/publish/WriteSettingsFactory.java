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

package dev.outbox.autoconfigure.publish;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.diagnostics.AmbiguousTransportException;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.publish.HeaderSettings;
import dev.outbox.publish.WriteSettings;
import dev.outbox.transport.TransportCapabilities;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Derives the settings of the write side from the properties, and refuses what would only
 * fail when the first event is published.
 */
final class WriteSettingsFactory {

	private static final ConfigurationPropertyName ROUTES = ConfigurationPropertyName.of("outbox.routes");

	private WriteSettingsFactory() {
	}

	static WriteSettings create(OutboxProperties properties, List<TransportCapabilities> transports,
			Environment environment) {
		checkTransport(properties, transports.stream().map(TransportCapabilities::transport).toList());
		checkRoutes(environment);
		Map<String, WriteSettings.Route> routes = new LinkedHashMap<>();
		properties.routes()
			.forEach(
					(type, route) -> routes.put(type, new WriteSettings.Route(route.destination(), route.transport())));
		return new WriteSettings(properties.write().maxPayloadSize().toBytes(), properties.transport(), transports,
				routes, headers(properties, environment));
	}

	/**
	 * An instance that only publishes need not have the transport that it names.
	 */
	private static void checkTransport(OutboxProperties properties, List<String> transports) {
		String chosen = properties.transport();
		boolean ambiguous = (chosen == null) ? transports.size() > 1
				: !transports.isEmpty() && !transports.contains(chosen);
		if (ambiguous) {
			throw new AmbiguousTransportException(chosen, transports.stream().sorted().toList());
		}
		if (chosen == null && transports.isEmpty()) {
			throw new InvalidOutboxPropertyException("outbox.transport", null,
					"name the transport, for example 'kafka', on an instance that has none");
		}
	}

	/**
	 * Without brackets around a type that contains dots its route would be silently
	 * ignored.
	 */
	private static void checkRoutes(Environment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				iterable.stream()
					.filter((name) -> ROUTES.isAncestorOf(name) && name.getNumberOfElements() > 4)
					.findFirst()
					.ifPresent(WriteSettingsFactory::refuseRoute);
			}
		}
	}

	private static void refuseRoute(ConfigurationPropertyName name) {
		int last = name.getNumberOfElements() - 1;
		StringBuilder type = new StringBuilder();
		for (int i = 2; i < last; i++) {
			type.append((i > 2) ? "." : "").append(name.getElement(i, ConfigurationPropertyName.Form.ORIGINAL));
		}
		throw new InvalidOutboxPropertyException(name.toString(), null,
				"have its event type in brackets, because it contains dots: outbox.routes.[" + type + "]."
						+ name.getElement(last, ConfigurationPropertyName.Form.ORIGINAL));
	}

	private static HeaderSettings headers(OutboxProperties properties, Environment environment) {
		String source = (properties.source() != null) ? properties.source()
				: environment.getProperty("spring.application.name", "application");
		OutboxProperties.Headers headers = properties.headers();
		return new HeaderSettings(source, headers.cloudEvents(), headers.identity(), headers.version(),
				headers.aggregate(), headers.correlation(), headers.style());
	}

}
