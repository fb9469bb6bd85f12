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

import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.InvalidEventTypeException;
import dev.outbox.OutboxEvent;
import org.jspecify.annotations.Nullable;

/**
 * The names of events: logical type and version on the one side, class on the other. A
 * class gets its name by {@link OutboxEvent @OutboxEvent}, by an annotation that carries
 * it, by {@code @Externalized} of Spring Modulith or jMolecules, or by {@link #register}.
 * Two classes never share a name and version. Thread-safe.
 */
public final class EventTypes {

	private final Map<Class<?>, Optional<EventType>> byClass = new ConcurrentHashMap<>();

	private final Map<Name, EventType> byName = new ConcurrentHashMap<>();

	private final Set<Class<?>> registered = ConcurrentHashMap.newKeySet();

	/**
	 * Names a class that has no annotation, or by another name than its annotation does.
	 * What else the annotation says stays valid, its own or that of an interface.
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
		this.registered.add(eventClass);
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
	 * interface of it says, and a type of its own unless that names the type. A class
	 * that a library made of another one, and that of an enum constant with a body, is
	 * what that one is.
	 * @param eventClass the class
	 * @return its type; empty if nothing says that it is an event, or only an interface
	 * of an abstract class does
	 * @throws InvalidEventTypeException if what its annotation says is wrong, or if an
	 * interface says that it is an event and the class has no name, as a lambda
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
		Class<?> userClass = GeneratedClasses.userClass(eventClass);
		Optional<EventType> inherited = (userClass != eventClass) ? find(userClass) : Optional.empty();
		if (inherited.isPresent()) {
			return inherited;
		}
		Declaration declaration = Declaration.of(eventClass);
		if (declaration == null) {
			inherited = ofSuperclass(eventClass);
			if (inherited.isPresent()) {
				return inherited;
			}
			declaration = ofInterfaces(eventClass);
		}
		if (declaration == null) {
			return Optional.empty();
		}
		String name = (declaration.type() != null) ? declaration.type() : defaultName(eventClass);
		return Optional.of(create(eventClass, name, declaration.version(), declaration));
	}

	/**
	 * Asks only a superclass that says itself what it is. One that an interface speaks
	 * for lends nothing, and a name is not taken because of a subclass: the interface
	 * speaks for that one, too.
	 */
	private Optional<EventType> ofSuperclass(Class<?> eventClass) {
		Class<?> parent = eventClass.getSuperclass();
		while (parent != null && parent != Object.class) {
			if (this.registered.contains(parent) || Declaration.of(parent) != null) {
				return find(parent);
			}
			parent = parent.getSuperclass();
		}
		return Optional.empty();
	}

	private static @Nullable Declaration ofInterfaces(Class<?> eventClass) {
		if (Modifier.isAbstract(eventClass.getModifiers()) && !eventClass.isEnum()) {
			// As with an interface. An enum is abstract if its constants have bodies.
			return null;
		}
		Declaration declaration = Declaration.ofInterfaces(eventClass);
		if (declaration != null && GeneratedClasses.isNameless(eventClass)) {
			throw new InvalidEventTypeException("The class " + eventClass.getName() + " is an event by "
					+ Objects.requireNonNull(declaration.declaredBy()).getName() + ", but it is a lambda, a proxy or"
					+ " an anonymous class and has no lasting name to make an event type of. Its events cannot be"
					+ " published. Publish an object of a record or a named class that implements the interface.");
		}
		return declaration;
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
