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

package dev.outbox.publish;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.outbox.Destination;
import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.UnroutableEventException;
import dev.outbox.payload.EventType;
import dev.outbox.transport.DeclaredDestination;
import dev.outbox.transport.TransportCapabilities;
import dev.outbox.transport.TransportOption;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where an event goes: the message decides, else the routing rule, else
 * {@code outbox.routes}, else the annotations, else the {@link TopicNames}. Destination
 * and transport are looked for independently of each other, except that an annotation of
 * one broker names a destination for that broker only.
 */
final class Router {

	private static final WriteSettings.Route NO_ROUTE = new WriteSettings.Route(null, null);

	private final WriteSettings settings;

	private final Set<String> transports;

	private final DeclaredDestinations declarations;

	Router(WriteSettings settings) {
		this.settings = settings;
		this.transports = settings.transportNames();
		this.declarations = new DeclaredDestinations(settings.destinations());
	}

	/**
	 * Routes an event.
	 * @param event the event
	 * @param eventType its logical type
	 * @return where it goes
	 */
	Target route(EventSource event, String eventType) {
		List<DeclaredDestination> all = this.declarations.of(event.type());
		String transport = transport(event, eventType, all);
		DeclaredDestination declared = all.stream()
			.filter((candidate) -> candidate.destination().transport().equals(transport))
			.findFirst()
			.orElse(null);
		Destination destination = new Destination(transport, name(event, eventType, transport, declared));
		return new Target(destination, options(event, eventType, destination, declared, all));
	}

	/**
	 * Finds out whether events of a type go where an annotation says, as long as neither
	 * message nor rule says anything else. If nothing decides between two annotations,
	 * both count.
	 */
	boolean follows(EventType type, DeclaredDestination declared, List<DeclaredDestination> all) {
		String transport = implied(type, type.name(), all);
		String name = first(configured(type.name()).destination(), type.destination());
		return (transport == null || transport.equals(declared.destination().transport()))
				&& (name == null || name.equals(declared.destination().name()));
	}

	private String name(EventSource event, String eventType, String transport, @Nullable DeclaredDestination declared) {
		String name = first((event.message() != null) ? event.message().destination() : null,
				(event.route() != null) ? event.route().destinationOf(event.payload()) : null,
				configured(eventType).destination(), (event.type() != null) ? event.type().destination() : null,
				(declared != null) ? declared.destination().name() : null);
		if (name == null) {
			name = this.settings.destinations()
				.names()
				.nameOf(new TopicNames.Unnamed(eventType, event.aggregateType(), transport));
		}
		if (name == null) {
			throw new UnroutableEventException("Cannot publish " + event + ": it has no destination, and no name can be"
					+ " made for one (aggregate type: " + event.aggregateType()
					+ "). The event was neither stored nor sent. Set @OutboxEvent(destination), outbox.routes.["
					+ eventType + "].destination, outbox.topics or the destination of the message.");
		}
		return notBlank("destination", name, event);
	}

	private String transport(EventSource event, String eventType, List<DeclaredDestination> declared) {
		Set<String> candidates = this.transports;
		String name = named(event);
		if (name == null) {
			name = implied(event.type(), eventType, declared);
		}
		if (name != null) {
			if (candidates.isEmpty() || candidates.contains(name)) {
				return notBlank("transport", name, event);
			}
			throw new UnroutableEventException("Cannot publish " + event + ": there is no transport '" + name
					+ "'. The event was neither stored nor sent. Name one of " + new TreeSet<>(candidates)
					+ ", or add the starter of that broker.");
		}
		Collection<String> open = (declared.size() > 1) ? transportsOf(declared) : new TreeSet<>(candidates);
		throw new UnroutableEventException("Cannot publish " + event + ": it names no transport, and there are "
				+ open.size() + " of them " + open + ". The event was neither stored nor sent. Set outbox.transport,"
				+ " outbox.routes.[" + eventType + "].transport or @OutboxEvent(transport).");
	}

	private static @Nullable String named(EventSource event) {
		return first((event.message() != null) ? event.message().transport() : null,
				(event.route() != null) ? event.route().transport() : null);
	}

	/**
	 * The transport of an event whose message and rule name none.
	 */
	private @Nullable String implied(@Nullable EventType type, String eventType, List<DeclaredDestination> declared) {
		String name = first(configured(eventType).transport(), (type != null) ? type.transport() : null);
		if (name != null) {
			return name;
		}
		if (declared.isEmpty()) {
			return first(this.settings.transport(), only(this.transports));
		}
		Set<String> declaredFor = transportsOf(declared);
		if (this.settings.transport() != null && declaredFor.contains(this.settings.transport())) {
			return this.settings.transport();
		}
		String onlyOne = only(declaredFor);
		if (onlyOne == null) {
			declaredFor.retainAll(this.transports);
			onlyOne = only(declaredFor);
		}
		return onlyOne;
	}

	/**
	 * What the annotation says about its destination, then the configuration about its
	 * transport, then rule and message: the later one wins.
	 */
	private Map<String, Object> options(EventSource event, String eventType, Destination destination,
			@Nullable DeclaredDestination declared, List<DeclaredDestination> all) {
		Map<String, Object> options = new LinkedHashMap<>();
		if (declared != null && declared.destination().equals(destination)) {
			options.putAll(declared.options());
		}
		else {
			this.settings.transports()
				.stream()
				.filter((transport) -> transport.transport().equals(destination.transport()))
				.forEach((transport) -> options.putAll(transport.defaultOptions()));
		}
		Map<String, Object> configured = configured(eventType).options();
		if (!configured.isEmpty()
				&& (named(event) == null || destination.transport().equals(implied(event.type(), eventType, all)))) {
			configured.forEach((name, value) -> options.put(name, typed(destination.transport(), name, value)));
		}
		if (event.route() != null) {
			options.putAll(event.route().optionsOf(event.payload()));
		}
		if (event.message() != null) {
			options.putAll(event.message().options());
		}
		return options;
	}

	/**
	 * What cannot be read stays as it is: the check of the event refuses it by name.
	 */
	private Object typed(String transport, String name, Object value) {
		for (TransportCapabilities capabilities : this.settings.transports()) {
			TransportOption<?> option = capabilities.option(name);
			if (option != null && capabilities.transport().equals(transport)) {
				try {
					return option.parse(value);
				}
				catch (IllegalArgumentException ex) {
					return value;
				}
			}
		}
		return value;
	}

	private WriteSettings.Route configured(String eventType) {
		return this.settings.routes().getOrDefault(eventType, NO_ROUTE);
	}

	private static Set<String> transportsOf(List<DeclaredDestination> declared) {
		Set<String> names = new TreeSet<>();
		declared.forEach((candidate) -> names.add(candidate.destination().transport()));
		return names;
	}

	private static @Nullable String only(Set<String> names) {
		Iterator<String> iterator = names.iterator();
		return (names.size() == 1) ? iterator.next() : null;
	}

	private static @Nullable String first(@Nullable String... candidates) {
		for (String candidate : candidates) {
			if (candidate != null) {
				return candidate;
			}
		}
		return null;
	}

	private static String notBlank(String field, String value, EventSource event) {
		if (value.isBlank()) {
			throw new InvalidMessageException(Reason.BLANK_DESTINATION, "Cannot publish " + event + ": its " + field
					+ " is blank. The event was neither stored nor sent. Name the " + field + ", or leave it out.");
		}
		return value;
	}

	/**
	 * Where an event goes.
	 *
	 * @param destination the destination
	 * @param options options of the transport
	 */
	record Target(Destination destination, Map<String, Object> options) {

	}

}
