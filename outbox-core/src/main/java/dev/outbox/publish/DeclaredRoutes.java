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

import java.util.List;
import java.util.Objects;
import java.util.Optional;

import dev.outbox.InvalidEventTypeException;
import dev.outbox.payload.EventType;
import dev.outbox.payload.EventTypes;
import dev.outbox.transport.DeclaredDestination;

/**
 * Knows which declared destinations events really go to: a class may declare two, and
 * {@code outbox.routes} or {@code @OutboxEvent} may name another one. What a message or
 * an {@link OutboxRouting} says is not known before the event is there. Thread-safe.
 */
public final class DeclaredRoutes {

	private final WriteSettings settings;

	private final EventTypes types;

	private final Router router;

	/**
	 * Creates it.
	 * @param settings where events go
	 * @param types the names of classes; nothing is added to them
	 */
	public DeclaredRoutes(WriteSettings settings, EventTypes types) {
		this.settings = settings;
		this.types = types;
		this.router = new Router(settings);
	}

	/**
	 * Returns whether events of a class go where it declares for a transport.
	 * @param eventClass the class
	 * @param transport name of the transport
	 * @return {@code false} if they certainly go elsewhere, unless a message or a rule
	 * says so
	 */
	public boolean isUsed(Class<?> eventClass, String transport) {
		List<DeclaredDestination> declared = this.settings.destinations()
			.readers()
			.stream()
			.map((reader) -> reader.read(eventClass))
			.filter(Objects::nonNull)
			.toList();
		Optional<EventType> type = type(eventClass);
		return type.isEmpty() || declared.stream()
			.filter((candidate) -> candidate.destination().transport().equals(transport))
			.anyMatch((candidate) -> this.router.follows(type.get(), candidate, declared));
	}

	/**
	 * A class that cannot be an event is refused when one is published, not here.
	 */
	private Optional<EventType> type(Class<?> eventClass) {
		try {
			Optional<EventType> registered = this.types.known()
				.stream()
				.filter((known) -> known.eventClass() == eventClass)
				.findFirst();
			return registered.isPresent() ? registered : new EventTypes().find(eventClass);
		}
		catch (InvalidEventTypeException ex) {
			return Optional.empty();
		}
	}

}
