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

package dev.outbox.store.jpa;

import java.time.Instant;
import java.util.UUID;

import jakarta.persistence.MappedSuperclass;
import org.hibernate.annotations.JdbcType;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of all tables with events have in common. For queries only: a mapper
 * neither inserts, nor changes, nor removes them.
 */
@MappedSuperclass
public abstract class OutboxEntity {

	@JdbcType(EventIdJdbcType.class)
	private UUID eventId = new UUID(0, 0);

	private @Nullable String eventKey;

	private @Nullable String aggregateType;

	private @Nullable String aggregateId;

	private String eventType = "";

	private int eventVersion;

	private String transport = "";

	private String destination = "";

	private @Nullable String options;

	private String contentType = "";

	private @Nullable String headers;

	private byte[] payload = new byte[0];

	private Instant createdAt = Instant.EPOCH;

	/**
	 * For the mapper.
	 */
	protected OutboxEntity() {
	}

	/**
	 * Returns the id that travels with the event.
	 * @return the id
	 */
	public UUID getEventId() {
		return this.eventId;
	}

	/**
	 * Returns the key within which the order of events is kept.
	 * @return the key, {@code null} if the event is unordered
	 */
	public @Nullable String getEventKey() {
		return this.eventKey;
	}

	/**
	 * Returns the type of the aggregate.
	 * @return the type, if there is an aggregate
	 */
	public @Nullable String getAggregateType() {
		return this.aggregateType;
	}

	/**
	 * Returns the id of the aggregate.
	 * @return the id, if there is an aggregate
	 */
	public @Nullable String getAggregateId() {
		return this.aggregateId;
	}

	/**
	 * Returns the logical type of the event.
	 * @return the type
	 */
	public String getEventType() {
		return this.eventType;
	}

	/**
	 * Returns the version of the event's type.
	 * @return the version
	 */
	public int getEventVersion() {
		return this.eventVersion;
	}

	/**
	 * Returns what sends the event.
	 * @return name of the transport
	 */
	public String getTransport() {
		return this.transport;
	}

	/**
	 * Returns where the event goes.
	 * @return name of the destination
	 */
	public String getDestination() {
		return this.destination;
	}

	/**
	 * Returns what the transport is to do with the event beyond sending it.
	 * @return a JSON object, {@code null} if there is nothing
	 */
	public @Nullable String getOptions() {
		return this.options;
	}

	/**
	 * Returns the MIME type of the payload.
	 * @return the type
	 */
	public String getContentType() {
		return this.contentType;
	}

	/**
	 * Returns the headers of the event.
	 * @return a JSON object, {@code null} if there are none
	 */
	public @Nullable String getHeaders() {
		return this.headers;
	}

	/**
	 * Returns the payload. To list many events, ask for a projection without it.
	 * @return the bytes as they are sent
	 */
	public byte[] getPayload() {
		return this.payload;
	}

	/**
	 * Returns when the event occurred.
	 * @return the time
	 */
	public Instant getCreatedAt() {
		return this.createdAt;
	}

}
