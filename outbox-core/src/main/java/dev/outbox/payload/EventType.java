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

import org.jspecify.annotations.Nullable;

/**
 * What is known about a class of events.
 */
public final class EventType {

	private final Class<?> eventClass;

	private final String name;

	private final int version;

	private final Declaration declaration;

	private final @Nullable PropertyReader key;

	EventType(Class<?> eventClass, String name, int version, Declaration declaration) {
		this.eventClass = eventClass;
		this.name = name;
		this.version = version;
		this.declaration = declaration;
		this.key = (declaration.key() != null) ? PropertyReader.of(eventClass, declaration.key()) : null;
	}

	/**
	 * Returns the class.
	 * @return the class that carries the annotation or was registered
	 */
	public Class<?> eventClass() {
		return this.eventClass;
	}

	/**
	 * Returns the class whose annotations say what is known.
	 * @return the class itself, one of its superclasses or an interface of it
	 */
	public Class<?> declaringClass() {
		Class<?> declaredBy = this.declaration.declaredBy();
		return (declaredBy != null) ? declaredBy : this.eventClass;
	}

	/**
	 * Returns the logical name, for example {@code order.placed}.
	 * @return the name
	 */
	public String name() {
		return this.name;
	}

	/**
	 * Returns the version.
	 * @return the version, at least 1
	 */
	public int version() {
		return this.version;
	}

	/**
	 * Returns whether the class says itself that it is an event.
	 * @return {@code false} if it was only registered
	 */
	public boolean isAnnotated() {
		return this.declaration != Declaration.NOTHING;
	}

	/**
	 * Returns the type of the aggregate.
	 * @return the type, or {@code null} if none is declared
	 */
	public @Nullable String aggregateType() {
		return this.declaration.aggregateType();
	}

	/**
	 * Returns the declared destination.
	 * @return the destination, or {@code null} if none is declared
	 */
	public @Nullable String destination() {
		return this.declaration.destination();
	}

	/**
	 * Returns the declared transport.
	 * @return the transport, or {@code null} if none is declared, or several
	 */
	public @Nullable String transport() {
		return this.declaration.transport();
	}

	/**
	 * Returns whether events of this class have a key.
	 * @return {@code true} if a property is declared to be the key
	 */
	public boolean hasKey() {
		return this.key != null;
	}

	/**
	 * Reads the key of an event.
	 * @param event the event
	 * @return the value of the key property, or {@code null} if it is {@code null} or no
	 * property is declared to be the key
	 */
	public @Nullable Object key(Object event) {
		return (this.key != null) ? this.key.read(event) : null;
	}

	@Override
	public String toString() {
		return this.name + " v" + this.version + " (" + this.eventClass.getName() + ")";
	}

}
