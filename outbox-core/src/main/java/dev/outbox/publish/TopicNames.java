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
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Names the destination of an event that nothing else names one for: neither the message,
 * nor a route, nor an annotation. A bean of this type replaces {@code outbox.topics}.
 * Called by the thread that publishes; does no I/O. Thread-safe.
 */
@FunctionalInterface
public interface TopicNames {

	/**
	 * Names the destination of an event.
	 * @param event what is known about the event
	 * @return name of the topic, exchange or queue, or {@code null} if this does not know
	 * one
	 */
	@Nullable String nameOf(Unnamed event);

	/**
	 * Asks others for what this does not know.
	 * @param next whom to ask
	 * @return the names of this, or else those of {@code next}
	 */
	default TopicNames orElse(TopicNames next) {
		return chain(this, next);
	}

	/**
	 * Names destinations {@code order-events} by the type of the aggregate: the default.
	 * An event without aggregate type has no name.
	 * @return the names
	 */
	static TopicNames aggregateEvents() {
		return (event) -> (event.aggregateType() != null) ? event.aggregateType() + "-events" : null;
	}

	/**
	 * Takes the names from a table.
	 * @param names names of destinations by the logical type of the event, or else by the
	 * type of the aggregate
	 * @return the names
	 */
	static TopicNames map(Map<String, String> names) {
		Map<String, String> copy = Map.copyOf(names);
		return (event) -> {
			String name = copy.get(event.eventType());
			return (name == null && event.aggregateType() != null) ? copy.get(event.aggregateType()) : name;
		};
	}

	/**
	 * Names destinations <code>{prefix}.{aggregateType}</code>; for an event without
	 * aggregate type, <code>{prefix}.{eventType}</code>.
	 * @param prefix the prefix, for example {@code saga.events}
	 * @return the names
	 */
	static TopicNames prefix(String prefix) {
		return (event) -> prefix + '.' + ((event.aggregateType() != null) ? event.aggregateType() : event.eventType());
	}

	/**
	 * Gives all events one destination.
	 * @param name name of the destination
	 * @return the name
	 */
	static TopicNames fixed(String name) {
		return (event) -> name;
	}

	/**
	 * Asks one after the other.
	 * @param links whom to ask
	 * @return the first name that one of them knows
	 */
	static TopicNames chain(TopicNames... links) {
		List<TopicNames> copy = List.of(links);
		return (event) -> {
			for (TopicNames link : copy) {
				String name = link.nameOf(event);
				if (name != null) {
					return name;
				}
			}
			return null;
		};
	}

	/**
	 * An event whose destination has no name yet.
	 *
	 * @param eventType logical type of the event
	 * @param aggregateType type of the aggregate, if there is one
	 * @param transport name of the transport that the event goes through
	 */
	record Unnamed(String eventType, @Nullable String aggregateType, String transport) {

	}

}
