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

package dev.outbox.store.jdbc;

import java.io.StringWriter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.outbox.OutboxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Headers and options as readable JSON that keeps the types of its values: what JSON has
 * no type for is an object with one entry that names it, for example
 * <code>{"long": 5}</code>.
 */
public final class JsonValues {

	private static final String LONG = "long";

	private static final String BYTES = "bytes";

	private final JsonFactory factory = new JsonFactory();

	/**
	 * Writes values.
	 * @param values strings, booleans, integers, longs, doubles and byte arrays, by name
	 * @return the JSON text, {@code null} if there are no values
	 */
	public @Nullable String write(Map<String, Object> values) {
		if (values.isEmpty()) {
			return null;
		}
		StringWriter text = new StringWriter();
		try (JsonGenerator json = this.factory.createGenerator(ObjectWriteContext.empty(), text)) {
			json.writeStartObject();
			values.forEach((name, value) -> write(json, name, value));
			json.writeEndObject();
		}
		return text.toString();
	}

	private static void write(JsonGenerator json, String name, Object value) {
		json.writeName(name);
		if (value instanceof String string) {
			json.writeString(string);
		}
		else if (value instanceof Boolean bool) {
			json.writeBoolean(bool);
		}
		else if (value instanceof Integer number) {
			json.writeNumber(number);
		}
		else if (value instanceof Double number && Double.isFinite(number)) {
			json.writeNumber(number);
		}
		else if (value instanceof Long number) {
			json.writeStartObject();
			json.writeName(LONG);
			json.writeNumber(number);
			json.writeEndObject();
		}
		else if (value instanceof byte[] bytes) {
			json.writeStartObject();
			json.writeName(BYTES);
			json.writeString(Base64.getEncoder().encodeToString(bytes));
			json.writeEndObject();
		}
		else {
			throw new IllegalArgumentException("The value of '" + name + "' is a " + value.getClass().getName()
					+ ", which cannot be stored. Use a string, boolean, integer, long, finite double or bytes");
		}
	}

	/**
	 * Reads values.
	 * @param text what {@link #write} returned
	 * @return the values, with the same types
	 * @throws OutboxException if it is something else; the message quotes no value
	 */
	public Map<String, Object> read(@Nullable String text) {
		if (text == null) {
			return Map.of();
		}
		Map<String, Object> values = new LinkedHashMap<>();
		try (JsonParser json = this.factory.createParser(ObjectReadContext.empty(), text)) {
			expect(JsonToken.START_OBJECT, json.nextToken(), "the whole");
			for (String name = json.nextName(); name != null; name = json.nextName()) {
				values.put(name, read(json, name));
			}
			expect(JsonToken.END_OBJECT, json.currentToken(), "the whole");
			expect(null, json.nextToken(), "the whole");
			return values;
		}
		catch (JacksonException ex) {
			throw new OutboxException("not the JSON that the outbox writes (" + ex.getClass().getSimpleName()
					+ " in column " + ex.getLocation().getColumnNr() + ')', null);
		}
	}

	private static Object read(JsonParser json, String name) {
		JsonToken token = json.nextToken();
		if (token == null) {
			throw new OutboxException("'" + name + "' has no value");
		}
		return switch (token) {
			case VALUE_TRUE -> Boolean.TRUE;
			case VALUE_FALSE -> Boolean.FALSE;
			case VALUE_NUMBER_INT -> json.getIntValue();
			case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
			case VALUE_STRING -> json.getString();
			case START_OBJECT -> typed(json, name);
			default -> throw new OutboxException("'" + name + "' has a value of no known type");
		};
	}

	private static Object typed(JsonParser json, String name) {
		String type = json.nextName();
		JsonToken token = json.nextToken();
		Object value;
		if (LONG.equals(type) && token == JsonToken.VALUE_NUMBER_INT) {
			value = json.getLongValue();
		}
		else if (BYTES.equals(type) && token == JsonToken.VALUE_STRING) {
			value = bytes(json.getString(), name);
		}
		else {
			throw new OutboxException("'" + name + "' has a value of no known type");
		}
		expect(JsonToken.END_OBJECT, json.nextToken(), "'" + name + "'");
		return value;
	}

	private static byte[] bytes(String text, String name) {
		try {
			return Base64.getDecoder().decode(text);
		}
		catch (IllegalArgumentException ex) {
			throw new OutboxException("'" + name + "' is not Base64", ex);
		}
	}

	private static void expect(@Nullable JsonToken expected, @Nullable JsonToken found, String where) {
		if (found != expected) {
			throw new OutboxException(where + " is not the JSON that the outbox writes");
		}
	}

}
