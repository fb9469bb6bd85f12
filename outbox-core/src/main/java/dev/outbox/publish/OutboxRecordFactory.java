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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.OutboxException;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.PayloadTooLargeException;
import dev.outbox.listener.TraceContext;
import dev.outbox.payload.EventTypes;
import dev.outbox.payload.PayloadSerializer;
import dev.outbox.payload.SerializedPayload;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a user publishes into what is stored and sent: names, routes, serializes and
 * validates it. Does no I/O. Thread-safe.
 */
public final class OutboxRecordFactory {

	private final EventTypes types;

	private final OutboxRouting routing;

	private final PayloadSerializer serializer;

	private final WriteSettings settings;

	private final Router router;

	private final HeaderWriter headers;

	private final IdGenerator ids;

	private final Clock clock;

	/**
	 * Creates a factory.
	 * @param types names of the events
	 * @param routing rules that route events
	 * @param serializer serializes payloads
	 * @param settings the settings
	 * @param trace gives each event the trace in which it is published
	 * @param ids makes ids for events that carry none
	 * @param clock tells when events without a time occurred, and is what
	 * {@code deliverAfter} counts from
	 */
	public OutboxRecordFactory(EventTypes types, OutboxRouting routing, PayloadSerializer serializer,
			WriteSettings settings, TraceContext trace, IdGenerator ids, Clock clock) {
		this.types = types;
		this.routing = routing;
		this.serializer = serializer;
		this.settings = settings;
		this.router = new Router(settings);
		this.headers = new HeaderWriter(settings.headers(), trace);
		this.ids = ids;
		this.clock = clock;
	}

	/**
	 * Returns whether an object is an event: a message, or of a class that is annotated,
	 * registered or routed.
	 * @param candidate the object
	 * @return {@code true} if {@link #create} knows what to do with it
	 */
	public boolean isEvent(Object candidate) {
		return EventSource.of(candidate, this.types, this.routing).isEvent();
	}

	/**
	 * Prepares an event for being stored or sent.
	 * @param event the event or message
	 * @param extraHeaders headers to add to the event's own
	 * @return the event; empty if a filter of the routing has left it out
	 * @throws OutboxException if it cannot be published; says why
	 */
	public Optional<PreparedEvent> create(Object event, Map<String, Object> extraHeaders) {
		EventSource source = EventSource.of(event, this.types, this.routing);
		String eventType = source.eventType();
		OutboxRoute<Object> route = source.route();
		if (route != null && !route.accepts(source.payload())) {
			return Optional.empty();
		}
		OutboxMessage message = source.message();
		EventKey key = source.key();
		UUID id = source.id();
		Instant occurredAt = source.occurredAt();
		Instant now = this.clock.instant().truncatedTo(ChronoUnit.MICROS);
		SerializedPayload payload = serialize(source, route);
		Router.Target target = this.router.route(source, eventType);
		OutboxRecord plain = new OutboxRecord((id != null) ? id : this.ids.next(), key.text(), source.aggregateType(),
				source.aggregateId(key), eventType, source.version(), target.destination(), options(target, key),
				contentType(message, payload), ownHeaders(source, extraHeaders), payload.bytes(),
				(occurredAt != null) ? occurredAt : now);
		String correlationId = (message != null) ? message.correlationId() : null;
		PreparedEvent prepared = new PreparedEvent(plain, (message != null) ? due(message, now) : null,
				(message != null) ? message.idempotencyKey() : null);
		EventValidator.check(prepared, correlationId);
		this.settings.transports()
			.stream()
			.filter((transport) -> transport.transport().equals(plain.destination().transport()))
			.forEach((transport) -> transport.check(plain));
		OutboxRecord complete = this.headers.complete(plain, correlationId);
		return Optional.of(new PreparedEvent(complete, prepared.deliverAt(), prepared.idempotencyKey()));
	}

	/**
	 * Returns the id of an event that a filter has left out.
	 */
	UUID idOf(Object event) {
		UUID id = EventSource.of(event, this.types, this.routing).id();
		return (id != null) ? id : this.ids.next();
	}

	/**
	 * Names events without iterating over them, for that may be possible only once.
	 */
	static String describe(Iterable<?> events) {
		Object only = (events instanceof List<?> list && list.size() == 1) ? list.get(0) : null;
		if (only instanceof OutboxMessage message) {
			return "a message of type " + message.eventType();
		}
		return (only != null) ? "an event of " + only.getClass().getName() : "events";
	}

	private SerializedPayload serialize(EventSource source, @Nullable OutboxRoute<Object> route) {
		Object payload = (route != null) ? route.map(source.payload()) : source.payload();
		SerializedPayload serialized = this.serializer.serialize(payload);
		if (serialized.bytes().length > this.settings.maxPayloadSize()) {
			throw new PayloadTooLargeException(source.toString(), serialized.bytes().length,
					this.settings.maxPayloadSize());
		}
		return serialized;
	}

	private static Map<String, Object> ownHeaders(EventSource source, Map<String, Object> extraHeaders) {
		Map<String, Object> headers = new LinkedHashMap<>();
		if (source.route() != null) {
			headers.putAll(source.route().headersOf(source.payload()));
		}
		if (source.message() != null) {
			headers.putAll(source.message().headers());
		}
		headers.putAll(extraHeaders);
		return headers;
	}

	private static Map<String, Object> options(Router.Target target, EventKey key) {
		Map<String, Object> options = new LinkedHashMap<>(target.options());
		if (key.binary()) {
			options.put(OutboxRecord.KEY_ENCODING_OPTION, OutboxRecord.BASE64);
		}
		return Collections.unmodifiableMap(options);
	}

	private static String contentType(@Nullable OutboxMessage message, SerializedPayload payload) {
		return (message != null && message.contentType() != null) ? message.contentType() : payload.contentType();
	}

	private static @Nullable Instant due(OutboxMessage message, Instant now) {
		Instant deliverAt = message.deliverAt();
		Duration delay = message.deliverAfter();
		if (delay != null) {
			if (delay.isNegative()) {
				String problem = "Cannot publish a message of type " + message.eventType() + ": deliverAfter=" + delay;
				throw new InvalidMessageException(Reason.OUT_OF_RANGE,
						problem + ". The event was neither stored nor sent. Set a duration that is not negative.");
			}
			deliverAt = now.plus(delay);
		}
		return (deliverAt != null && deliverAt.isAfter(now)) ? deliverAt : null;
	}

}
