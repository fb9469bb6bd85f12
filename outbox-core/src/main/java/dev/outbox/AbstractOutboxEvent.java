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

package dev.outbox;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import com.fasterxml.uuid.Generators;

/**
 * Base class of events that carry their own id and time. Two events are equal if their
 * classes and ids are.
 */
public abstract class AbstractOutboxEvent implements IdentifiedEvent {

	// Not final: a consumer's JSON mapper sets them.

	private UUID eventId;

	private Instant occurredAt;

	/**
	 * Creates an event that occurs now, with a new UUIDv7.
	 */
	protected AbstractOutboxEvent() {
		this(Generators.timeBasedEpochRandomGenerator().generate(), Clock.systemUTC().instant());
	}

	/**
	 * Creates an event with a given id and time.
	 * @param eventId the id
	 * @param occurredAt when the event occurred; what is below a microsecond is cut off
	 */
	protected AbstractOutboxEvent(UUID eventId, Instant occurredAt) {
		this.eventId = eventId;
		this.occurredAt = occurredAt.truncatedTo(ChronoUnit.MICROS);
	}

	@Override
	public final UUID eventId() {
		return this.eventId;
	}

	@Override
	public final Instant occurredAt() {
		return this.occurredAt;
	}

	/**
	 * Returns the id, as a property for mappers.
	 * @return the id
	 */
	public final UUID getEventId() {
		return this.eventId;
	}

	/**
	 * Returns when the event occurred, as a property for mappers.
	 * @return the time
	 */
	public final Instant getOccurredAt() {
		return this.occurredAt;
	}

	@Override
	public final boolean equals(Object other) {
		return this == other || other instanceof AbstractOutboxEvent event && getClass() == event.getClass()
				&& this.eventId.equals(event.eventId);
	}

	@Override
	public final int hashCode() {
		return this.eventId.hashCode();
	}

	@Override
	public String toString() {
		return getClass().getSimpleName() + "[eventId=" + this.eventId + "]";
	}

}
