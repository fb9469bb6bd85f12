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

package dev.outbox.it.send;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.ConnectionFactory;
import dev.outbox.fixtures.net.FaultProxy;
import dev.outbox.fixtures.net.FreePort;
import dev.outbox.fixtures.rabbit.EnabledIfRabbit;
import dev.outbox.fixtures.rabbit.RabbitRecord;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TopologyMode;
import dev.outbox.transport.rabbit.RabbitTransport;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

/**
 * Sending to RabbitMQ without the outbox.
 */
@EnabledIfRabbit
class RabbitMessageSenderTests extends MessageSenderContract {

	@RegisterExtension
	static final RabbitVirtualHost RABBIT = RabbitVirtualHost.fresh();

	private static final AtomicInteger COUNTER = new AtomicInteger();

	@Override
	OutboxTransport transport(Duration publishTimeout) {
		return transport(RABBIT.port(), publishTimeout);
	}

	@Override
	OutboxTransport transportToAHangingBroker(Duration publishTimeout) {
		FaultProxy proxy = closing(FaultProxy.to(RABBIT.port()));
		proxy.blackhole();
		return transport(proxy.port(), publishTimeout);
	}

	@Override
	OutboxTransport transportToNoBroker(Duration publishTimeout) {
		return transport(FreePort.pick(), publishTimeout);
	}

	@Override
	String destination() {
		String exchange = "exchange-" + COUNTER.incrementAndGet();
		RABBIT.onChannel((channel) -> {
			channel.exchangeDeclare(exchange, BuiltinExchangeType.FANOUT, true);
			channel.queueDeclare(queueOf(exchange), true, false, false, Map.of());
			return channel.queueBind(queueOf(exchange), exchange, "");
		});
		return exchange;
	}

	@Override
	String missingDestination() {
		return "missing-" + COUNTER.incrementAndGet();
	}

	@Override
	List<Received> received(String destination) {
		return RABBIT.drain(queueOf(destination)).stream().map(RabbitMessageSenderTests::received).toList();
	}

	private static Received received(RabbitRecord record) {
		Map<String, String> headers = new LinkedHashMap<>();
		record.headers()
			.forEach((name, value) -> headers.put(name.replaceFirst("^cloudEvents_", "ce_"), String.valueOf(value)));
		return new Received(null, record.text(), headers);
	}

	private static String queueOf(String exchange) {
		return exchange + "-queue";
	}

	private RabbitTransport transport(int port, Duration publishTimeout) {
		ConnectionFactory client = RABBIT.connectionFactory();
		client.setPort(port);
		CachingConnectionFactory factory = new CachingConnectionFactory(client);
		AutoCloseable connections = factory::destroy;
		closing(connections);
		return new RabbitTransport(factory, publishTimeout, TopologyMode.VALIDATE, Clock.systemUTC());
	}

}
