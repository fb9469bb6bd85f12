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

package dev.outbox.transport.rabbit;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

import dev.outbox.InvalidEventTypeException;

/**
 * All that classes declare, each exchange and queue once.
 */
final class Declarations {

	private final Map<String, DeclaredExchange> exchanges = new LinkedHashMap<>();

	private final Map<String, DeclaredQueue> queues = new LinkedHashMap<>();

	private final Set<DeclaredBinding> bindings = new LinkedHashSet<>();

	private Declarations() {
	}

	/**
	 * Reads the declarations of classes.
	 * @param eventClasses the classes; those without declaration are left out
	 * @return what they declare together
	 * @throws InvalidEventTypeException if a declaration is wrong, or contradicts another
	 */
	static Declarations of(Collection<Class<?>> eventClasses) {
		return of(eventClasses, (problem) -> {
			throw problem;
		});
	}

	/**
	 * Reads the declarations of classes, and leaves out what contradicts an earlier one.
	 * @param eventClasses the classes; those without declaration are left out
	 * @param contradiction told of what is left out
	 * @return what they declare together
	 */
	static Declarations of(Collection<Class<?>> eventClasses, Consumer<InvalidEventTypeException> contradiction) {
		Declarations all = new Declarations();
		for (Class<?> eventClass : eventClasses) {
			try {
				all.add(eventClass);
			}
			catch (InvalidEventTypeException ex) {
				contradiction.accept(ex);
			}
		}
		return all;
	}

	private void add(Class<?> eventClass) {
		TopicDeclaration declaration = TopicDeclaration.of(eventClass);
		if (declaration != null) {
			declaration.exchanges().forEach((exchange) -> add(this.exchanges, exchange, eventClass));
			declaration.queues().forEach((queue) -> add(this.queues, queue, eventClass));
			this.bindings.addAll(declaration.bindings());
		}
	}

	private static <T extends DeclaredPart> void add(Map<String, T> known, T part, Class<?> eventClass) {
		T other = known.get(part.name());
		if (other == null || other.onlyNamed()) {
			known.put(part.name(), part);
		}
		else if (!part.onlyNamed() && !part.equals(other)) {
			throw new InvalidEventTypeException("The @RabbitTopic on " + eventClass.getName() + " declares " + part
					+ ", but elsewhere it is " + other + ". Nothing was created or compared. Declare it in one place"
					+ " and name it elsewhere by @OutboxEvent(destination), or declare the same everywhere.");
		}
	}

	/**
	 * Returns what is declared about an exchange.
	 * @param name its name, which a binding mentions
	 */
	DeclaredExchange exchange(String name) {
		return Objects.requireNonNull(this.exchanges.get(name));
	}

	Collection<DeclaredExchange> exchanges() {
		return this.exchanges.values();
	}

	Collection<DeclaredQueue> queues() {
		return this.queues.values();
	}

	Collection<DeclaredBinding> bindings() {
		return this.bindings;
	}

	/**
	 * Whether a queue belongs to the connection that creates it.
	 */
	boolean hasExclusiveQueue() {
		return this.queues.values().stream().anyMatch(DeclaredQueue::exclusive);
	}

}
