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

import java.util.Map;

import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what not every store and broker could carry unchanged.
 */
final class EventValidator {

	/**
	 * Longest text of a field: what a column that is part of an index can hold in every
	 * database.
	 */
	static final int MAX_LENGTH = 256;

	private static final String RESERVED = "outbox.";

	private EventValidator() {
	}

	static void check(PreparedEvent prepared, @Nullable String correlationId) {
		OutboxRecord event = prepared.record();
		if (event.key() != null && event.key().isEmpty()) {
			throw invalid(Reason.EMPTY_KEY, event, "its key is empty", "Set a key, or none at all for no order");
		}
		text(event, "key", event.key());
		text(event, "eventType", event.eventType());
		text(event, "aggregateType", event.aggregateType());
		text(event, "aggregateId", event.aggregateId());
		text(event, "destination", event.destination().name());
		text(event, "transport", event.destination().transport());
		text(event, "contentType", event.contentType());
		text(event, "correlationId", correlationId);
		text(event, "idempotencyKey", prepared.idempotencyKey());
		if (event.eventVersion() < 1) {
			throw invalid(Reason.OUT_OF_RANGE, event, "its version is " + event.eventVersion(),
					"Set a version of 1 or higher");
		}
		values(event, "header", event.headers());
		values(event, "option", event.options());
	}

	private static void text(OutboxRecord event, String field, @Nullable String value) {
		if (value == null) {
			return;
		}
		if (value.isBlank()) {
			throw invalid(Reason.BLANK_TEXT, event, "its " + field + " is blank", "Set it, or leave it out");
		}
		if (value.length() > MAX_LENGTH) {
			throw invalid(Reason.TOO_LONG, event,
					"its " + field + " has " + value.length() + " characters, more than " + MAX_LENGTH, "Shorten it");
		}
		int bad = illegalCharacter(value);
		if (bad >= 0) {
			throw invalid(Reason.ILLEGAL_CHARACTER, event,
					"its " + field + " has a control character or half a surrogate pair at index " + bad,
					"Remove the character");
		}
	}

	private static int illegalCharacter(String value) {
		for (int i = 0; i < value.length(); i++) {
			char character = value.charAt(i);
			if (Character.isHighSurrogate(character) && i + 1 < value.length()
					&& Character.isLowSurrogate(value.charAt(i + 1))) {
				i++;
			}
			else if (Character.isISOControl(character) || Character.isSurrogate(character)) {
				return i;
			}
		}
		return -1;
	}

	private static void values(OutboxRecord event, String kind, Map<String, Object> values) {
		values.forEach((name, value) -> {
			text(event, "name of a " + kind, name);
			if (kind.equals("option") && name.startsWith(RESERVED)
					&& !(name.equals(OutboxRecord.KEY_ENCODING_OPTION) && OutboxRecord.BASE64.equals(value))) {
				throw invalid(Reason.CONTRADICTION, event, "its option " + name + " is reserved",
						"Choose a name that does not begin with " + RESERVED);
			}
			if (!isCarried(value)) {
				throw invalid(Reason.UNSUPPORTED_VALUE, event,
						"its " + kind + " " + name + " cannot be carried (" + typeOf(value) + ")",
						"Use a string, boolean, integer, long, finite double or byte array");
			}
		});
	}

	private static boolean isCarried(@Nullable Object value) {
		return value instanceof String || value instanceof Boolean || value instanceof Integer || value instanceof Long
				|| value instanceof byte[] || value instanceof Double number && Double.isFinite(number);
	}

	private static String typeOf(@Nullable Object value) {
		return (value != null) ? value.getClass().getName() : "null";
	}

	private static InvalidMessageException invalid(Reason reason, OutboxRecord event, String problem, String remedy) {
		return new InvalidMessageException(reason, "Cannot publish event " + event.id() + " of type '"
				+ event.eventType() + "': " + problem + ". The event was neither stored nor sent. " + remedy + ".");
	}

}
