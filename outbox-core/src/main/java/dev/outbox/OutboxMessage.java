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

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An event whose fields are set by hand. Immutable; made by {@link #builder()} or
 * {@link #of}. What is left out is filled in by routing, or has a default.
 */
public final class OutboxMessage {

	private final Builder values;

	private OutboxMessage(Builder values) {
		this.values = values;
	}

	/**
	 * Creates a message about an aggregate, whose id is also the event's key.
	 * @param aggregateType type of the aggregate, for example {@code order}
	 * @param aggregateId id of the aggregate
	 * @param eventType logical type of the event, for example {@code order.placed}
	 * @param payload any object that can be serialized, a string, or bytes
	 * @return the message
	 */
	public static OutboxMessage of(String aggregateType, String aggregateId, String eventType, Object payload) {
		return builder().aggregateType(aggregateType)
			.aggregateId(aggregateId)
			.eventType(eventType)
			.payload(payload)
			.build();
	}

	/**
	 * Starts a message.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	public @Nullable UUID id() {
		return this.values.id;
	}

	public @Nullable String key() {
		return this.values.key;
	}

	public @Nullable String aggregateType() {
		return this.values.aggregateType;
	}

	public @Nullable String aggregateId() {
		return this.values.aggregateId;
	}

	public @Nullable String eventType() {
		return this.values.eventType;
	}

	public @Nullable Integer version() {
		return this.values.version;
	}

	public Object payload() {
		return Objects.requireNonNull(this.values.payload);
	}

	public @Nullable String contentType() {
		return this.values.contentType;
	}

	public @Nullable String transport() {
		return this.values.transport;
	}

	public @Nullable String destination() {
		return this.values.destination;
	}

	public Map<String, Object> headers() {
		return this.values.headers;
	}

	public Map<String, Object> options() {
		return this.values.options;
	}

	public @Nullable String correlationId() {
		return this.values.correlationId;
	}

	public @Nullable Instant deliverAt() {
		return this.values.deliverAt;
	}

	public @Nullable Duration deliverAfter() {
		return this.values.deliverAfter;
	}

	public @Nullable String idempotencyKey() {
		return this.values.idempotencyKey;
	}

	public @Nullable Instant occurredAt() {
		return this.values.occurredAt;
	}

	/**
	 * Collects the fields of a message. Not thread-safe. Every field but the payload is
	 * optional.
	 */
	public static final class Builder {

		private @Nullable UUID id;

		private @Nullable String key;

		private @Nullable String aggregateType;

		private @Nullable String aggregateId;

		private @Nullable String eventType;

		private @Nullable Integer version;

		private @Nullable Object payload;

		private @Nullable String contentType;

		private @Nullable String transport;

		private @Nullable String destination;

		private Map<String, Object> headers = new LinkedHashMap<>();

		private Map<String, Object> options = new LinkedHashMap<>();

		private @Nullable String correlationId;

		private @Nullable Instant deliverAt;

		private @Nullable Duration deliverAfter;

		private @Nullable String idempotencyKey;

		private @Nullable Instant occurredAt;

		private Builder() {
		}

		private Builder(Builder other) {
			this.id = other.id;
			this.key = other.key;
			this.aggregateType = other.aggregateType;
			this.aggregateId = other.aggregateId;
			this.eventType = other.eventType;
			this.version = other.version;
			this.payload = other.payload;
			this.contentType = other.contentType;
			this.transport = other.transport;
			this.destination = other.destination;
			this.headers = copy("header", other.headers);
			this.options = copy("option", other.options);
			this.correlationId = other.correlationId;
			this.deliverAt = other.deliverAt;
			this.deliverAfter = other.deliverAfter;
			this.idempotencyKey = other.idempotencyKey;
			this.occurredAt = other.occurredAt;
		}

		private static Map<String, Object> copy(String kind, Map<String, Object> values) {
			values.forEach((name, value) -> {
				if (value == null) {
					String problem = "The " + kind + " '" + name + "' of an OutboxMessage is null";
					throw new InvalidMessageException(InvalidMessageException.Reason.UNSUPPORTED_VALUE,
							problem + "; nothing was stored or sent. Leave it out.");
				}
			});
			return Collections.unmodifiableMap(new LinkedHashMap<>(values));
		}

		/**
		 * Sets the id; by default a new UUIDv7.
		 */
		public Builder id(UUID id) {
			this.id = id;
			return this;
		}

		/**
		 * Sets the ordering key, which is also the broker's key; by default the
		 * aggregate's id. Must not be empty.
		 */
		public Builder key(String key) {
			this.key = key;
			this.options.remove(OutboxRecord.KEY_ENCODING_OPTION);
			return this;
		}

		/**
		 * Sets a binary ordering key, which reaches the broker bit by bit.
		 */
		public Builder key(byte[] key) {
			this.key = Base64.getEncoder().encodeToString(key);
			this.options.put(OutboxRecord.KEY_ENCODING_OPTION, OutboxRecord.BASE64);
			return this;
		}

		/**
		 * Sets the type of the aggregate.
		 */
		public Builder aggregateType(String aggregateType) {
			this.aggregateType = aggregateType;
			return this;
		}

		/**
		 * Sets the id of the aggregate.
		 */
		public Builder aggregateId(String aggregateId) {
			this.aggregateId = aggregateId;
			return this;
		}

		/**
		 * Sets the logical type of the event; by default that of the payload's class.
		 */
		public Builder eventType(String eventType) {
			this.eventType = eventType;
			return this;
		}

		/**
		 * Sets the version of the type; by default that of the payload's class, or 1.
		 */
		public Builder version(int version) {
			this.version = version;
			return this;
		}

		/**
		 * Sets the payload: any object that can be serialized, a string, or bytes, which
		 * are sent as they are.
		 */
		public Builder payload(Object payload) {
			this.payload = payload;
			return this;
		}

		/**
		 * Sets the MIME type of the payload; by default that of the serializer.
		 */
		public Builder contentType(String contentType) {
			this.contentType = contentType;
			return this;
		}

		/**
		 * Sets the transport; by default that of the route, or the only one.
		 */
		public Builder transport(String transport) {
			this.transport = transport;
			return this;
		}

		/**
		 * Sets the destination, which wins over every route.
		 */
		public Builder destination(String destination) {
			this.destination = destination;
			return this;
		}

		/**
		 * Adds a header: a string, boolean, integer, long, double or byte array.
		 */
		public Builder header(String name, Object value) {
			this.headers.put(name, value);
			return this;
		}

		/**
		 * Adds headers.
		 */
		public Builder headers(Map<String, ?> headers) {
			this.headers.putAll(headers);
			return this;
		}

		/**
		 * Adds an option for the transport.
		 */
		public Builder option(String name, Object value) {
			this.options.put(name, value);
			return this;
		}

		/**
		 * Adds options for the transport.
		 */
		public Builder options(Map<String, ?> options) {
			this.options.putAll(options);
			return this;
		}

		/**
		 * Sets what connects this event with others; travels as a header.
		 */
		public Builder correlationId(String correlationId) {
			this.correlationId = correlationId;
			return this;
		}

		/**
		 * Holds the event back until a point in time. Its order is that of becoming due.
		 */
		public Builder deliverAt(Instant deliverAt) {
			this.deliverAt = deliverAt;
			this.deliverAfter = null;
			return this;
		}

		/**
		 * Holds the event back for some time after it was published.
		 */
		public Builder deliverAfter(Duration deliverAfter) {
			this.deliverAfter = deliverAfter;
			this.deliverAt = null;
			return this;
		}

		/**
		 * Makes sure that the event is stored once: publishing with a key that was used
		 * before stores nothing and returns the first event's id.
		 */
		public Builder idempotencyKey(String idempotencyKey) {
			this.idempotencyKey = idempotencyKey;
			return this;
		}

		/**
		 * Sets when the event occurred; by default now.
		 */
		public Builder occurredAt(Instant occurredAt) {
			this.occurredAt = occurredAt;
			return this;
		}

		/**
		 * Makes the message.
		 * @return the message; later changes to this builder do not affect it
		 * @throws InvalidMessageException if there is no payload
		 */
		public OutboxMessage build() {
			if (this.payload == null) {
				throw new InvalidMessageException(InvalidMessageException.Reason.NO_PAYLOAD,
						"An OutboxMessage needs a payload; nothing was stored or sent. Call payload(...) first.");
			}
			return new OutboxMessage(new Builder(this));
		}

	}

}
