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

import java.util.List;
import java.util.Map;

import dev.outbox.FailureKind;
import dev.outbox.fixtures.rabbit.EnabledIfRabbitServer;
import dev.outbox.fixtures.rabbit.RabbitBinding;
import dev.outbox.fixtures.rabbit.RabbitRecord;
import dev.outbox.fixtures.rabbit.RabbitServer;
import dev.outbox.fixtures.rabbit.RabbitSettings;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.test.contract.RecordedDelivery;
import dev.outbox.transport.BrokerUnavailableException;
import dev.outbox.transport.TopologyDifference;
import dev.outbox.transport.rabbit.RabbitOptions;
import dev.outbox.transport.rabbit.RabbitTopic;
import dev.outbox.transport.rabbit.RabbitTopology;
import dev.outbox.transport.rabbit.RabbitTransport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What becomes of declared exchanges and queues when they are lost, and of those who ask
 * a broker that does not answer.
 */
@EnabledIfRabbitServer
class RabbitRepairTests extends DeclaredOnRabbit {

	@Test
	void oneDifferenceAfterAReconnectLeavesTheOthersTheirBindings() {
		CachingConnectionFactory factory = factory();
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
		CachingConnectionFactory factory = factory();
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
		CachingConnectionFactory factory = factory();
		RabbitTopology topology = new RabbitTopology(factory);
		assertThat(topology.create(List.of(Ticks.class, Job.class))).isEmpty();
		RABBIT.onChannel((channel) -> {
			channel.basicCancel(channel.basicConsume("ticks.q", true, (tag, message) -> {
			}, (tag) -> {
			}));
			return channel.queueDelete("jobs");
		});
		Awaitility.await().untilAsserted(() -> assertThat(RABBIT.exchanges()).isEmpty());
		RabbitTransport transport = this.transports.with(factory, topology);
		awaitArrival(transport, "ticks");
		assertThat(RABBIT.drain("ticks.q")).extracting(RabbitRecord::text).contains("event");
		awaitArrival(transport, "jobs", RabbitOptions.builder().defaultExchange());
	}

	/**
	 * A direct exchange has no key that stands for all others.
	 */
	@Test
	void deadLettersAreNotLostInAnExchangeOfAnotherType() {
		RABBIT.onChannel((channel) -> channel.exchangeDeclare("dlx", "direct", true));
		RabbitTopology topology = new RabbitTopology(factory());
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

	/**
	 * An outage of its node must not keep the application from starting.
	 */
	@Test
	void aQueueWhoseNodeIsDownIsNotMissing() {
		RabbitTopology topology = new RabbitTopology(factory());
		assertThat(topology.create(List.of(Paid.class))).isEmpty();
		String version = RABBIT
			.onChannel((channel) -> String.valueOf(channel.getConnection().getServerProperties().get("version")));
		assumeThat(version).as("a RabbitMQ whose queues can be lost").startsWith("3.");
		RabbitServer.shared().loseQueue(RABBIT.name(), "paid");
		try {
			List<Class<?>> classes = List.of(Paid.class, Fleeting.class);
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> topology.create(classes))
				.withMessageContaining("the RabbitMQ queue 'paid' exists but is out of reach: NOT_FOUND - home node")
				.withMessageContaining("Bring its node back");
			assertThat(RABBIT.bindings()).as("the others")
				.extracting(RabbitBinding::destination)
				.contains("fleeting.q");
			assertThatExceptionOfType(BrokerUnavailableException.class).isThrownBy(() -> topology.validate(classes));
			RecordedDelivery delivery = RabbitTransports.to("paid", "x", RabbitOptions.builder().defaultExchange());
			this.transports.to(RABBIT).send(List.of(delivery));
			assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
			assertThat(topology.validate(List.of(Paid.class, Job.class))).extracting(TopologyDifference::toString)
				.containsExactly("RabbitMQ queue 'jobs' is missing");
		}
		finally {
			RabbitServer.shared().findQueue(RABBIT.name(), "paid");
		}
		assertThat(topology.create(List.of(Paid.class))).isEmpty();
	}

	@Test
	@Timeout(300)
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
