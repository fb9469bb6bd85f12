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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.outbox.FailureKind;
import dev.outbox.SendResult;
import dev.outbox.fixtures.net.FaultProxy;
import dev.outbox.fixtures.rabbit.EnabledIfRabbitServer;
import dev.outbox.fixtures.rabbit.RabbitRecord;
import dev.outbox.fixtures.rabbit.RabbitServer;
import dev.outbox.fixtures.rabbit.RabbitSettings;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.test.contract.RecordedDelivery;
import dev.outbox.transport.rabbit.RabbitOptions;
import dev.outbox.transport.rabbit.RabbitTransport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of events while a broker is down, hangs, or takes nothing.
 */
@EnabledIfRabbitServer
class RabbitOutageTests {

	private static final String QUEUE = "letters";

	private static final Duration IMPATIENT = Duration.ofSeconds(6);

	private static final Duration PATIENT = Duration.ofSeconds(30);

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	private static RabbitServer server;

	private static RabbitVirtualHost host;

	@RegisterExtension
	final RabbitTransports transports = new RabbitTransports();

	@BeforeAll
	static void startBroker() {
		server = RabbitServer.start(RabbitSettings.plain().with("max_message_size", "50000"));
		host = server.defaultVirtualHost();
	}

	@AfterAll
	static void stopBroker() {
		server.close();
	}

	@BeforeEach
	void emptyQueue() {
		host.onChannel((channel) -> {
			channel.queueDeclare(QUEUE, true, false, false, Map.of());
			return channel.queuePurge(QUEUE);
		});
	}

	@Test
	void aBrokerThatHangsHoldsAnEventOnlyUntilTheTimeout() {
		RabbitTransport transport = this.transports.to(host, host.port(), IMPATIENT);
		assertAcknowledged(send(transport, "1"));
		server.pause();
		try {
			RecordedDelivery hanging = send(transport, "2");
			assertThat(hanging.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
			assertThat(message(hanging)).contains("not confirmed", "5000 ms");
			CachingConnectionFactory factory = this.transports.factory(host, host.port(), host.password());
			factory.getRabbitConnectionFactory().setHandshakeTimeout(500);
			RecordedDelivery unreachable = send(this.transports.with(factory, PATIENT), "never sent");
			assertThat(unreachable.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
			assertThat(message(unreachable)).isEqualTo("No connection to RabbitMQ: TimeoutException");
		}
		finally {
			server.resume();
		}
		assertThat(untilAcknowledged(transport, "3").results()).hasSize(1);
		assertThat(host.await(QUEUE, 3, DEADLINE)).map(RabbitRecord::text).contains("1", "3");
	}

	@Test
	void anAlarmOfTheBrokerIsUnavailableAndSaysWhatToDo() {
		RabbitTransport transport = this.transports.to(host, host.port(), IMPATIENT);
		assertAcknowledged(send(transport, "1"));
		server.raiseMemoryAlarm();
		try {
			assertThat(send(transport, "2").awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
			RecordedDelivery blocked = send(transport, "3");
			assertThat(blocked.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
			assertThat(message(blocked)).contains("blocks all who publish", "low on memory", "free memory");
		}
		finally {
			server.clearMemoryAlarm();
		}
		untilAcknowledged(transport, "4");
	}

	@Test
	void aBrokerThatIsDownIsUnavailableAndUsedAsSoonAsItIsBack() {
		RabbitTransport transport = this.transports.to(host, host.port(), PATIENT);
		assertAcknowledged(send(transport, "1"));
		server.stopApp();
		try {
			RecordedDelivery refused = send(transport, "2");
			assertThat(refused.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
			assertThat(message(refused)).contains("No connection to RabbitMQ");
		}
		finally {
			server.startApp();
		}
		untilAcknowledged(transport, "3");
		assertThat(host.await(QUEUE, 2, DEADLINE)).map(RabbitRecord::text).containsExactly("1", "3");
	}

	@Test
	void trap6WhatCountsAsSentOutlivesABrokerThatIsKilled() {
		RabbitTransport transport = this.transports.to(host, host.port(), PATIENT);
		List<RecordedDelivery> deliveries = new ArrayList<>();
		for (int batch = 0; batch < 20; batch++) {
			List<RecordedDelivery> next = new ArrayList<>();
			for (int n = 0; n < 100; n++) {
				next.add(delivery(String.valueOf(100 * batch + n), RabbitOptions.builder()));
			}
			deliveries.addAll(next);
			transport.send(next);
			if (batch == 10) {
				assertThat(deliveries.get(0).await().failure()).isNull();
				server.kill();
			}
		}
		deliveries.forEach(RecordedDelivery::await);
		server.start();
		List<String> acknowledged = deliveries.stream()
			.filter((delivery) -> delivery.await().isAcknowledged())
			.map((delivery) -> new String(delivery.record().payload()))
			.toList();
		assertThat(deliveries).filteredOn((delivery) -> !delivery.await().isAcknowledged())
			.isNotEmpty()
			.allSatisfy((delivery) -> assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE));
		assertThat(host.drain(QUEUE)).map(RabbitRecord::text).containsAll(acknowledged);
		untilAcknowledged(transport, "afterwards");
	}

	@Test
	void anEventIsOnlyAsDurableAsItAsksToBe() {
		RabbitTransport transport = this.transports.to(host, host.port(), PATIENT);
		RecordedDelivery lost = delivery("lost", RabbitOptions.builder().persistent(false));
		RecordedDelivery kept = delivery("kept", RabbitOptions.builder());
		transport.send(List.of(lost, kept));
		assertAcknowledged(lost);
		assertAcknowledged(kept);
		server.restart();
		assertThat(host.drain(QUEUE)).map(RabbitRecord::text).containsExactly("kept");
	}

	@Test
	void aConnectionThatBreaksBetweenWriteAndConfirmLeavesTheEventUnsent() throws Exception {
		try (FaultProxy proxy = FaultProxy.to(host.port())) {
			RabbitTransport transport = this.transports.to(host, proxy.port(), PATIENT);
			assertAcknowledged(send(transport, "1"));
			proxy.cutAfterBytesToClient(0);
			RecordedDelivery unknown = send(transport, "2");
			assertThat(unknown.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
			proxy.restore();
			untilAcknowledged(transport, "3");
		}
	}

	@Test
	void anEventThatIsTooLargeForTheBrokerIsFatalAndThoseBesideItAreNot() {
		RabbitTransport transport = this.transports.to(host, host.port(), PATIENT);
		RecordedDelivery small = delivery("small", RabbitOptions.builder());
		RecordedDelivery large = delivery("x".repeat(60_000), RabbitOptions.builder());
		RecordedDelivery next = delivery("next", RabbitOptions.builder());
		transport.send(List.of(small, large, next));
		assertThat(large.awaitFailure()).isEqualTo(FailureKind.FATAL);
		assertThat(message(large)).contains("larger than configured max size 50000");
		for (RecordedDelivery beside : List.of(small, next)) {
			SendResult result = beside.await();
			if (!result.isAcknowledged()) {
				assertThat(beside.awaitFailure()).isEqualTo(FailureKind.RETRIABLE);
			}
		}
		assertAcknowledged(send(transport, "again"));
	}

	@Test
	void aWrongPasswordIsUnavailable() {
		CachingConnectionFactory factory = this.transports.factory(host, host.port(), "wrong");
		RecordedDelivery delivery = RabbitTransports.to("any", "x");
		this.transports.with(factory, PATIENT).send(List.of(delivery));
		assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(message(delivery)).contains("refuses the user or password").doesNotContain("wrong");
	}

	/**
	 * A mistake in the connection must not make dead letters of a backlog.
	 */
	@Test
	void aFactoryThatCannotBeUsedIsUnavailable() {
		CachingConnectionFactory factory = this.transports.factory(host, host.port(), host.password());
		factory.setConnectionNameStrategy((connections) -> {
			throw new IllegalArgumentException("no name");
		});
		RecordedDelivery delivery = RabbitTransports.to("any", "x");
		this.transports.with(factory, PATIENT).send(List.of(delivery));
		assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(message(delivery)).contains("no name");
	}

	private RecordedDelivery untilAcknowledged(RabbitTransport transport, String payload) {
		return Awaitility.await("the broker to take events again")
			.atMost(DEADLINE)
			.until(() -> send(transport, payload), (delivery) -> delivery.await().isAcknowledged());
	}

	private static RecordedDelivery send(RabbitTransport transport, String payload) {
		RecordedDelivery delivery = delivery(payload, RabbitOptions.builder());
		transport.send(List.of(delivery));
		return delivery;
	}

	private static RecordedDelivery delivery(String payload, RabbitOptions.Builder options) {
		return RabbitTransports.to(QUEUE, payload, options.defaultExchange());
	}

	private static void assertAcknowledged(RecordedDelivery delivery) {
		assertThat(delivery.await().failure()).isNull();
	}

	private static String message(RecordedDelivery delivery) {
		return Objects.requireNonNull(delivery.await().failure()).message();
	}

}
