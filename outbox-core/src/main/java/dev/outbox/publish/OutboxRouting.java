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

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Routes events by rules that a configuration file cannot express. The rules are asked in
 * the order in which they were added; the first one that matches an event decides, alone.
 * It yields to what a message says itself, and wins over {@code outbox.routes} and
 * annotations. Immutable.
 */
public final class OutboxRouting {

	private final List<Rule> rules;

	private OutboxRouting(List<Rule> rules) {
		this.rules = List.copyOf(rules);
	}

	/**
	 * Returns a routing without rules.
	 * @return the routing
	 */
	public static OutboxRouting none() {
		return builder().build();
	}

	/**
	 * Starts a routing.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns the route of an event.
	 * @param payload the payload as it was published
	 * @param eventType its logical type, if it is known without the route
	 * @return the route, or {@code null} if no rule matches
	 */
	@Nullable OutboxRoute<Object> routeOf(Object payload, @Nullable String eventType) {
		for (Rule rule : this.rules) {
			if (rule.condition().test(payload, eventType)) {
				return rule.route();
			}
		}
		return null;
	}

	/**
	 * Collects rules.
	 */
	public static final class Builder {

		private final List<Rule> rules = new ArrayList<>();

		private Builder() {
		}

		/**
		 * Adds a rule for payloads of a class and its subclasses.
		 * @param <T> the class
		 * @param payloadType the class
		 * @param route says what applies to them
		 * @return this builder
		 */
		public <T> Builder route(Class<T> payloadType, Consumer<OutboxRoute<T>> route) {
			return add((payload, eventType) -> payloadType.isInstance(payload), route);
		}

		/**
		 * Adds a rule for events of a logical type.
		 * @param eventType the type, for example {@code order.placed}
		 * @param route says what applies to them
		 * @return this builder
		 */
		public Builder route(String eventType, Consumer<OutboxRoute<Object>> route) {
			return add((payload, type) -> eventType.equals(type), route);
		}

		/**
		 * Adds a rule for payloads that meet a condition.
		 * @param condition the condition
		 * @param route says what applies to them
		 * @return this builder
		 */
		public Builder route(Predicate<Object> condition, Consumer<OutboxRoute<Object>> route) {
			return add((payload, eventType) -> condition.test(payload), route);
		}

		private <T> Builder add(BiPredicate<Object, @Nullable String> condition, Consumer<OutboxRoute<T>> consumer) {
			OutboxRoute<T> route = new OutboxRoute<>();
			consumer.accept(route);
			// The condition lets only payloads of type T through.
			@SuppressWarnings("unchecked")
			OutboxRoute<Object> untyped = (OutboxRoute<Object>) route;
			this.rules.add(new Rule(condition, untyped));
			return this;
		}

		/**
		 * Makes the routing.
		 * @return the routing; later changes to this builder do not affect it
		 */
		public OutboxRouting build() {
			return new OutboxRouting(this.rules);
		}

	}

	private record Rule(BiPredicate<Object, @Nullable String> condition, OutboxRoute<Object> route) {

	}

}
