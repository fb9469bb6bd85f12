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

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

import dev.outbox.IdentifiedEvent;
import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.OutboxMessage;
import dev.outbox.UnknownEventTypeException;
import dev.outbox.payload.EventType;
import dev.outbox.payload.EventTypes;
import org.jspecify.annotations.Nullable;

/**
 * What was published, together with all that is known about it: asks the message first,
 * then the route, then the class.
 */
record EventSource(@Nullable OutboxMessage message, Object payload, @Nullable EventType type,
		@Nullable OutboxRoute<Object> route) {

	static EventSource of(Object event, EventTypes types, OutboxRouting routing) {
		OutboxMessage message = (event instanceof OutboxMessage given) ? given : null;
		Object payload = (message != null) ? message.payload() : event;
		EventType type = types.find(payload.getClass()).orElse(null);
		String name = (message != null && message.eventType() != null) ? message.eventType()
				: (type != null) ? type.name() : null;
		return new EventSource(message, payload, type, routing.routeOf(payload, name));
	}

	/**
	 * Whether anything says that this is an event.
	 */
	boolean isEvent() {
		return this.message != null || this.type != null || this.route != null;
	}

	String eventType() {
		if (this.message != null && this.message.eventType() != null) {
			return this.message.eventType();
		}
		if (this.route != null && this.route.eventType() != null) {
			return this.route.eventType();
		}
		if (this.type != null) {
			return this.type.name();
		}
		if (this.route != null && this.message == null) {
			return EventTypes.defaultName(this.payload.getClass());
		}
		String remedy = (this.message != null) ? "Call eventType(...) on the message."
				: "Annotate the class with @OutboxEvent, route it by an OutboxRouting, or publish an OutboxMessage.";
		throw new UnknownEventTypeException("Cannot publish " + this
				+ ": nothing names its logical type. The event was neither stored nor sent. " + remedy);
	}

	int version() {
		if (this.message != null && this.message.version() != null) {
			return this.message.version();
		}
		if (this.route != null && this.route.version() != null) {
			return this.route.version();
		}
		return (this.type != null) ? this.type.version() : 1;
	}

	EventKey key() {
		if (this.message != null && this.message.key() != null) {
			return EventKey.of(this.message);
		}
		if (this.route != null && this.route.hasKey()) {
			Object key = this.route.keyOf(this.payload);
			return (key != null) ? EventKey.of(key, this) : EventKey.NONE;
		}
		if (this.message != null && this.message.aggregateId() != null) {
			return new EventKey(this.message.aggregateId(), false);
		}
		if (this.type == null || !this.type.hasKey()) {
			return EventKey.NONE;
		}
		Object key = this.type.key(this.payload);
		if (key == null) {
			throw new InvalidMessageException(Reason.EMPTY_KEY, "Cannot publish " + this
					+ ": its key property is null, so it would lose its order. The event was neither stored nor sent."
					+ " Set the property, or declare no key.");
		}
		return EventKey.of(key, this);
	}

	@Nullable String aggregateType() {
		if (this.message != null && this.message.aggregateType() != null) {
			return this.message.aggregateType();
		}
		return (this.type != null) ? this.type.aggregateType() : null;
	}

	@Nullable String aggregateId(EventKey key) {
		if (this.message != null && this.message.aggregateId() != null) {
			return this.message.aggregateId();
		}
		return (aggregateType() != null && !key.binary()) ? key.text() : null;
	}

	@Nullable UUID id() {
		UUID given = (this.message != null) ? this.message.id() : null;
		UUID own = (this.payload instanceof IdentifiedEvent event) ? event.eventId() : null;
		return one("id", given, own);
	}

	@Nullable Instant occurredAt() {
		Instant given = (this.message != null) ? this.message.occurredAt() : null;
		Instant own = (this.payload instanceof IdentifiedEvent event) ? event.occurredAt() : null;
		return one("occurredAt", micros(given), micros(own));
	}

	private static @Nullable Instant micros(@Nullable Instant time) {
		return (time != null) ? time.truncatedTo(ChronoUnit.MICROS) : null;
	}

	private <V> @Nullable V one(String field, @Nullable V given, @Nullable V own) {
		if (given != null && own != null && !Objects.equals(given, own)) {
			throw new InvalidMessageException(Reason.CONTRADICTION,
					"Cannot publish " + this + ": the message says " + field + "=" + given + ", its payload says " + own
							+ ". The event was neither stored nor sent. Set " + field + " in one place.");
		}
		return (given != null) ? given : own;
	}

	/**
	 * Names the event without its content.
	 */
	@Override
	public String toString() {
		if (this.message != null) {
			return "a message of type " + this.message.eventType() + " with a payload of "
					+ this.payload.getClass().getName();
		}
		return "an event of " + this.payload.getClass().getName();
	}

}
