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

package dev.outbox.payload;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.InvalidEventTypeException;
import dev.outbox.OutboxEvent;

/**
 * The names of events: logical type and version on the one side, class on the other. A
 * class gets its name by {@link OutboxEvent @OutboxEvent}, by an annotation that carries
 * it, by {@code @Externalized} of Spring Modulith or jMolecules, or by {@link #register}.
 * Two classes never share a name and version. Thread-safe.
 */
public final class EventTypes {

	private final Map<Class<?>, Optional<EventType>> byClass = new ConcurrentHashMap<>();

	private final Map<Name, EventType> byName = new ConcurrentHashMap<>();

	/**
	 * Names a class that has no annotation, or by another name than its annotation does.
	 * What else the annotation says stays valid.
	 * @param eventClass the class
	 * @param name logical type
	 * @param version version of the type, at least 1
	 * @return this registry
	 * @throws InvalidEventTypeException if the class or the name is taken
	 */
	public EventTypes register(Class<?> eventClass, String name, int version) {
		EventType type = create(eventClass, name, version, Declaration.nearest(eventClass));
		Optional<EventType> former = this.byClass.put(eventClass, Optional.of(type));
		if (former != null && former.isPresent()) {
			this.byClass.put(eventClass, former);
			throw new InvalidEventTypeException("The class " + eventClass.getName() + " cannot be registered as '"
					+ name + "' v" + version + ": it is known as " + former.get()
					+ ". Register a class once, before its first event is published.");
		}
		return this;
	}

	/**
	 * Names annotated classes, so that their names are known before their first event.
	 * @param eventClasses the classes
	 * @return this registry
	 * @throws InvalidEventTypeException if a class has no annotation, or its name is
	 * taken
	 */
	public EventTypes register(Class<?>... eventClasses) {
		for (Class<?> eventClass : eventClasses) {
			if (find(eventClass).isEmpty()) {
				throw new InvalidEventTypeException("The class " + eventClass.getName()
						+ " is not a class annotated with @OutboxEvent. Annotate it, or register it with a name.");
			}
		}
		return this;
	}

	/**
	 * Finds out what is known about a class. A class without annotation is what its
	 * nearest annotated or registered superclass is. Without one, it is as an annotated
	 * interface of it says, and a type of its own unless that names the type.
	 * @param eventClass the class
	 * @return its type; empty if nothing says that it is an event
	 * @throws InvalidEventTypeException if what its annotation says is wrong
	 */
	public Optional<EventType> find(Class<?> eventClass) {
		Optional<EventType> known = this.byClass.get(eventClass);
		if (known != null) {
			return known;
		}
		Optional<EventType> found = inspect(eventClass);
		Optional<EventType> raced = this.byClass.putIfAbsent(eventClass, found);
		return (raced != null) ? raced : found;
	}

	/**
	 * Finds the class of a name, among those registered or published so far.
	 * @param name logical type
	 * @param version version of the type
	 * @return the type; empty if the name is unknown
	 */
	public Optional<EventType> find(String name, int version) {
		return Optional.ofNullable(this.byName.get(new Name(name, version)));
	}

	/**
	 * Returns all types that were registered or published so far.
	 * @return the types, a copy
	 */
	public Collection<EventType> known() {
		return List.copyOf(this.byName.values());
	}

	/**
	 * Returns the logical type of a class that is not given one: its simple name in lower
	 * case with dots, {@code order.placed} for {@code OrderPlaced}.
	 * @param eventClass the class
	 * @return the logical type
	 */
	public static String defaultName(Class<?> eventClass) {
		return eventClass.getSimpleName()
			.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", ".")
			.toLowerCase(Locale.ROOT);
	}

	private Optional<EventType> inspect(Class<?> eventClass) {
		if (eventClass.isInterface()) {
			// No event is of it alone, and a type that it names is that of a class.
			return Optional.empty();
		}
		Declaration declaration = Declaration.of(eventClass);
		if (declaration == null) {
			Optional<EventType> inherited = ofSuperclass(eventClass);
			if (inherited.isPresent()) {
				return inherited;
			}
			declaration = Declaration.ofInterfaces(eventClass);
		}
		if (declaration == null) {
			return Optional.empty();
		}
		String name = (declaration.type() != null) ? declaration.type() : defaultName(eventClass);
		return Optional.of(create(eventClass, name, declaration.version(), declaration));
	}

	/**
	 * A superclass that has its annotation from an interface lends nothing: its subclass
	 * has the interface, too.
	 */
	private Optional<EventType> ofSuperclass(Class<?> eventClass) {
		Class<?> parent = eventClass.getSuperclass();
		return (parent != null && parent != Object.class)
				? find(parent).filter((type) -> !type.declaringClass().isInterface()) : Optional.empty();
	}

	private EventType create(Class<?> eventClass, String name, int version, Declaration declaration) {
		if (name.isBlank() || version < 1) {
			throw new InvalidEventTypeException("The class " + eventClass.getName() + " is named '" + name + "' v"
					+ version + ". Its events cannot be published. Give it a name, and a version of 1 or higher.");
		}
		EventType type = new EventType(eventClass, name, version, declaration);
		EventType holder = this.byName.putIfAbsent(new Name(name, version), type);
		if (holder != null && holder.eventClass() != eventClass) {
			throw new InvalidEventTypeException("The event type '" + name + "' v" + version + " is claimed by "
					+ holder.eventClass().getName() + " and by " + eventClass.getName() + ". Events of the latter"
					+ " cannot be published. Give one of them another type or version.");
		}
		return (holder != null) ? holder : type;
	}

	private record Name(String name, int version) {

	}

}
