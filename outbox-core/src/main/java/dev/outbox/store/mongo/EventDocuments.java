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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.outbox.Destination;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.store.NewEvent;
import dev.outbox.store.StoredEvent;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns events into documents, and back.
 */
final class EventDocuments {

	static final String ID = "_id";

	static final String SEQ = "seq";

	static final String PART = "part";

	static final String KEY = "key";

	static final String TYPE = "type";

	static final String TRANSPORT = "transport";

	static final String DESTINATION = "destination";

	static final String HEADERS = "headers";

	static final String PAYLOAD = "payload";

	static final String PAYLOAD_SIZE = "payloadSize";

	static final String CREATED_AT = "createdAt";

	/**
	 * When the event became due or was put back, missing if it has waited since it was
	 * created.
	 */
	static final String WAITING_SINCE = "waitingSince";

	static final String ATTEMPTS = "attempts";

	static final String CRASHES = "crashes";

	static final String FIRST_FAILED_AT = "firstFailedAt";

	static final String NEXT_ATTEMPT_AT = "nextAttemptAt";

	static final String LAST_ERROR = "lastError";

	/**
	 * Whether the event has come back to its old place.
	 */
	static final String RETURNED = "returned";

	/**
	 * Number of its return.
	 */
	static final String NOTE = "note";

	/**
	 * Lets events that were put back wait from now on. Only an update can set a field to
	 * the server's time.
	 */
	static final BsonDocument WAIT_FROM_NOW = new BsonDocument("$currentDate", MongoWork.toNow(WAITING_SINCE));

	/**
	 * Larger payloads are fetched when there is room for them.
	 */
	private static final int INLINE_PAYLOAD = 16_384;

	private static final String AGGREGATE_TYPE = "aggregateType";

	private static final String AGGREGATE_ID = "aggregateId";

	private static final String VERSION = "version";

	private static final String OPTIONS = "options";

	private static final String CONTENT_TYPE = "contentType";

	/**
	 * What a time has beyond milliseconds, as on every other database.
	 */
	private static final String CREATED_MICROS = "createdMicros";

	private static final int NANOS_PER_MILLI = 1_000_000;

	private static final int NANOS_PER_MICRO = 1_000;

	/**
	 * What an event has wherever it is, but its id.
	 */
	private static final List<String> CONTENT = List.of(PART, KEY, AGGREGATE_TYPE, AGGREGATE_ID, TYPE, VERSION,
			TRANSPORT, DESTINATION, OPTIONS, CONTENT_TYPE, HEADERS, PAYLOAD, PAYLOAD_SIZE, CREATED_AT, CREATED_MICROS);

	private static final String DUE_IN = "dueIn";

	private static final String FAILING_FOR = "failingFor";

	private static final byte[] NONE = {};

	private static final BsonBinary EMPTY = new BsonBinary(NONE);

	private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();

	private EventDocuments() {
	}

	/**
	 * Returns the document of an event, without a number.
	 */
	static BsonDocument document(NewEvent added) {
		OutboxRecord event = added.event();
		BsonDocument document = new BsonDocument(ID, BsonValues.id(event.id())).append(PART,
				new BsonInt32(added.part()));
		append(document, KEY, event.key());
		append(document, AGGREGATE_TYPE, event.aggregateType());
		append(document, AGGREGATE_ID, event.aggregateId());
		document.append(TYPE, new BsonString(event.eventType()))
			.append(VERSION, new BsonInt32(event.eventVersion()))
			.append(TRANSPORT, new BsonString(event.destination().transport()))
			.append(DESTINATION, new BsonString(event.destination().name()));
		append(document, OPTIONS, event.options());
		document.append(CONTENT_TYPE, new BsonString(event.contentType()));
		append(document, HEADERS, event.headers());
		document.append(PAYLOAD, new BsonBinary(event.payload()))
			.append(PAYLOAD_SIZE, new BsonInt32(event.payload().length))
			.append(CREATED_AT, BsonValues.time(event.createdAt()));
		int micros = event.createdAt().getNano() % NANOS_PER_MILLI / NANOS_PER_MICRO;
		return (micros != 0) ? document.append(CREATED_MICROS, new BsonInt32(micros)) : document;
	}

	private static void append(BsonDocument document, String field, @Nullable String value) {
		if (value != null) {
			document.append(field, new BsonString(value));
		}
	}

	private static void append(BsonDocument document, String field, Map<String, Object> values) {
		if (!values.isEmpty()) {
			document.append(field, BsonValues.write(values));
		}
	}

	/**
	 * Returns how many bytes the server has to store. Encodes all but the payload, which
	 * may be large and is stored as it is.
	 */
	static int size(BsonDocument document) {
		BsonDocument rest = new BsonDocument();
		document.forEach((field, value) -> rest.append(field, field.equals(PAYLOAD) ? EMPTY : value));
		try (BasicOutputBuffer encoded = new BasicOutputBuffer();
				BsonBinaryWriter writer = new BsonBinaryWriter(encoded)) {
			CODEC.encode(writer, rest, EncoderContext.builder().build());
			return encoded.getSize() + document.getBinary(PAYLOAD).getData().length;
		}
	}

	/**
	 * Copies what an event has wherever it is, but its id.
	 */
	static BsonDocument copy(BsonDocument from, BsonDocument to) {
		for (String field : CONTENT) {
			BsonValue value = from.get(field);
			if (value != null) {
				to.append(field, value);
			}
		}
		return to;
	}

	/**
	 * Reads an event. Headers and options that something else than the outbox has
	 * written, and that cannot be read, are left out.
	 * @param id the field that has its id
	 */
	static OutboxRecord event(BsonDocument document, String id) {
		return event(document, id, readable(document, OPTIONS), readable(document, HEADERS));
	}

	/**
	 * Returns why something of an event would be left out, {@code null} if nothing is.
	 */
	static @Nullable String defect(BsonDocument document) {
		try {
			requireReadable(document);
			return null;
		}
		catch (OutboxException ex) {
			return ex.getMessage();
		}
	}

	/**
	 * Refuses an event of which something would be left out.
	 */
	static void requireReadable(BsonDocument document) {
		values(document, OPTIONS);
		values(document, HEADERS);
	}

	private static Map<String, Object> readable(BsonDocument document, String field) {
		try {
			return values(document, field);
		}
		catch (OutboxException ex) {
			return Map.of();
		}
	}

	private static OutboxRecord event(BsonDocument document, String id, Map<String, Object> options,
			Map<String, Object> headers) {
		Instant createdAt = Objects.requireNonNull(BsonValues.time(document, CREATED_AT))
			.plusNanos(BsonValues.number(document, CREATED_MICROS) * NANOS_PER_MICRO);
		BsonValue payload = document.get(PAYLOAD);
		return new OutboxRecord(BsonValues.id(document, id), BsonValues.text(document, KEY),
				BsonValues.text(document, AGGREGATE_TYPE), BsonValues.text(document, AGGREGATE_ID),
				required(document, TYPE), (int) BsonValues.number(document, VERSION),
				new Destination(required(document, TRANSPORT), required(document, DESTINATION)), options,
				required(document, CONTENT_TYPE), headers,
				isLoaded(payload) ? document.getBinary(PAYLOAD).getData() : NONE, createdAt);
	}

	/**
	 * Reads an event as {@link #stored()} returns it. Headers and options that something
	 * else than the outbox has written, and that cannot be read, are left out.
	 */
	static StoredEvent stored(long seq, BsonDocument document) {
		String defect = null;
		Map<String, Object> options = Map.of();
		Map<String, Object> headers = Map.of();
		try {
			options = values(document, OPTIONS);
			headers = values(document, HEADERS);
		}
		catch (OutboxException ex) {
			defect = ex.getMessage();
		}
		return new StoredEvent(seq, (int) BsonValues.number(document, PART), event(document, ID, options, headers),
				(int) BsonValues.number(document, PAYLOAD_SIZE), isLoaded(document.get(PAYLOAD)),
				(int) BsonValues.number(document, ATTEMPTS), (int) BsonValues.number(document, CRASHES),
				millis(document, DUE_IN), millis(document, FAILING_FOR), defect);
	}

	private static boolean isLoaded(@Nullable BsonValue payload) {
		return payload != null && payload.isBinary();
	}

	private static Map<String, Object> values(BsonDocument document, String field) {
		try {
			return BsonValues.read(document.get(field));
		}
		catch (OutboxException ex) {
			throw new OutboxException("its " + field + " cannot be read: " + ex.getMessage());
		}
	}

	private static Duration millis(BsonDocument document, String field) {
		return Duration.ofMillis(Math.max(0, BsonValues.number(document, field)));
	}

	private static String required(BsonDocument document, String field) {
		return Objects.requireNonNull(BsonValues.text(document, field), field);
	}

	/**
	 * Returns the expression whose result {@link #stored} reads: the event, with a small
	 * payload only, and with times that are left on the server's clock.
	 */
	static BsonDocument stored() {
		BsonDocument row = new BsonDocument(ID, new BsonString("$_id"));
		for (String field : CONTENT) {
			row.append(field, new BsonString('$' + field));
		}
		return row
			.append(PAYLOAD,
					condition(call("$lte", new BsonString('$' + PAYLOAD_SIZE), new BsonInt32(INLINE_PAYLOAD)),
							new BsonString('$' + PAYLOAD)))
			.append(ATTEMPTS, new BsonString('$' + ATTEMPTS))
			.append(CRASHES, new BsonString('$' + CRASHES))
			.append(DUE_IN, millisBetween("$$NOW", '$' + NEXT_ATTEMPT_AT))
			.append(FAILING_FOR, millisBetween('$' + FIRST_FAILED_AT, "$$NOW"));
	}

	/**
	 * Returns the expression for what lies between two times, {@code null} if there is
	 * only one.
	 */
	static BsonDocument millisBetween(String from, String to) {
		return call("$subtract", new BsonString(to), new BsonString(from));
	}

	/**
	 * Returns the expression for something under a condition, else for nothing.
	 */
	static BsonDocument condition(BsonValue condition, BsonValue then) {
		return call("$cond", condition, then, new BsonString("$$REMOVE"));
	}

	static BsonDocument call(String operator, BsonValue... operands) {
		return new BsonDocument(operator, new BsonArray(List.of(operands)));
	}

	static BsonDocument numbered(BsonDocument document, long seq) {
		return document.append(SEQ, new BsonInt64(seq));
	}

}
