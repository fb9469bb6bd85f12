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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.OutboxRecord;
import dev.outbox.listener.TraceContext;
import dev.outbox.listener.TraceIds;
import org.jspecify.annotations.Nullable;

/**
 * Puts the headers of an event together: the user's, the trace, and those that describe
 * the event.
 */
final class HeaderWriter {

	/**
	 * Set by the transport, from the event's content type.
	 */
	private static final String CONTENT_TYPE = "content-type";

	/**
	 * Headers of the outbox that a user may set otherwise.
	 */
	private static final Set<String> OPEN = Set.of("ce_source", "ce_subject");

	private static final Set<String> TRACE = Set.of(TraceIds.TRACEPARENT, "tracestate", "baggage");

	private final HeaderSettings settings;

	private final TraceContext trace;

	HeaderWriter(HeaderSettings settings, TraceContext trace) {
		this.settings = settings;
		this.trace = trace;
	}

	/**
	 * Returns the event with all its headers.
	 * @param event the event, with the user's headers
	 * @param correlationId the correlation id, if there is one
	 */
	OutboxRecord complete(OutboxRecord event, @Nullable String correlationId) {
		Map<String, Object> headers = new LinkedHashMap<>(event.headers());
		Object contentType = headers.remove(CONTENT_TYPE);
		if (contentType != null) {
			check(CONTENT_TYPE, contentType, event.contentType(), event);
		}
		describe(event, correlationId).forEach((name, value) -> {
			Object own = headers.putIfAbsent(name, value);
			if (own != null && !OPEN.contains(name)) {
				check(name, own, value, event);
			}
		});
		Map<String, String> context = this.trace.headers(event.eventType(), event.destination());
		if (!context.isEmpty()) {
			// The caller's belong together: a tracestate of another trace would be wrong.
			headers.keySet().removeAll(TRACE);
			headers.putAll(context);
		}
		if (this.settings.xTrace()) {
			translateTrace(headers);
		}
		return new OutboxRecord(event.id(), event.key(), event.aggregateType(), event.aggregateId(), event.eventType(),
				event.eventVersion(), event.destination(), event.options(), event.contentType(),
				Collections.unmodifiableMap(headers), event.payload(), event.createdAt());
	}

	/**
	 * Writes the trace in both families of headers, as {@code traceparent} says it if
	 * there is one.
	 */
	private static void translateTrace(Map<String, Object> headers) {
		TraceIds own = TraceIds.ofXHeaders(headers);
		TraceIds trace = TraceIds.ofTraceparent(headers);
		if (trace != null && (own == null || !own.traceparent().equals(trace.traceparent()))) {
			headers.keySet().removeAll(TraceIds.X_HEADERS);
			headers.putAll(trace.xHeaders());
		}
		else if (own != null) {
			headers.putIfAbsent(TraceIds.TRACEPARENT, own.traceparent());
		}
	}

	private Map<String, Object> describe(OutboxRecord event, @Nullable String correlationId) {
		Map<String, Object> headers = new LinkedHashMap<>();
		HeaderSettings.Style names = this.settings.style();
		if (this.settings.cloudEvents()) {
			boolean binaryKey = event.options().containsKey(OutboxRecord.KEY_ENCODING_OPTION);
			headers.put("ce_specversion", "1.0");
			headers.put("ce_id", event.id().toString());
			headers.put("ce_type", event.eventType());
			headers.put("ce_source", this.settings.source());
			headers.put("ce_time", event.createdAt().toString());
			put(headers, "ce_subject", (event.aggregateId() != null || binaryKey) ? event.aggregateId() : event.key());
		}
		if (this.settings.identity()) {
			headers.put(names.id, event.id().toString());
			headers.put(names.type, event.eventType());
		}
		if (this.settings.version()) {
			headers.put(names.version, event.eventVersion());
		}
		if (this.settings.aggregate()) {
			put(headers, names.aggregateType, event.aggregateType());
			put(headers, names.aggregateId, event.aggregateId());
		}
		if (this.settings.correlation()) {
			put(headers, names.correlation, correlationId);
		}
		return headers;
	}

	private static void put(Map<String, Object> headers, String name, @Nullable String value) {
		if (value != null) {
			headers.put(name, value);
		}
	}

	private static void check(String name, Object own, Object value, OutboxRecord event) {
		if (!own.toString().equals(value.toString())) {
			String problem = "Cannot publish event " + event.id() + " of type " + event.eventType() + ": its header "
					+ name + " is not what the outbox itself sends there";
			throw new InvalidMessageException(Reason.CONTRADICTION, problem
					+ ". The event was neither stored nor sent. Leave the header out and set the message's own field.");
		}
	}

}
