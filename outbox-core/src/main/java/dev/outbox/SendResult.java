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

import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * What became of one record that was handed to a broker.
 *
 * @param eventId id of the event
 * @param eventType logical type of the event
 * @param aggregateId id of the aggregate, if the event has one
 * @param destination where the record was sent
 * @param completedAt when the outcome was known
 * @param position where the broker put the record, for example {@code orders-3@17}, if it
 * says so
 * @param failure why the record was not delivered, or {@code null} if the broker has
 * acknowledged it
 */
public record SendResult(UUID eventId, String eventType, @Nullable String aggregateId, Destination destination,
		Instant completedAt, @Nullable String position, @Nullable SendFailure failure) implements Serializable {

	/**
	 * Returns the result of a record that the broker has acknowledged.
	 * @param event the event
	 * @param completedAt when the acknowledgement arrived
	 * @param position where the broker put the record, if it says so
	 * @return the result
	 */
	public static SendResult acknowledged(OutboxRecord event, Instant completedAt, @Nullable String position) {
		return new SendResult(event.id(), event.eventType(), event.aggregateId(), event.destination(), completedAt,
				position, null);
	}

	/**
	 * Returns the result of a record that was not delivered.
	 * @param event the event
	 * @param completedAt when the failure was known
	 * @param failure the failure
	 * @return the result
	 */
	public static SendResult failed(OutboxRecord event, Instant completedAt, SendFailure failure) {
		return new SendResult(event.id(), event.eventType(), event.aggregateId(), event.destination(), completedAt,
				null, failure);
	}

	/**
	 * Returns whether the broker has acknowledged the record.
	 * @return {@code true} if it has
	 */
	public boolean isAcknowledged() {
		return this.failure == null;
	}

	/**
	 * Requires that the broker has acknowledged the record.
	 * @return this result
	 * @throws SendTimeoutException if its time was over before its outcome was known:
	 * {@link SendFailure#isTimeout()}
	 * @throws SendFailedException if it was not delivered for another reason
	 */
	public SendResult orThrow() {
		if (this.failure == null) {
			return this;
		}
		throw SendFailedException.of(this);
	}

}
