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

import java.time.Duration;
import java.util.List;

import dev.outbox.fixtures.rabbit.RabbitServer;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.test.contract.RecordedDelivery;
import dev.outbox.transport.rabbit.RabbitOptions;
import dev.outbox.transport.rabbit.RabbitTransport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What tests of declared exchanges and queues have in common: a virtual host that is
 * empty before each of them.
 */
abstract class DeclaredOnRabbit {

	@RegisterExtension
	static final RabbitVirtualHost RABBIT = RabbitVirtualHost.on(RabbitServer.shared());

	static final Duration DEADLINE = Duration.ofSeconds(60);

	@RegisterExtension
	final RabbitTransports transports = new RabbitTransports();

	@AfterEach
	void emptyTheVirtualHost() {
		RABBIT.close();
	}

	final CachingConnectionFactory factory() {
		return factory(RABBIT);
	}

	final CachingConnectionFactory factory(RabbitVirtualHost host) {
		return this.transports.factory(host, host.port(), host.password());
	}

	static void send(RabbitTransport transport, String destination, String payload, RabbitOptions.Builder options) {
		RecordedDelivery delivery = RabbitTransports.to(destination, payload, options);
		transport.send(List.of(delivery));
		assertThat(delivery.await().failure()).isNull();
	}

	/**
	 * Sends until an event arrives.
	 */
	static void awaitArrival(RabbitTransport transport, String exchange) {
		awaitArrival(transport, exchange, RabbitOptions.builder());
	}

	static void awaitArrival(RabbitTransport transport, String destination, RabbitOptions.Builder options) {
		Awaitility.await().atMost(DEADLINE).untilAsserted(() -> send(transport, destination, "event", options));
	}

}
