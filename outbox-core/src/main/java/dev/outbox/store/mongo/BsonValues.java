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

package dev.outbox.store.mongo;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import dev.outbox.OutboxException;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Values as BSON, with the types that they have.
 */
final class BsonValues {

	private static final String NAME = "n";

	private static final String VALUE = "v";

	private BsonValues() {
	}

	static BsonBinary id(UUID id) {
		return new BsonBinary(id);
	}

	static UUID id(BsonValue id) {
		return id.asBinary().asUuid();
	}

	static UUID id(BsonDocument document, String field) {
		return document.getBinary(field).asUuid();
	}

	static @Nullable String text(BsonDocument document, String field) {
		BsonValue value = document.get(field);
		return (value != null && value.isString()) ? value.asString().getValue() : null;
	}

	static long number(BsonDocument document, String field) {
		BsonValue value = document.get(field);
		return (value != null && value.isNumber()) ? value.asNumber().longValue() : 0;
	}

	static BsonDateTime time(Instant time) {
		return new BsonDateTime(time.toEpochMilli());
	}

	/**
	 * Returns a time that is not earlier, in the milliseconds that BSON has.
	 */
	static BsonDateTime timeAtLeast(Instant time) {
		return new BsonDateTime(time.plusNanos(999_999).toEpochMilli());
	}

	static @Nullable Instant time(BsonDocument document, String field) {
		BsonValue value = document.get(field);
		return (value != null && value.isDateTime()) ? Instant.ofEpochMilli(value.asDateTime().getValue()) : null;
	}

	/**
	 * Writes values as a list of names and values: a name may contain what the name of a
	 * field must not.
	 * @param values strings, booleans, integers, longs, doubles and byte arrays, by name
	 */
	static BsonArray write(Map<String, Object> values) {
		BsonArray list = new BsonArray(values.size());
		values.forEach((name, value) -> list
			.add(new BsonDocument(NAME, new BsonString(name)).append(VALUE, write(name, value))));
		return list;
	}

	private static BsonValue write(String name, Object value) {
		if (value instanceof String text) {
			return new BsonString(text);
		}
		if (value instanceof Boolean bool) {
			return BsonBoolean.valueOf(bool);
		}
		if (value instanceof Integer number) {
			return new BsonInt32(number);
		}
		if (value instanceof Long number) {
			return new BsonInt64(number);
		}
		if (value instanceof Double number && Double.isFinite(number)) {
			return new BsonDouble(number);
		}
		if (value instanceof byte[] bytes) {
			return new BsonBinary(bytes);
		}
		throw new IllegalArgumentException("The value of '" + name + "' is a " + value.getClass().getName()
				+ ", which cannot be stored. Use a string, boolean, integer, long, finite double or bytes");
	}

	/**
	 * Reads values.
	 * @param list what {@link #write} returned, or {@code null}
	 * @return the values, with the same types
	 * @throws OutboxException if it is something else; the message quotes no value
	 */
	static Map<String, Object> read(@Nullable BsonValue list) {
		if (list == null || list.isNull()) {
			return Map.of();
		}
		if (!list.isArray()) {
			throw new OutboxException("not the list that the outbox writes, but of type " + list.getBsonType());
		}
		Map<String, Object> values = new LinkedHashMap<>();
		for (BsonValue entry : list.asArray()) {
			String name = entry.isDocument() ? text(entry.asDocument(), NAME) : null;
			if (name == null) {
				throw new OutboxException("not the list that the outbox writes: an entry has no name");
			}
			values.put(name, read(name, entry.asDocument().get(VALUE)));
		}
		return values;
	}

	/**
	 * Adds a value to a list that {@link #write} has returned, if there is one.
	 */
	static void add(BsonDocument document, String field, String name, String value) {
		BsonArray values = document.getArray(field, new BsonArray()).clone();
		values.add(new BsonDocument(NAME, new BsonString(name)).append(VALUE, new BsonString(value)));
		document.append(field, values);
	}

	/**
	 * Looks for a value in a list that {@link #write} has returned, if there is one.
	 */
	static @Nullable BsonValue find(BsonDocument document, String field, String name) {
		BsonValue list = document.get(field);
		if (list != null && list.isArray()) {
			for (BsonValue entry : list.asArray()) {
				if (entry.isDocument() && name.equals(text(entry.asDocument(), NAME))) {
					return entry.asDocument().get(VALUE);
				}
			}
		}
		return null;
	}

	private static Object read(String name, @Nullable BsonValue value) {
		if (value == null) {
			throw new OutboxException("'" + name + "' has no value");
		}
		return switch (value.getBsonType()) {
			case STRING -> value.asString().getValue();
			case BOOLEAN -> value.asBoolean().getValue();
			case INT32 -> value.asInt32().getValue();
			case INT64 -> value.asInt64().getValue();
			case DOUBLE -> value.asDouble().getValue();
			case BINARY -> bytes(name, value.asBinary());
			default -> throw new OutboxException("'" + name + "' has a value of no known type");
		};
	}

	private static byte[] bytes(String name, BsonBinary binary) {
		if (binary.getType() != BsonBinarySubType.BINARY.getValue()) {
			throw new OutboxException("'" + name + "' has a value of no known type");
		}
		return binary.getData();
	}

}
