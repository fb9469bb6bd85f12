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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.outbox.InvalidEventTypeException;
import dev.outbox.fixtures.rabbit.EnabledIfRabbitServer;
import dev.outbox.fixtures.rabbit.RabbitBinding;
import dev.outbox.fixtures.rabbit.RabbitExchange;
import dev.outbox.fixtures.rabbit.RabbitQueue;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What RabbitMQ makes of declared exchanges and queues.
 */
@EnabledIfRabbitServer
class RabbitTopologyTests extends DeclaredOnRabbit {

	@Test
	void everythingThatIsDeclaredIsCreated() {
		assertThat(topology().create(List.of(Everything.class))).isEmpty();
		assertThat(RABBIT.exchanges()).containsExactlyInAnyOrder(
				new RabbitExchange("orders", "topic", true, false, false, Map.of("alternate-exchange", "unrouted")),
				new RabbitExchange("orders.dlx", "topic", true, false, false, Map.of()));
		Map<String, Object> arguments = Map.of("x-message-ttl", 60_000, "x-max-length", 10_000, "x-max-priority", 10,
				"x-overflow", "reject-publish", "x-dead-letter-exchange", "orders.dlx", "x-dead-letter-routing-key",
				"dead", "x-single-active-consumer", true);
		assertThat(RABBIT.queues()).containsExactlyInAnyOrder(
				new RabbitQueue("orders.q", "classic", true, false, false, arguments),
				new RabbitQueue("orders.dlq", "classic", true, false, false, Map.of()));
		assertThat(RABBIT.bindings()).containsExactlyInAnyOrder(
				new RabbitBinding("orders", "orders.q", "queue", "orders.#", Map.of()),
				new RabbitBinding("orders.dlx", "orders.dlq", "queue", "dead", Map.of()));
		assertThat(topology().create(List.of(Everything.class))).as("another instance").isEmpty();
		assertThat(topology().validate(List.of(Everything.class))).isEmpty();
	}

	@Test
	void flagsAreThoseThatAreDeclared() {
		assertThat(topology().create(List.of(Fleeting.class, Quorum.class, Mine.class))).isEmpty();
		assertThat(RABBIT.exchanges())
			.containsExactly(new RabbitExchange("fleeting", "fanout", false, true, false, Map.of()));
		assertThat(RABBIT.queues()).containsExactlyInAnyOrder(
				new RabbitQueue("fleeting.q", "classic", false, true, false, Map.of()),
				new RabbitQueue("mine", "classic", false, false, true, Map.of()),
				new RabbitQueue("quorum", "quorum", true, false, false, Map.of("x-queue-type", "quorum")));
	}

	@Test
	void comparingCreatesNothing() {
		assertThat(topology().validate(List.of(Everything.class, Quorum.class)))
			.extracting(TopologyDifference::toString)
			.containsExactlyInAnyOrder("RabbitMQ exchange 'orders' is missing",
					"RabbitMQ exchange 'orders.dlx' is missing", "RabbitMQ queue 'orders.q' is missing",
					"RabbitMQ queue 'orders.dlq' is missing", "RabbitMQ queue 'quorum' is missing");
		assertThat(RABBIT.exchanges()).isEmpty();
		assertThat(RABBIT.queues()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whatIsDifferentIsReportedAndNotChanged(boolean create) {
		RABBIT.onChannel((channel) -> {
			channel.exchangeDeclare("orders", "direct", true);
			channel.exchangeDeclare("orders.dlx", "fanout", false);
			channel.queueDeclare("orders.dlq", false, false, false, Map.of());
			return channel.queueDeclare("orders.q", true, false, false, Map.of("x-message-ttl", 5));
		});
		List<Class<?>> classes = List.of(Everything.class);
		assertThat(create ? topology().create(classes) : topology().validate(classes))
			.extracting(TopologyDifference::toString)
			.as("dead letters are only named")
			.containsExactlyInAnyOrder("RabbitMQ exchange 'orders': type is direct, but topic is declared",
					"RabbitMQ queue 'orders.q': x-message-ttl is 5, but 60000 is declared");
		assertThat(RABBIT.exchanges()).extracting(RabbitExchange::type).containsExactlyInAnyOrder("direct", "fanout");
	}

	@Test
	void declarationsThatContradictEachOtherAreRefused() {
		assertThatExceptionOfType(InvalidEventTypeException.class)
			.isThrownBy(() -> topology().create(List.of(Quorum.class, Classic.class)))
			.withMessageContaining(Classic.class.getName())
			.withMessageContaining("quorum");
		assertThat(RABBIT.queues()).isEmpty();
	}

	@Test
	void severalClassesMayShareAnExchange() {
		assertThat(topology().create(List.of(Paid.class, Cancelled.class))).isEmpty();
		assertThat(RABBIT.bindings()).extracting(RabbitBinding::routingKey)
			.containsExactlyInAnyOrder("paid", "cancelled");
	}

	@Test
	void anExclusiveQueueIsOfOneConnectionOnly() {
		assertThat(topology().create(List.of(Mine.class))).isEmpty();
		assertThat(topology().create(List.of(Mine.class))).extracting(TopologyDifference::toString)
			.containsExactly("RabbitMQ queue 'mine' is locked by another connection");
		assertThat(topology().validate(List.of(Mine.class))).singleElement()
			.asString()
			.contains("outbox.topology.mode=create");
	}

	@Test
	void anEventThatExpiresBecomesADeadLetter() {
		assertThat(topology().create(List.of(Expiring.class))).isEmpty();
		send(this.transports.to(RABBIT), "expiring", "late", RabbitOptions.builder().routingKey("first"));
		RabbitRecord dead = RABBIT.await("expired", 1, DEADLINE).get(0);
		assertThat(dead.text()).isEqualTo("late");
		assertThat(dead.exchange()).isEqualTo("expiring.dlx");
		assertThat(dead.routingKey()).isEqualTo("dead");
	}

	@Test
	void aQueueKeepsNoMoreEventsThanItMay() {
		assertThat(topology().create(List.of(Short.class))).isEmpty();
		RabbitTransport transport = this.transports.to(RABBIT);
		for (int i = 1; i <= 4; i++) {
			send(transport, "short", "event " + i, RabbitOptions.builder().defaultExchange());
		}
		assertThat(RABBIT.drain("short")).extracting(RabbitRecord::text).containsExactly("event 3", "event 4");
		assertThat(RABBIT.await("overflown", 2, DEADLINE)).extracting(RabbitRecord::text)
			.containsExactly("event 1", "event 2");
	}

	@Test
	void anEventOfHigherPriorityOvertakes() {
		assertThat(topology().create(List.of(Ranked.class))).isEmpty();
		RabbitTransport transport = this.transports.to(RABBIT);
		send(transport, "ranked", "low", RabbitOptions.builder().defaultExchange().priority(1));
		send(transport, "ranked", "high", RabbitOptions.builder().defaultExchange().priority(5));
		assertThat(RABBIT.drain("ranked")).extracting(RabbitRecord::text).containsExactly("high", "low");
	}

	@Test
	void aThousandEventsAreOneDeclaration() {
		CachingConnectionFactory factory = factory();
		RabbitTopology topology = new RabbitTopology(factory);
		assertThat(topology.create(List.of(Paid.class, Cancelled.class))).isEmpty();
		RABBIT.onChannel((channel) -> channel.queueDelete("cancelled"));
		RabbitTransport transport = this.transports.with(factory, DEADLINE);
		List<RecordedDelivery> deliveries = IntStream.range(0, 1000)
			.mapToObj((i) -> RabbitTransports.to("payments", "event " + i, RabbitOptions.builder().routingKey("paid")))
			.toList();
		transport.send(deliveries);
		deliveries.forEach((delivery) -> assertThat(delivery.await().failure()).isNull());
		assertThat(RABBIT.countMessages("paid")).isEqualTo(1000);
		assertThat(RABBIT.queues()).extracting(RabbitQueue::name).as("declared once").containsExactly("paid");
		RABBIT.closeConnections();
		awaitArrival(transport, "payments", RabbitOptions.builder().routingKey("cancelled"));
		assertThat(RABBIT.queues()).extracting(RabbitQueue::name)
			.as("declared again")
			.containsExactlyInAnyOrder("paid", "cancelled");
	}

	@Test
	void whatARestartOfTheBrokerHasLostIsThereAgainBeforeTheFirstEvent() {
		try (RabbitServer server = RabbitServer.start(RabbitSettings.plain())) {
			RabbitVirtualHost host = server.defaultVirtualHost();
			CachingConnectionFactory factory = factory(host);
			RabbitTopology topology = new RabbitTopology(factory);
			assertThat(topology.create(List.of(Fleeting.class))).isEmpty();
			RabbitTransport transport = this.transports.with(factory, topology);
			send(transport, "fleeting", "before", RabbitOptions.builder());
			server.stopApp();
			server.startApp();
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> host.onChannel((channel) -> channel.exchangeDeclarePassive("fleeting")));
			awaitArrival(transport, "fleeting");
			assertThat(host.drain("fleeting.q")).extracting(RabbitRecord::text).contains("event");
		}
	}

	/**
	 * The application goes on, although what it has declared is not possible any more.
	 */
	@Test
	void aDifferenceAfterAReconnectDoesNotBreakTheConnection() {
		CachingConnectionFactory factory = factory();
		assertThat(new RabbitTopology(factory).create(List.of(Paid.class))).isEmpty();
		RABBIT.onChannel((channel) -> {
			channel.queueDelete("paid");
			channel.queueDeclare("other", true, false, false, Map.of());
			return channel.queueDeclare("paid", false, false, false, Map.of());
		});
		RABBIT.closeConnections();
		RabbitTransport transport = this.transports.with(factory, DEADLINE);
		awaitArrival(transport, "other", RabbitOptions.builder().defaultExchange());
	}

	@Test
	void whoMayNotConfigureIsToldSo() throws Exception {
		RABBIT.onChannel((channel) -> channel.queueDeclare("paid", true, false, false, Map.of()));
		RABBIT.onChannel((channel) -> channel.exchangeDeclare("payments", "direct", true));
		RabbitTopology topology = new RabbitTopology(reader());
		assertThat(topology.validate(List.of(Paid.class))).as("cannot be compared").isEmpty();
		assertThat(topology.create(List.of(Quorum.class))).singleElement()
			.asString()
			.startsWith("RabbitMQ queue 'quorum' is missing and could not be created (ACCESS_REFUSED");
	}

	@Test
	void aBrokerThatDoesNotAnswerIsUnavailable() {
		CachingConnectionFactory factory = this.transports.factory(RABBIT, 1, "guest");
		assertThatExceptionOfType(BrokerUnavailableException.class)
			.isThrownBy(() -> new RabbitTopology(factory).create(List.of(Paid.class)))
			.withMessageContaining(":1");
	}

	/**
	 * A user who may read and write, but not configure.
	 */
	private ConnectionFactory reader() throws IOException, InterruptedException {
		put("users/topology-reader", "{\"password\":\"secret\",\"tags\":\"\"}");
		put("permissions/" + RABBIT.name() + "/topology-reader",
				"{\"configure\":\"\",\"write\":\".*\",\"read\":\".*\"}");
		CachingConnectionFactory factory = this.transports.factory(RABBIT, RABBIT.port(), "secret");
		factory.setUsername("topology-reader");
		return factory;
	}

	private static void put(String path, String json) throws IOException, InterruptedException {
		String credentials = RABBIT.user() + ":" + RABBIT.password();
		URI uri = RabbitServer.shared().managementUri().resolve("/api/" + path);
		HttpResponse<Void> response = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.build()
			.send(HttpRequest.newBuilder(uri)
				.header("Authorization",
						"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
				.PUT(HttpRequest.BodyPublishers.ofString(json))
				.build(), HttpResponse.BodyHandlers.discarding());
		assertThat(response.statusCode()).isBetween(200, 204);
	}

	private RabbitTopology topology() {
		return new RabbitTopology(factory());
	}

	@RabbitTopic(exchange = "orders", type = "topic", routingKey = "orders.placed", bindingKey = "orders.#",
			queue = "orders.q", messageTtl = "60s", maxLength = 10_000, overflow = "reject-publish", maxPriority = 10,
			deadLetterExchange = "orders.dlx", deadLetterRoutingKey = "dead", deadLetterQueue = "orders.dlq",
			arguments = "x-single-active-consumer=true", exchangeArguments = "alternate-exchange=unrouted")
	record Everything() {

	}

	@RabbitTopic(exchange = "fleeting", type = "fanout", queue = "fleeting.q", durable = false, autoDelete = true)
	record Fleeting() {

	}

	@RabbitTopic(queue = "quorum", queueType = "quorum")
	record Quorum() {

	}

	@RabbitTopic(queue = "quorum", queueType = "classic")
	record Classic() {

	}

	@RabbitTopic(queue = "mine", exclusive = true)
	record Mine() {

	}

	@RabbitTopic(exchange = "payments", queue = "paid", routingKey = "paid")
	record Paid() {

	}

	@RabbitTopic(exchange = "payments", queue = "cancelled", routingKey = "cancelled")
	record Cancelled() {

	}

	@RabbitTopic(exchange = "expiring", queue = "expiring.q", routingKey = "first", messageTtl = "1ms",
			deadLetterExchange = "expiring.dlx", deadLetterRoutingKey = "dead", deadLetterQueue = "expired")
	record Expiring() {

	}

	@RabbitTopic(queue = "short", maxLength = 2, deadLetterQueue = "overflown")
	record Short() {

	}

	@RabbitTopic(queue = "ranked", maxPriority = 5)
	record Ranked() {

	}

}
