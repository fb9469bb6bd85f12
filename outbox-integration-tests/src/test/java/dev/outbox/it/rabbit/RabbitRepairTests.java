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
import java.util.Map;

import dev.outbox.fixtures.rabbit.EnabledIfRabbitServer;
import dev.outbox.fixtures.rabbit.RabbitBinding;
import dev.outbox.fixtures.rabbit.RabbitRecord;
import dev.outbox.fixtures.rabbit.RabbitServer;
import dev.outbox.fixtures.rabbit.RabbitSettings;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.it.transport.RecordedDelivery;
import dev.outbox.transport.BrokerUnavailableException;
import dev.outbox.transport.TopologyDifference;
import dev.outbox.transport.rabbit.RabbitOptions;
import dev.outbox.transport.rabbit.RabbitTopic;
import dev.outbox.transport.rabbit.RabbitTopology;
import dev.outbox.transport.rabbit.RabbitTransport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of declared exchanges and queues when they are lost, and of those who ask
 * a broker that does not answer.
 */
@EnabledIfRabbitServer
class RabbitRepairTests {

	@RegisterExtension
	static final RabbitVirtualHost RABBIT = RabbitVirtualHost.on(RabbitServer.shared());

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	@RegisterExtension
	final RabbitTransports transports = new RabbitTransports();

	@AfterEach
	void emptyTheVirtualHost() {
		RABBIT.close();
	}

	@Test
	void oneDifferenceAfterAReconnectLeavesTheOthersTheirBindings() {
		CachingConnectionFactory factory = factory(RABBIT);
		RabbitTopology topology = new RabbitTopology(factory);
		assertThat(topology.create(List.of(Paid.class, Fleeting.class))).isEmpty();
		RABBIT.onChannel((channel) -> {
			channel.exchangeDelete("fleeting");
			channel.queueDelete("paid");
			return channel.queueDeclare("paid", false, false, false, Map.of());
		});
		RABBIT.closeConnections();
		awaitArrival(this.transports.with(factory, topology), "fleeting");
		assertThat(RABBIT.bindings()).contains(new RabbitBinding("fleeting", "fleeting.q", "queue", "", Map.of()));
	}

	@Test
	void aContradictionAmongThoseThatWereCreatedLeavesTheOthersTheirs() {
		CachingConnectionFactory factory = factory(RABBIT);
		RabbitTopology topology = new RabbitTopology(factory);
		assertThat(topology.create(List.of(Paid.class))).isEmpty();
		assertThat(topology.create(List.of(PaidInMemory.class))).as("contradicts").isNotEmpty();
		assertThat(topology.create(List.of(Fleeting.class))).isEmpty();
		RABBIT.onChannel((channel) -> channel.exchangeDelete("fleeting"));
		RABBIT.closeConnections();
		awaitArrival(this.transports.with(factory, topology), "fleeting");
	}

	/**
	 * Its queue goes with the last consumer, and the exchange with its last queue.
	 */
	@Test
	void whatWasDeletedByItselfIsThereAgainAfterAnEventThatDidNotFindIt() {
		CachingConnectionFactory factory = factory(RABBIT);
		RabbitTopology topology = new RabbitTopology(factory);
		assertThat(topology.create(List.of(Ticks.class, Job.class))).isEmpty();
		RABBIT.onChannel((channel) -> {
			channel.basicCancel(channel.basicConsume("ticks.q", true, (tag, message) -> {
			}, (tag) -> {
			}));
			return channel.queueDelete("jobs");
		});
		assertThat(RABBIT.exchanges()).isEmpty();
		RabbitTransport transport = this.transports.with(factory, topology);
		awaitArrival(transport, "ticks");
		assertThat(RABBIT.drain("ticks.q")).extracting(RabbitRecord::text).contains("event");
		Awaitility.await().atMost(DEADLINE).untilAsserted(() -> {
			RecordedDelivery delivery = RabbitTransports.to("jobs", "event", RabbitOptions.builder().defaultExchange());
			transport.send(List.of(delivery));
			assertThat(delivery.await().failure()).isNull();
		});
	}

	/**
	 * A direct exchange has no key that stands for all others.
	 */
	@Test
	void deadLettersAreNotLostInAnExchangeOfAnotherType() {
		RABBIT.onChannel((channel) -> channel.exchangeDeclare("dlx", "direct", true));
		RabbitTopology topology = new RabbitTopology(factory(RABBIT));
		String problem = "RabbitMQ exchange 'dlx': type is direct,"
				+ " but topic (for want of a deadLetterRoutingKey) is declared";
		assertThat(topology.create(List.of(Dying.class))).extracting(TopologyDifference::toString)
			.containsExactly(problem);
		assertThat(topology.validate(List.of(Dying.class))).extracting(TopologyDifference::toString)
			.containsExactly(problem);
		RABBIT.onChannel((channel) -> {
			channel.exchangeDelete("dlx");
			return channel.exchangeDeclare("dlx", "fanout", false);
		});
		assertThat(topology.create(List.of(Dying.class))).isEmpty();
		assertThat(RABBIT.bindings()).contains(new RabbitBinding("dlx", "dead", "queue", "#", Map.of()));
	}

	@Test
	@Timeout(60)
	void aBrokerThatDoesNotAnswerStopsNeitherWhoAsksNorWhoConnects() {
		try (RabbitServer server = RabbitServer.start(RabbitSettings.plain())) {
			RabbitVirtualHost host = server.defaultVirtualHost();
			CachingConnectionFactory factory = factory(host);
			factory.getPublisherConnectionFactory().createConnection();
			RabbitTopology topology = new RabbitTopology(factory);
			server.pause();
			try {
				for (int i = 0; i < 2; i++) {
					assertThatExceptionOfType(BrokerUnavailableException.class)
						.isThrownBy(() -> topology.create(List.of(Fleeting.class)))
						.withMessageContaining("has not answered within 5000 ms");
				}
				factory.getPublisherConnectionFactory().createConnection();
			}
			finally {
				server.resume();
			}
			awaitArrival(this.transports.with(factory, topology), "fleeting");
			assertThat(topology.create(List.of(Fleeting.class))).isEmpty();
		}
	}

	private CachingConnectionFactory factory(RabbitVirtualHost host) {
		return this.transports.factory(host, host.port(), host.password());
	}

	private static void awaitArrival(RabbitTransport transport, String exchange) {
		Awaitility.await().atMost(DEADLINE).untilAsserted(() -> {
			RecordedDelivery delivery = RabbitTransports.to(exchange, "event", RabbitOptions.builder());
			transport.send(List.of(delivery));
			assertThat(delivery.await().failure()).isNull();
		});
	}

	@RabbitTopic(exchange = "fleeting", type = "fanout", queue = "fleeting.q", durable = false)
	record Fleeting() {

	}

	@RabbitTopic(exchange = "payments", queue = "paid", routingKey = "paid")
	record Paid() {

	}

	@RabbitTopic(exchange = "payments", queue = "paid", routingKey = "paid", durable = false)
	record PaidInMemory() {

	}

	@RabbitTopic(exchange = "ticks", type = "fanout", queue = "ticks.q", autoDelete = true)
	record Ticks() {

	}

	@RabbitTopic(exchange = "dying", queue = "dying", deadLetterExchange = "dlx", deadLetterQueue = "dead")
	record Dying() {

	}

	@RabbitTopic(queue = "jobs")
	record Job() {

	}

}
