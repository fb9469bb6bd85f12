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

import dev.outbox.EventSerializationException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serializes payloads as JSON with Jackson 3.
 */
public final class JacksonPayloadSerializer implements PayloadSerializer {

	/**
	 * MIME type of JSON.
	 */
	public static final String JSON = "application/json";

	private final JsonMapper mapper;

	/**
	 * Creates a serializer that writes JSON as a mapper does, with a copy of that mapper.
	 * @param mapper the mapper, for example the application's; its default typing, if it
	 * has one, is not taken over: no class name gets into a payload
	 */
	public JacksonPayloadSerializer(JsonMapper mapper) {
		this.mapper = mapper.rebuild().deactivateDefaultTyping().build();
	}

	static JacksonPayloadSerializer withDefaults() {
		return new JacksonPayloadSerializer(JsonMapper.builder().build());
	}

	@Override
	public SerializedPayload serialize(Object payload) {
		try {
			return new SerializedPayload(this.mapper.writeValueAsBytes(payload), JSON);
		}
		catch (JacksonException ex) {
			throw new EventSerializationException("Cannot write " + payload.getClass().getName() + " as JSON ("
					+ ex.getClass().getSimpleName() + "): see the cause for the property. Make the class serializable"
					+ " by Jackson, map it by an OutboxRouting, or publish bytes.", ex);
		}
	}

	@Override
	public <T> T deserialize(byte[] payload, String contentType, Class<T> type) {
		T value;
		try {
			value = this.mapper.readValue(payload, type);
		}
		catch (JacksonException ex) {
			throw new EventSerializationException("Cannot read " + type.getName() + " from " + payload.length
					+ " bytes of " + contentType + " (" + ex.getClass().getSimpleName()
					+ "): see the cause for the place. The payload is left as it is.", ex);
		}
		if (value == null) {
			throw new EventSerializationException(
					"Cannot read " + type.getName() + " from the JSON literal null. The payload is left as it is.");
		}
		return value;
	}

}
