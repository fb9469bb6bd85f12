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

package dev.outbox.test;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import dev.outbox.OutboxRecord;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on an event as it is stored and sent.
 */
public final class OutboxRecordAssert extends AbstractAssert<OutboxRecordAssert, OutboxRecord> {

	OutboxRecordAssert(OutboxRecord actual) {
		super(actual, OutboxRecordAssert.class);
	}

	/**
	 * Requires a logical type.
	 * @param eventType the type
	 * @return this assertion
	 */
	public OutboxRecordAssert hasType(String eventType) {
		return has("type", eventType, existing().eventType());
	}

	/**
	 * Requires a version of the type.
	 * @param version the version
	 * @return this assertion
	 */
	public OutboxRecordAssert hasVersion(int version) {
		return has("version", version, existing().eventVersion());
	}

	/**
	 * Requires a key.
	 * @param key the key, {@code null} for none
	 * @return this assertion
	 */
	public OutboxRecordAssert hasKey(@Nullable String key) {
		return has("key", key, existing().key());
	}

	/**
	 * Requires a destination.
	 * @param destination name of the topic, exchange or queue
	 * @return this assertion
	 */
	public OutboxRecordAssert hasDestination(String destination) {
		return has("destination", destination, existing().destination().name());
	}

	/**
	 * Requires a transport.
	 * @param transport its name
	 * @return this assertion
	 */
	public OutboxRecordAssert hasTransport(String transport) {
		return has("transport", transport, existing().destination().transport());
	}

	/**
	 * Requires a type of the payload.
	 * @param contentType the media type
	 * @return this assertion
	 */
	public OutboxRecordAssert hasContentType(String contentType) {
		return has("content type", contentType, existing().contentType());
	}

	/**
	 * Requires a header.
	 * @param name its name
	 * @param value its value
	 * @return this assertion
	 */
	public OutboxRecordAssert hasHeader(String name, Object value) {
		Map<String, Object> headers = existing().headers();
		if (!headers.containsKey(name)) {
			failWithMessage("Expected a header '%s', but there are %s, in %s", name, headers.keySet(), this.actual);
		}
		return has("header '" + name + "'", value, headers.get(name));
	}

	/**
	 * Requires that there is no such header.
	 * @param name its name
	 * @return this assertion
	 */
	public OutboxRecordAssert hasNoHeader(String name) {
		if (existing().headers().containsKey(name)) {
			failWithMessage("Expected no header '%s', but it is <%s>, in %s", name,
					text(existing().headers().get(name)), this.actual);
		}
		return this;
	}

	/**
	 * Requires an option of the transport.
	 * @param name its name
	 * @param value its value
	 * @return this assertion
	 */
	public OutboxRecordAssert hasOption(String name, Object value) {
		Map<String, Object> options = existing().options();
		if (!options.containsKey(name)) {
			failWithMessage("Expected an option '%s', but there are %s, in %s", name, options.keySet(), this.actual);
		}
		return has("option '" + name + "'", value, options.get(name));
	}

	/**
	 * Requires a payload, character by character.
	 * @param payload the payload as UTF-8 text
	 * @return this assertion
	 */
	public OutboxRecordAssert hasPayload(String payload) {
		return has("payload", payload, text(existing()));
	}

	/**
	 * Looks into the payload with assertions of the test's own, a comparison of JSON for
	 * one.
	 * @param requirements is given the payload as UTF-8 text
	 * @return this assertion
	 */
	public OutboxRecordAssert payloadSatisfies(Consumer<String> requirements) {
		requirements.accept(text(existing()));
		return this;
	}

	static String text(OutboxRecord event) {
		return new String(event.payload(), StandardCharsets.UTF_8);
	}

	private OutboxRecord existing() {
		isNotNull();
		return this.actual;
	}

	private OutboxRecordAssert has(String what, @Nullable Object expected, @Nullable Object actual) {
		if (!Objects.deepEquals(expected, actual)) {
			boolean alike = expected != null && actual != null && text(expected).equals(text(actual));
			failWithMessage("Expected %s <%s>%s, but it is <%s>%s, in %s", what, text(expected), type(alike, expected),
					text(actual), type(alike, actual), this.actual);
		}
		return this;
	}

	/**
	 * A long and an integer that look the same are not.
	 */
	private static String type(boolean needed, @Nullable Object value) {
		return (needed && value != null) ? " (" + value.getClass().getSimpleName() + ")" : "";
	}

	private static String text(@Nullable Object value) {
		return (value instanceof byte[] bytes) ? Arrays.toString(bytes) : String.valueOf(value);
	}

}
