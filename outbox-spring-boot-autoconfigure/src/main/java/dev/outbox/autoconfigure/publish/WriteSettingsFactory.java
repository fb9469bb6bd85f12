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
import dev.outbox.publish.DestinationSettings;
import dev.outbox.publish.HeaderSettings;
import dev.outbox.publish.TopicNames;
import dev.outbox.publish.WriteSettings;
import dev.outbox.transport.TransportCapabilities;
import dev.outbox.transport.TransportOption;
import org.jspecify.annotations.Nullable;

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
			DestinationSettings destinations, Environment environment) {
		checkTransport(properties, transports.stream().map(TransportCapabilities::transport).toList());
		checkRoutes(environment);
		Map<String, WriteSettings.Route> routes = new LinkedHashMap<>();
		properties.routes().forEach((type, route) -> {
			checkOptions(type, route, transports);
			routes.put(type, new WriteSettings.Route(route.destination(), route.transport(), route.options()));
		});
		return new WriteSettings(properties.write().maxPayloadSize().toBytes(), properties.transport(), transports,
				routes, headers(properties, environment), destinations);
	}

	static TopicNames topicNames(OutboxProperties.Topics topics) {
		TopicNames names = TopicNames.map(topics.names())
			.orElse((topics.prefix() != null) ? TopicNames.prefix(topics.prefix()) : TopicNames.aggregateEvents());
		return (topics.fallback() != null) ? names.orElse(TopicNames.fixed(topics.fallback())) : names;
	}

	/**
	 * Which of several transports a type goes through may be said by its class, which
	 * nobody knows yet: then it is enough that one of them takes the option.
	 */
	private static void checkOptions(String type, OutboxProperties.Route route,
			List<TransportCapabilities> transports) {
		List<TransportCapabilities> candidates = transports.stream()
			.filter((candidate) -> route.transport() == null || route.transport().equals(candidate.transport()))
			.toList();
		route.options().forEach((option, value) -> {
			String problem = null;
			for (TransportCapabilities candidate : candidates) {
				problem = problem(candidate, option, value);
				if (problem == null) {
					return;
				}
			}
			if (problem != null) {
				throw new InvalidOutboxPropertyException("outbox.routes.[" + type + "].options." + option, value,
						"be an option that the transport takes: " + problem);
			}
		});
	}

	private static @Nullable String problem(TransportCapabilities transport, String name, Object value) {
		TransportOption<?> option = transport.option(name);
		if (option == null) {
			return "'" + transport.transport() + "' has "
					+ transport.options().stream().map(TransportOption::name).toList();
		}
		try {
			option.parse(value);
			return null;
		}
		catch (IllegalArgumentException ex) {
			return ex.getMessage();
		}
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
					.filter((name) -> ROUTES.isAncestorOf(name) && isTooLong(name))
					.findFirst()
					.ifPresent(WriteSettingsFactory::refuseRoute);
			}
		}
	}

	private static boolean isTooLong(ConfigurationPropertyName name) {
		return name.getNumberOfElements() - (isOption(name) ? 1 : 0) > 4;
	}

	private static boolean isOption(ConfigurationPropertyName name) {
		int elements = name.getNumberOfElements();
		return elements > 4 && name.getElement(elements - 2, ConfigurationPropertyName.Form.UNIFORM).equals("options");
	}

	private static void refuseRoute(ConfigurationPropertyName name) {
		int last = name.getNumberOfElements() - (isOption(name) ? 2 : 1);
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
				headers.aggregate(), headers.correlation(), headers.xTrace(), headers.style());
	}

}
