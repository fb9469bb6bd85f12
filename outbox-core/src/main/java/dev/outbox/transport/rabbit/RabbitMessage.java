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

import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.outbox.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event as RabbitMQ takes it.
 *
 * @param exchange where it is published, empty for the default exchange
 * @param routingKey by what the exchange routes it
 * @param properties its properties and headers
 * @param body its payload, byte by byte
 * @param kind what the exchange has to be, if the event says so
 */
record RabbitMessage(String exchange, String routingKey, BasicProperties properties, byte[] body,
		@Nullable ExchangeKind kind) {

	private static final int PERSISTENT = 2;

	private static final int TRANSIENT = 1;

	/**
	 * Longest short string of the protocol, in bytes.
	 */
	private static final int MAX_BYTES = 255;

	/**
	 * Prefix of CloudEvents for AMQP; in the outbox they are named as on Kafka.
	 */
	private static final String CLOUD_EVENTS = "cloudEvents_";

	/**
	 * Headers that RabbitMQ takes for further routing keys.
	 */
	private static final Set<String> CARBON_COPIES = Set.of("CC", "BCC");

	private static final List<String> TYPES = List.of("direct", "fanout", "topic", "headers");

	private static final String DELAYED = "x-delayed-message";

	private static final List<String> CORRELATION_IDS = List.of("correlation_id", "X-Correlation-ID");

	/**
	 * Converts an event.
	 * @param event the event
	 * @return a message that has not been sent yet
	 * @throws IllegalArgumentException if an option is not possible
	 */
	static RabbitMessage of(OutboxRecord event) {
		String exchange = exchange(event);
		return new RabbitMessage(exchange, routingKey(event, exchange), properties(event), event.payload(),
				ExchangeKind.read(event.options()));
	}

	static String exchange(OutboxRecord event) {
		String exchange = RabbitOptions.EXCHANGE.in(event.options());
		return (exchange != null) ? exchange : event.destination().name();
	}

	private static String routingKey(OutboxRecord event, String exchange) {
		String routingKey = RabbitOptions.ROUTING_KEY.in(event.options());
		if (routingKey != null) {
			return routingKey;
		}
		String name = event.destination().name();
		return exchange.equals(name) ? event.eventType() : name;
	}

	private static BasicProperties properties(OutboxRecord event) {
		Map<String, Object> options = event.options();
		Long expiration = RabbitOptions.EXPIRATION.in(options);
		boolean persistent = !Boolean.FALSE.equals(RabbitOptions.PERSISTENT.in(options));
		return new BasicProperties.Builder().messageId(event.id().toString())
			.type(event.eventType())
			.contentType(event.contentType())
			.timestamp(Date.from(event.createdAt()))
			.correlationId(correlationId(event))
			.deliveryMode(persistent ? PERSISTENT : TRANSIENT)
			.priority(RabbitOptions.PRIORITY.in(options))
			.expiration((expiration != null) ? expiration.toString() : null)
			.headers(headers(event))
			.build();
	}

	private static @Nullable String correlationId(OutboxRecord event) {
		for (String name : CORRELATION_IDS) {
			if (event.headers().get(name) instanceof String correlationId && isShort(correlationId)) {
				return correlationId;
			}
		}
		return null;
	}

	private static Map<String, Object> headers(OutboxRecord event) {
		Map<String, Object> headers = new HashMap<>();
		event.headers().forEach((name, value) -> headers.put(header(name), value));
		return headers;
	}

	private static String header(String name) {
		return name.startsWith("ce_") ? CLOUD_EVENTS + name.substring(3) : name;
	}

	/**
	 * Refuses what the protocol or the broker could never take. RabbitMQ would close the
	 * channel, and with it fail other events.
	 * @param event the event
	 * @throws IllegalArgumentException if something does not fit; says what
	 */
	static void check(OutboxRecord event) {
		Map<String, Object> options = event.options();
		String exchange = exchange(event);
		String type = RabbitOptions.EXCHANGE_TYPE.in(options);
		boolean typed = type != null;
		if (DELAYED.equals(type)) {
			throw new IllegalArgumentException("an exchange of type " + DELAYED
					+ " returns what it delivers later, so that it would arrive again and again; deliverAt and"
					+ " deliverAfter hold an event back");
		}
		if (type != null && !TYPES.contains(type) && !type.startsWith("x-")) {
			throw new IllegalArgumentException("there is no exchange-type '" + type + "' but " + TYPES
					+ ", and those of plug-ins, which begin with x-");
		}
		if (exchange.isEmpty() && typed) {
			throw new IllegalArgumentException("the default exchange has no exchange-type to choose");
		}
		if (!typed && (options.containsKey(RabbitOptions.EXCHANGE_DURABLE.name())
				|| options.containsKey(RabbitOptions.EXCHANGE_AUTO_DELETE.name()))) {
			throw new IllegalArgumentException(
					"exchange-durable and exchange-auto-delete describe an exchange that has no exchange-type");
		}
		String routingKey = routingKey(event, exchange);
		if (exchange.isEmpty() && !routingKey.equals(event.destination().name())) {
			throw new IllegalArgumentException("the default exchange delivers to the queue '" + routingKey
					+ "' that the routing-key names, but the destination is '" + event.destination().name() + "'");
		}
		checkBytes("exchange", exchange);
		checkBytes("routing-key", routingKey);
		checkBytes("event type", event.eventType());
		checkBytes("content type", event.contentType());
		event.headers().keySet().forEach(RabbitMessage::checkHeader);
		if (headers(event).size() < event.headers().size()) {
			throw new IllegalArgumentException(
					"of its headers, two would have the same name that begins with " + CLOUD_EVENTS);
		}
	}

	private static void checkHeader(String name) {
		if (CARBON_COPIES.contains(name)) {
			throw new IllegalArgumentException("RabbitMQ takes the header " + name
					+ " for a list of routing keys, which a header of an event cannot be");
		}
		checkBytes("name of a header", header(name));
	}

	private static void checkBytes(String field, String value) {
		if (!isShort(value)) {
			throw new IllegalArgumentException("its " + field + " has more than " + MAX_BYTES + " bytes");
		}
	}

	private static boolean isShort(String value) {
		return value.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
	}

}
