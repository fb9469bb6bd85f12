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
import java.util.Objects;

import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.GivenUp;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * Turns dead letters into documents, and back.
 */
final class LetterDocuments {

	static final String EVENT_ID = "eventId";

	static final String DIED_AT = "diedAt";

	static final String ERROR = "error";

	static final String FINGERPRINT = "fingerprint";

	/**
	 * Whether the later events of the key wait for an operator's decision. Changes
	 * together with the entry of the key that names the letter.
	 */
	static final String BLOCKS_KEY = "blocksKey";

	/**
	 * When the letter is to be forwarded next, missing if it is not to be.
	 */
	static final String FORWARD_AT = "forwardAt";

	static final String FORWARD_ATTEMPTS = "forwardAttempts";

	private static final String STACK_TRACE = "stackTrace";

	private LetterDocuments() {
	}

	/**
	 * Returns the document of an event that is given up.
	 * @param number number of the letter
	 * @param event the document of the event
	 * @param now the server's time
	 * @param givenUp why it is given up
	 * @param blocks whether the later events of its key wait
	 */
	static BsonDocument document(long number, BsonDocument event, BsonDateTime now, GivenUp givenUp, boolean blocks) {
		long attempts = BsonValues.number(event, EventDocuments.ATTEMPTS) + (givenUp.attemptFailed() ? 1 : 0);
		BsonDocument letter = new BsonDocument(EventDocuments.ID, new BsonInt64(number))
			.append(EVENT_ID, event.get(EventDocuments.ID))
			.append(EventDocuments.SEQ, event.get(EventDocuments.SEQ))
			.append(EventDocuments.ATTEMPTS, new BsonInt32((int) attempts))
			.append(DIED_AT, now)
			.append(ERROR, new BsonString(givenUp.error()))
			.append(FINGERPRINT, new BsonString(givenUp.fingerprint()))
			.append(BLOCKS_KEY, BsonBoolean.valueOf(blocks));
		String stackTrace = givenUp.stackTrace();
		if (stackTrace != null) {
			letter.append(STACK_TRACE, new BsonString(stackTrace));
		}
		if (givenUp.forward()) {
			letter.append(FORWARD_AT, now).append(FORWARD_ATTEMPTS, new BsonInt32(0));
		}
		if (event.containsKey(EventDocuments.FIRST_FAILED_AT)) {
			letter.append(EventDocuments.FIRST_FAILED_AT, event.get(EventDocuments.FIRST_FAILED_AT));
		}
		return EventDocuments.copy(event, letter);
	}

	/**
	 * Returns the projection that leaves out what may be long.
	 */
	static BsonDocument summary() {
		return new BsonDocument(EventDocuments.PAYLOAD, new BsonInt32(0)).append(STACK_TRACE, new BsonInt32(0));
	}

	/**
	 * Reads a letter. Headers and options that something else than the outbox has
	 * written, and that cannot be read, are left out.
	 */
	static DeadLetter letter(BsonDocument document) {
		return new DeadLetter(BsonValues.number(document, EventDocuments.ID),
				BsonValues.number(document, EventDocuments.SEQ), (int) BsonValues.number(document, EventDocuments.PART),
				EventDocuments.event(document, EVENT_ID),
				(int) BsonValues.number(document, EventDocuments.PAYLOAD_SIZE),
				(int) BsonValues.number(document, EventDocuments.ATTEMPTS),
				BsonValues.time(document, EventDocuments.FIRST_FAILED_AT),
				Objects.requireNonNull(BsonValues.time(document, DIED_AT)), textOrNone(document, ERROR),
				textOrNone(document, FINGERPRINT), BsonValues.text(document, STACK_TRACE),
				document.getBoolean(BLOCKS_KEY, BsonBoolean.FALSE).getValue(), EventDocuments.defect(document));
	}

	static String textOrNone(BsonDocument document, String field) {
		return Objects.requireNonNullElse(BsonValues.text(document, field), "");
	}

	/**
	 * Returns the condition that the letters meant by a filter fulfil.
	 */
	static BsonDocument matching(DeadLetterFilter filter) {
		BsonDocument matching = new BsonDocument();
		append(matching, EventDocuments.TYPE, filter.eventType());
		append(matching, EventDocuments.KEY, filter.key());
		append(matching, EventDocuments.TRANSPORT, filter.transport());
		append(matching, EventDocuments.DESTINATION, filter.destination());
		append(matching, FINGERPRINT, filter.fingerprint());
		BsonDocument died = new BsonDocument();
		append(died, "$gte", filter.diedFrom());
		append(died, "$lt", filter.diedBefore());
		if (!died.isEmpty()) {
			matching.append(DIED_AT, died);
		}
		if (filter.minAttempts() > 0) {
			matching.append(EventDocuments.ATTEMPTS, new BsonDocument("$gte", new BsonInt32(filter.minAttempts())));
		}
		String error = filter.error();
		return (error != null) ? matching.append("$expr", contains(ERROR, error)) : matching;
	}

	/**
	 * No regular expression, so that nothing has to be quoted.
	 */
	private static BsonDocument contains(String field, String text) {
		BsonDocument at = EventDocuments.call("$indexOfBytes", new BsonString('$' + field),
				new BsonDocument("$literal", new BsonString(text)));
		return EventDocuments.call("$gte", at, new BsonInt32(0));
	}

	private static void append(BsonDocument filter, String field, @Nullable String value) {
		if (value != null) {
			filter.append(field, new BsonString(value));
		}
	}

	private static void append(BsonDocument filter, String operator, @Nullable Instant time) {
		if (time != null) {
			filter.append(operator, BsonValues.timeAtLeast(time));
		}
	}

}
