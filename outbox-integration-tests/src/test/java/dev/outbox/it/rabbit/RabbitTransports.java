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

package dev.outbox.it.rabbit;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.BuiltinExchangeType;
import dev.outbox.Destination;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.test.contract.RecordedDelivery;
import dev.outbox.transport.TopologyMode;
import dev.outbox.transport.rabbit.RabbitOptions;
import dev.outbox.transport.rabbit.RabbitTopology;
import dev.outbox.transport.rabbit.RabbitTransport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * Makes transports and what they send, and closes what it has made after each test.
 */
final class RabbitTransports implements AfterEachCallback {

	static final Instant NOW = Instant.parse("2026-11-21T10:15:30Z");

	private static final Duration PATIENT = Duration.ofSeconds(30);

	private final List<Runnable> toClose = new ArrayList<>();

	RabbitTransport to(RabbitVirtualHost host) {
		return to(host, host.port(), PATIENT);
	}

	RabbitTransport to(RabbitVirtualHost host, int port, Duration publishTimeout) {
		return with(factory(host, port, host.password()), publishTimeout);
	}

	RabbitTransport to(RabbitVirtualHost host, TopologyMode topology) {
		return with(factory(host, host.port(), host.password()), PATIENT, topology);
	}

	RabbitTransport with(CachingConnectionFactory factory, Duration publishTimeout) {
		return with(factory, publishTimeout, TopologyMode.VALIDATE);
	}

	private RabbitTransport with(CachingConnectionFactory factory, Duration publishTimeout, TopologyMode topology) {
		return closed(new RabbitTransport(factory, publishTimeout, topology, Clock.fixed(NOW, ZoneOffset.UTC)));
	}

	/**
	 * Makes a transport that knows what classes declare.
	 */
	RabbitTransport with(CachingConnectionFactory factory, RabbitTopology declared) {
		return closed(new RabbitTransport(factory, PATIENT, TopologyMode.CREATE, null, declared,
				Clock.fixed(NOW, ZoneOffset.UTC)));
	}

	private RabbitTransport closed(RabbitTransport transport) {
		this.toClose.add(0, transport::close);
		return transport;
	}

	CachingConnectionFactory factory(RabbitVirtualHost host, int port, String password) {
		com.rabbitmq.client.ConnectionFactory client = host.connectionFactory();
		client.setPort(port);
		client.setPassword(password);
		CachingConnectionFactory factory = new CachingConnectionFactory(client);
		this.toClose.add(0, factory::destroy);
		return factory;
	}

	static RecordedDelivery to(String exchange, String payload) {
		return to(exchange, payload, RabbitOptions.builder());
	}

	static RecordedDelivery to(String exchange, String payload, RabbitOptions.Builder options) {
		return to(exchange, payload.getBytes(StandardCharsets.UTF_8), options.build().asMap(), Map.of());
	}

	static RecordedDelivery to(String exchange, byte[] payload, Map<String, Object> options,
			Map<String, Object> headers) {
		return RecordedDelivery.to(new Destination(RabbitTransport.NAME, exchange), "key", payload, options, headers);
	}

	/**
	 * Creates an exchange and a queue that gets its messages.
	 */
	static String bound(RabbitVirtualHost host, String exchange, BuiltinExchangeType type, String bindingKey) {
		return host.onChannel((channel) -> {
			String queue = exchange + "-queue";
			channel.exchangeDeclare(exchange, type, true);
			channel.queueDeclare(queue, true, false, false, Map.of());
			channel.queueBind(queue, exchange, bindingKey);
			return queue;
		});
	}

	@Override
	public void afterEach(ExtensionContext context) {
		this.toClose.forEach(Runnable::run);
		this.toClose.clear();
	}

}
