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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * What applies to the events that one rule of an {@link OutboxRouting} matches. What is
 * left out is taken from where it would come from without the rule. The functions are
 * called once for each event, on the publishing thread; what they throw fails the
 * publication. They see the payload as it was published.
 *
 * @param <T> type of the payloads
 */
public final class OutboxRoute<T> {

	private @Nullable String eventType;

	private @Nullable Integer version;

	private @Nullable Function<? super T, @Nullable String> destination;

	private @Nullable String transport;

	private @Nullable Function<? super T, ? extends @Nullable Object> key;

	private final Map<String, Function<? super T, ?>> headers = new LinkedHashMap<>();

	private final Map<String, Function<? super T, ?>> options = new LinkedHashMap<>();

	private @Nullable Function<? super T, ?> mapping;

	private @Nullable Predicate<? super T> filter;

	OutboxRoute() {
	}

	/**
	 * Names the logical type. A class that has no annotation needs no other registration.
	 * @param eventType the type, for example {@code order.placed}
	 * @return this route
	 */
	public OutboxRoute<T> eventType(String eventType) {
		this.eventType = eventType;
		return this;
	}

	/**
	 * Sets the version of the type.
	 * @param version the version, 1 or higher
	 * @return this route
	 */
	public OutboxRoute<T> version(int version) {
		this.version = version;
		return this;
	}

	/**
	 * Sets the destination.
	 * @param destination name of the topic, exchange or queue
	 * @return this route
	 */
	public OutboxRoute<T> destination(String destination) {
		return destination((payload) -> destination);
	}

	/**
	 * Derives the destination from the payload.
	 * @param destination returns the name of the topic, exchange or queue, or
	 * {@code null} to leave it open
	 * @return this route
	 */
	public OutboxRoute<T> destination(Function<? super T, @Nullable String> destination) {
		this.destination = destination;
		return this;
	}

	/**
	 * Sets the transport.
	 * @param transport name of the transport, for example {@code kafka}
	 * @return this route
	 */
	public OutboxRoute<T> transport(String transport) {
		this.transport = transport;
		return this;
	}

	/**
	 * Derives the key from the payload.
	 * @param key returns a string, number, UUID, enum, byte array, or a record of one of
	 * these; or {@code null} for events without order
	 * @return this route
	 */
	public OutboxRoute<T> key(Function<? super T, ? extends @Nullable Object> key) {
		this.key = key;
		return this;
	}

	/**
	 * Adds a header. A header of the same name that a message carries wins.
	 * @param name the name
	 * @param value the value
	 * @return this route
	 */
	public OutboxRoute<T> header(String name, Object value) {
		return header(name, (payload) -> value);
	}

	/**
	 * Adds a header that is derived from the payload.
	 * @param name the name
	 * @param value returns the value
	 * @return this route
	 */
	public OutboxRoute<T> header(String name, Function<? super T, ?> value) {
		this.headers.put(name, value);
		return this;
	}

	/**
	 * Sets an option of the transport. An option of the same name that a message carries
	 * wins.
	 * @param name name of the option, for example {@code routing-key}
	 * @param value the value
	 * @return this route
	 */
	public OutboxRoute<T> option(String name, Object value) {
		return option(name, (payload) -> value);
	}

	/**
	 * Derives an option of the transport from the payload.
	 * @param name name of the option, for example {@code routing-key}
	 * @param value returns the value
	 * @return this route
	 */
	public OutboxRoute<T> option(String name, Function<? super T, ?> value) {
		this.options.put(name, value);
		return this;
	}

	/**
	 * Sends something else than the payload. Type, key and destination stay those of the
	 * payload.
	 * @param mapping returns what is to be serialized
	 * @return this route
	 */
	public OutboxRoute<T> map(Function<? super T, ?> mapping) {
		this.mapping = mapping;
		return this;
	}

	/**
	 * Stores only some of the events. For the others {@code publish} stores nothing, and
	 * the id that it returns is never seen again.
	 * @param filter tells whether to store an event
	 * @return this route
	 */
	public OutboxRoute<T> filter(Predicate<? super T> filter) {
		this.filter = filter;
		return this;
	}

	@Nullable String eventType() {
		return this.eventType;
	}

	@Nullable Integer version() {
		return this.version;
	}

	@Nullable String transport() {
		return this.transport;
	}

	@Nullable String destinationOf(T payload) {
		return (this.destination != null) ? this.destination.apply(payload) : null;
	}

	boolean hasKey() {
		return this.key != null;
	}

	@Nullable Object keyOf(T payload) {
		return (this.key != null) ? this.key.apply(payload) : null;
	}

	Map<String, Object> headersOf(T payload) {
		return values(this.headers, payload);
	}

	Map<String, Object> optionsOf(T payload) {
		return values(this.options, payload);
	}

	private Map<String, Object> values(Map<String, Function<? super T, ?>> functions, T payload) {
		Map<String, Object> values = new LinkedHashMap<>();
		functions.forEach((name, value) -> values.put(name, value.apply(payload)));
		return values;
	}

	Object map(T payload) {
		return (this.mapping != null) ? this.mapping.apply(payload) : payload;
	}

	boolean accepts(T payload) {
		return this.filter == null || this.filter.test(payload);
	}

}
