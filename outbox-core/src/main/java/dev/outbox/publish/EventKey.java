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

import java.lang.reflect.RecordComponent;
import java.util.Base64;
import java.util.UUID;

import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * The ordering key of an event.
 *
 * @param text the key, {@code null} if the event is unordered
 * @param binary whether the text is the Base64 of a binary key
 */
record EventKey(@Nullable String text, boolean binary) {

	static final EventKey NONE = new EventKey(null, false);

	static EventKey of(OutboxMessage message) {
		return new EventKey(message.key(), message.options().containsKey(OutboxRecord.KEY_ENCODING_OPTION));
	}

	static EventKey of(Object key, EventSource event) {
		if (key instanceof byte[] bytes) {
			return new EventKey(Base64.getEncoder().encodeToString(bytes), true);
		}
		if (key instanceof Enum<?> constant) {
			return new EventKey(constant.name(), false);
		}
		if (key instanceof CharSequence || key instanceof Number || key instanceof UUID || key instanceof Boolean
				|| key instanceof Character) {
			return new EventKey(key.toString(), false);
		}
		if (key instanceof Record wrapper && wrapper.getClass().getRecordComponents().length == 1) {
			Object inner = unwrap(wrapper);
			if (inner != null) {
				return of(inner, event);
			}
		}
		// Another class may have no toString() of its own: then each event had its own
		// key.
		throw new InvalidMessageException(Reason.UNSUPPORTED_VALUE,
				"Cannot publish " + event + ": its key is a " + key.getClass().getName()
						+ ". The event was neither stored nor sent. Let the key be a string, number, UUID,"
						+ " enum, byte array, or a record with one such component.");
	}

	private static @Nullable Object unwrap(Record wrapper) {
		RecordComponent component = wrapper.getClass().getRecordComponents()[0];
		try {
			component.getAccessor().setAccessible(true);
			return component.getAccessor().invoke(wrapper);
		}
		catch (ReflectiveOperationException | RuntimeException ex) {
			return null;
		}
	}

}
