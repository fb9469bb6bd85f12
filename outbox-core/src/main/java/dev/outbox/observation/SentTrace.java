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

package dev.outbox.observation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.outbox.OutboxRecord;
import dev.outbox.listener.TraceIds;
import io.micrometer.observation.Observation;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.micrometer.tracing.propagation.Propagator;

/**
 * The headers of a trace: as they are stored with an event, and as the broker gets them.
 */
final class SentTrace {

	private static final String BAGGAGE = "baggage";

	private final Propagator propagator;

	/**
	 * What names a span. Baggage alone belongs to none.
	 */
	private final Set<String> names;

	SentTrace(Propagator propagator) {
		this.propagator = propagator;
		this.names = new TreeSet<>(propagator.fields());
		this.names.remove(BAGGAGE);
	}

	/**
	 * Returns whether a trace is stored with an event.
	 */
	boolean isIn(OutboxRecord event) {
		for (String name : this.names) {
			if (event.headers().containsKey(name)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns the event with the trace of its observation.
	 * @return a copy; the event itself if the observation is in no trace
	 */
	OutboxRecord replaceIn(OutboxRecord event, Observation.ContextView context) {
		TracingContext tracing = context.get(TracingContext.class);
		if (tracing == null || tracing.getSpan() == null) {
			return event;
		}
		Map<String, String> current = new LinkedHashMap<>();
		this.propagator.inject(tracing.getSpan().context(), current, (carrier, name, value) -> {
			if (carrier != null) {
				carrier.put(name, value);
			}
		});
		if (current.isEmpty()) {
			return event;
		}
		Map<String, Object> headers = new LinkedHashMap<>(event.headers());
		TraceIds stored = TraceIds.ofTraceparent(headers);
		TraceIds other = TraceIds.ofXHeaders(headers);
		headers.keySet().removeAll(this.names);
		headers.putAll(current);
		TraceIds sent = TraceIds.ofTraceparent(headers);
		if (stored != null && sent != null && other != null && other.traceId().equals(stored.traceId())) {
			headers.putAll(sent.childOf(stored).xHeaders());
		}
		return event.withHeaders(headers);
	}

}
