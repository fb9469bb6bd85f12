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

import java.time.Duration;
import java.util.Map;

import dev.outbox.OutboxRecord;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/**
 * What is known when the relay sends an event. Its carrier is the headers that were
 * stored with the event: the span of the publication in them is the parent.
 */
public final class SendObservationContext extends ReceiverContext<Map<String, Object>> {

	private final OutboxRecord event;

	private final Duration waited;

	SendObservationContext(OutboxRecord event, Duration waited) {
		super((carrier, name) -> (carrier.get(name) instanceof String text) ? text : null, Kind.PRODUCER);
		this.event = event;
		this.waited = waited;
		setCarrier(event.headers());
	}

	/**
	 * Returns the event as it is stored.
	 * @return the event, whose payload and headers are nothing for a span
	 */
	public OutboxRecord event() {
		return this.event;
	}

	/**
	 * Returns the time from the event's {@code createdAt} to this attempt.
	 * @return the time, with the delay of a scheduled event and failed attempts before
	 * this one
	 */
	public Duration waited() {
		return this.waited;
	}

}
