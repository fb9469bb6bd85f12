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

import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;

import dev.outbox.Destination;
import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.UnroutableEventException;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where an event goes: the message decides, else the routing rule, else
 * {@code outbox.routes}, else the annotation, else the default. Destination and transport
 * are looked for independently of each other.
 */
final class Router {

	private static final WriteSettings.Route NO_ROUTE = new WriteSettings.Route(null, null);

	private final WriteSettings settings;

	private final Set<String> transports;

	Router(WriteSettings settings) {
		this.settings = settings;
		this.transports = settings.transportNames();
	}

	Destination destination(EventSource event, String eventType) {
		return new Destination(transport(event, eventType), name(event, eventType));
	}

	private String name(EventSource event, String eventType) {
		String name = first((event.message() != null) ? event.message().destination() : null,
				(event.route() != null) ? event.route().destinationOf(event.payload()) : null,
				configured(eventType).destination(), (event.type() != null) ? event.type().destination() : null);
		if (name == null && event.aggregateType() != null) {
			name = event.aggregateType() + "-events";
		}
		if (name == null) {
			throw new UnroutableEventException("Cannot publish " + event + ": it has no destination, and no aggregate"
					+ " type to derive one from. The event was neither stored nor sent. Set @OutboxEvent(destination),"
					+ " outbox.routes.[" + eventType + "].destination, or the destination of the message.");
		}
		return notBlank("destination", name, event);
	}

	private String transport(EventSource event, String eventType) {
		Set<String> candidates = this.transports;
		String name = first((event.message() != null) ? event.message().transport() : null,
				(event.route() != null) ? event.route().transport() : null, configured(eventType).transport(),
				(event.type() != null) ? event.type().transport() : null, this.settings.transport());
		if (name != null) {
			if (candidates.isEmpty() || candidates.contains(name)) {
				return notBlank("transport", name, event);
			}
			throw new UnroutableEventException("Cannot publish " + event + ": there is no transport '" + name
					+ "'. The event was neither stored nor sent. Name one of " + new TreeSet<>(candidates)
					+ ", or add the starter of that broker.");
		}
		Iterator<String> only = candidates.iterator();
		if (candidates.size() != 1) {
			throw new UnroutableEventException("Cannot publish " + event + ": it names no transport, and there are "
					+ candidates.size() + " of them " + new TreeSet<>(candidates)
					+ ". The event was neither stored nor sent." + " Set outbox.transport, outbox.routes.[" + eventType
					+ "].transport or @OutboxEvent(transport).");
		}
		return only.next();
	}

	private WriteSettings.Route configured(String eventType) {
		return this.settings.routes().getOrDefault(eventType, NO_ROUTE);
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

}
