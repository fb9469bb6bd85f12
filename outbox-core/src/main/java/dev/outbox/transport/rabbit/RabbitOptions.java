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

package dev.outbox.transport.rabbit;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.outbox.transport.TransportOption;

/**
 * What RabbitMQ is to do with an event beyond sending it. Immutable; made by
 * {@link #builder()}. What is left out has a default.
 */
public final class RabbitOptions {

	/**
	 * Exchange to publish to. The empty text is the default exchange, which delivers to
	 * the queue with the name of the routing key. If set, the event's destination is the
	 * routing key, unless there is one. By default the destination is the exchange.
	 */
	static final TransportOption<String> EXCHANGE = TransportOption.text("exchange", 255);

	/**
	 * Type of the exchange: {@code direct}, {@code fanout}, {@code topic},
	 * {@code headers}, or that of a plug-in.
	 */
	static final TransportOption<String> EXCHANGE_TYPE = TransportOption.text("exchange-type", 255);

	static final TransportOption<Boolean> EXCHANGE_DURABLE = TransportOption.flag("exchange-durable");

	static final TransportOption<Boolean> EXCHANGE_AUTO_DELETE = TransportOption.flag("exchange-auto-delete");

	static final TransportOption<String> ROUTING_KEY = TransportOption.text("routing-key", 255);

	static final TransportOption<Integer> PRIORITY = TransportOption.integer("priority", 0, 255);

	static final TransportOption<Long> EXPIRATION = TransportOption.number("expiration", 0, 4_294_967_295L);

	static final TransportOption<Boolean> PERSISTENT = TransportOption.flag("persistent");

	/**
	 * All options.
	 */
	static final List<TransportOption<?>> ALL = List.of(EXCHANGE, EXCHANGE_TYPE, EXCHANGE_DURABLE, EXCHANGE_AUTO_DELETE,
			ROUTING_KEY, PRIORITY, EXPIRATION, PERSISTENT);

	private final Map<String, Object> values;

	private RabbitOptions(Map<String, Object> values) {
		this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
	}

	/**
	 * Starts a set of options.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns the options in the form that a message takes.
	 * @return values by name, which survive storage in any format
	 */
	public Map<String, Object> asMap() {
		return this.values;
	}

	@Override
	public String toString() {
		return "RabbitOptions" + this.values;
	}

	/**
	 * Collects options. Not thread-safe.
	 */
	public static final class Builder {

		private final Map<String, Object> values = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Sets the exchange. The event's destination is then the routing key, unless
		 * there is one.
		 * @param exchange name of the exchange
		 * @return this builder
		 */
		public Builder exchange(String exchange) {
			return set(EXCHANGE, exchange);
		}

		/**
		 * Publishes to the default exchange: the event's destination is a queue.
		 * @return this builder
		 */
		public Builder defaultExchange() {
			return set(EXCHANGE, "");
		}

		/**
		 * Says what type the exchange is to be of, so that it is created or checked
		 * before the first event, as {@code outbox.topology.mode} says.
		 * @param type {@code direct}, {@code fanout}, {@code topic}, {@code headers}, or
		 * that of a plug-in
		 * @return this builder
		 */
		public Builder exchangeType(String type) {
			return set(EXCHANGE_TYPE, type);
		}

		/**
		 * Says whether the exchange survives a restart of the broker. It does by default.
		 * @param durable whether it does
		 * @return this builder
		 */
		public Builder exchangeDurable(boolean durable) {
			return set(EXCHANGE_DURABLE, durable);
		}

		/**
		 * Says whether the exchange is deleted together with its last binding. It is not
		 * by default.
		 * @param autoDelete whether it is
		 * @return this builder
		 */
		public Builder exchangeAutoDelete(boolean autoDelete) {
			return set(EXCHANGE_AUTO_DELETE, autoDelete);
		}

		/**
		 * Sets the routing key. By default it is the event's logical type.
		 * @param routingKey the routing key, at most 255 bytes
		 * @return this builder
		 */
		public Builder routingKey(String routingKey) {
			return set(ROUTING_KEY, routingKey);
		}

		/**
		 * Sets the priority, for queues that have {@code x-max-priority}.
		 * @param priority from 0 to 255
		 * @return this builder
		 */
		public Builder priority(int priority) {
			return set(PRIORITY, priority);
		}

		/**
		 * Sets how long the event stays in a queue at most, counted from when it is sent.
		 * @param expiration the time, in milliseconds from 0 to 4294967295
		 * @return this builder
		 */
		public Builder expiration(Duration expiration) {
			return set(EXPIRATION, TimeUnit.MILLISECONDS.convert(expiration));
		}

		/**
		 * Says whether the event survives a restart of the broker. It does by default.
		 * One that does not is lost then although it counts as delivered.
		 * @param persistent whether it does
		 * @return this builder
		 */
		public Builder persistent(boolean persistent) {
			return set(PERSISTENT, persistent);
		}

		private <T> Builder set(TransportOption<T> option, T value) {
			this.values.put(option.name(), option.in(Map.of(option.name(), value)));
			return this;
		}

		/**
		 * Makes the options.
		 * @return the options; later changes to this builder do not affect them
		 */
		public RabbitOptions build() {
			return new RabbitOptions(this.values);
		}

	}

}
