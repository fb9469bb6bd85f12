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

import java.nio.charset.StandardCharsets;

import dev.outbox.EventSerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Passes byte arrays and strings through, and leaves all other payloads to another
 * serializer.
 */
public final class RawPayloadSerializer implements PayloadSerializer {

	/**
	 * MIME type of byte arrays.
	 */
	public static final String BYTES = "application/octet-stream";

	/**
	 * MIME type of strings.
	 */
	public static final String TEXT = "text/plain;charset=utf-8";

	private final @Nullable PayloadSerializer objects;

	/**
	 * Creates a serializer.
	 * @param objects serializes what is neither a byte array nor a string, or
	 * {@code null} if there is no such serializer
	 */
	public RawPayloadSerializer(@Nullable PayloadSerializer objects) {
		this.objects = objects;
	}

	/**
	 * Creates a serializer that writes objects as JSON where Jackson 3 is on the class
	 * path, with Jackson's own defaults.
	 * @return the serializer
	 */
	public static RawPayloadSerializer withDefaults() {
		try {
			Class.forName("tools.jackson.databind.json.JsonMapper", false, RawPayloadSerializer.class.getClassLoader());
		}
		catch (ClassNotFoundException ex) {
			return new RawPayloadSerializer(null);
		}
		return new RawPayloadSerializer(JacksonPayloadSerializer.withDefaults());
	}

	@Override
	public SerializedPayload serialize(Object payload) {
		if (payload instanceof byte[] bytes) {
			return new SerializedPayload(bytes.clone(), BYTES);
		}
		if (payload instanceof String text) {
			return new SerializedPayload(text.getBytes(StandardCharsets.UTF_8), TEXT);
		}
		return objects(payload.getClass()).serialize(payload);
	}

	@Override
	public <T> T deserialize(byte[] payload, String contentType, Class<T> type) {
		if (type == byte[].class) {
			return type.cast(payload.clone());
		}
		if (type == String.class) {
			return type.cast(new String(payload, StandardCharsets.UTF_8));
		}
		return objects(type).deserialize(payload, contentType, type);
	}

	private PayloadSerializer objects(Class<?> type) {
		if (this.objects == null) {
			throw new EventSerializationException("No serializer for " + type.getName()
					+ ": only byte arrays and strings pass without one. Add Jackson 3"
					+ " (tools.jackson.core:jackson-databind) or a bean of type PayloadSerializer.");
		}
		return this.objects;
	}

}
