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

package dev.outbox;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An event in the form in which it is stored and sent: routed and serialized. Nothing
 * that happens to it later looks into its payload.
 *
 * @param id id of the event, a UUIDv7
 * @param key ordering key and the broker's key; {@code null} if the event is unordered.
 * If {@code options} has the entry {@value #KEY_ENCODING_OPTION}={@value #BASE64} it is
 * the Base64 text of a binary key
 * @param aggregateType type of the aggregate, if there is one
 * @param aggregateId id of the aggregate, if there is one
 * @param eventType logical type of the event
 * @param eventVersion version of the event's type
 * @param destination where the event goes
 * @param options what the transport is to do with the event beyond sending it; keys
 * belong to the transport
 * @param contentType MIME type of the payload
 * @param headers headers to send; values are strings, booleans, integers, longs, doubles
 * or byte arrays
 * @param payload the payload, verbatim; not copied, so not to be changed
 * @param createdAt when the event occurred
 */
public record OutboxRecord(UUID id, @Nullable String key, @Nullable String aggregateType, @Nullable String aggregateId,
		String eventType, int eventVersion, Destination destination, Map<String, Object> options, String contentType,
		Map<String, Object> headers, byte[] payload, Instant createdAt) {

	/**
	 * Name of the option that says how {@link #key()} is encoded.
	 */
	public static final String KEY_ENCODING_OPTION = "outbox.key-encoding";

	/**
	 * Value of {@link #KEY_ENCODING_OPTION} for a binary key.
	 */
	public static final String BASE64 = "base64";

	/**
	 * Returns the key as the broker is to see it.
	 * @return the bytes of the binary key, else of the key's UTF-8 text, or {@code null}
	 * if there is no key
	 */
	public byte @Nullable [] keyBytes() {
		if (this.key == null) {
			return null;
		}
		if (BASE64.equals(this.options.get(KEY_ENCODING_OPTION))) {
			return Base64.getDecoder().decode(this.key);
		}
		return this.key.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Returns the same event with another payload.
	 * @param payload the payload
	 * @return a copy
	 */
	public OutboxRecord withPayload(byte[] payload) {
		return new OutboxRecord(this.id, this.key, this.aggregateType, this.aggregateId, this.eventType,
				this.eventVersion, this.destination, this.options, this.contentType, this.headers, payload,
				this.createdAt);
	}

	/**
	 * Returns the same event with other headers.
	 * @param headers the headers
	 * @return a copy
	 */
	public OutboxRecord withHeaders(Map<String, Object> headers) {
		return new OutboxRecord(this.id, this.key, this.aggregateType, this.aggregateId, this.eventType,
				this.eventVersion, this.destination, this.options, this.contentType, headers, this.payload,
				this.createdAt);
	}

	/**
	 * Describes the event without its payload, key and headers: fit for logs.
	 */
	@Override
	public String toString() {
		return "OutboxRecord[id=" + this.id + ", type=" + this.eventType + ", destination=" + this.destination
				+ ", payload=" + this.payload.length + " bytes]";
	}

}
