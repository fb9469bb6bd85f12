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

package dev.outbox.it.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.outbox.Destination;
import dev.outbox.OutboxMessage;
import dev.outbox.SendResult;
import dev.outbox.actuate.HealthOutcome;
import dev.outbox.actuate.HealthSettings;
import dev.outbox.actuate.OutboxHealthIndicator;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.store.HoldStore;
import dev.outbox.store.Operator;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the health says while a broker is away, where the settings make it more than a
 * detail.
 */
class BrokerHealthTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/**
	 * As the documentation says: without other brokers, which are not there.
	 */
	private static final String PROBE = "management.endpoint.health.group.readiness.include=readinessState,outbox";

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	@RegisterExtension
	static final PostgresDatabase DATABASE = PostgresDatabase.fresh();

	@Test
	void aProbeFailsWhileTheBrokerIsStoppedAndSucceedsWhenItIsBack() {
		String topic = KAFKA.uniqueTopic(1);
		try (ConfigurableApplicationContext context = TestApplication.of(JdbcApplication.class, DATABASE)
			.on(KAFKA)
			.serving()
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.publish-timeout=6s",
					"outbox.metrics.interval=1s", "outbox.health.destination-down=down", PROBE)
			.run()) {
			publish(context, topic);
			await().atMost(PATIENCE).until(() -> KAFKA.readAll(topic).size() == 1);
			await().atMost(PATIENCE).until(() -> health(context).getStatus().equals(Status.UP));
			assertThat(probe(context)).isEqualTo(200);
			KAFKA.stop();
			try {
				publish(context, topic);
				await().atMost(PATIENCE).until(() -> health(context).getStatus().equals(Status.DOWN));
				assertThat(health(context).getDetails()).hasEntrySatisfying("reasons",
						(reasons) -> assertThat(reasons).asString()
							.contains("destination kafka:" + topic + " is unreachable"));
				assertThat(probe(context)).isEqualTo(503);
				await().atMost(PATIENCE).until(() -> available(context, topic) == 0);
			}
			finally {
				KAFKA.start();
			}
			await().atMost(PATIENCE).until(() -> KAFKA.readAll(topic).size() == 2);
			await().atMost(PATIENCE).until(() -> health(context).getStatus().equals(Status.UP));
			assertThat(probe(context)).isEqualTo(200);
			await().atMost(PATIENCE).until(() -> available(context, topic) == 1);
		}
	}

	@Test
	void whatWaitsForAPausedDestinationIsNotTooLate() {
		String topic = KAFKA.uniqueTopic(1);
		String elsewhere = KAFKA.uniqueTopic(1) + "-missing";
		try (ConfigurableApplicationContext context = TestApplication.of(JdbcApplication.class, DATABASE)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.metrics.interval=500ms",
					"outbox.health.max-oldest-age=1s", "outbox.health.too-late=down")
			.run()) {
			HoldStore holds = context.getBean(HoldStore.class);
			Operator ann = new Operator("ann");
			holds.pause(new Destination("kafka", topic), ann);
			publish(context, topic);
			await().atMost(PATIENCE)
				.until(() -> context.getBean(OutboxRelay.class)
					.status()
					.lanes()
					.get("kafka")
					.pausedDestinations()
					.containsKey(topic));
			await().atMost(PATIENCE)
				.ignoreExceptionsInstanceOf(DateTimeParseException.class)
				.until(() -> Duration.parse(String.valueOf(health(context).getDetails().get("oldestAge")))
					.compareTo(Duration.ofSeconds(2)) > 0);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			publish(context, elsewhere);
			await().atMost(PATIENCE).until(() -> health(context).getStatus().equals(Status.DOWN));
			assertThat(health(context).getDetails()).hasEntrySatisfying("reasons",
					(reasons) -> assertThat(reasons).asString()
						.contains("the oldest event for kafka:" + elsewhere + " has waited for PT"));
			holds.resume(new Destination("kafka", topic), ann);
			await().atMost(PATIENCE).until(() -> {
				Object reasons = health(context).getDetails().get("reasons");
				assertThat(String.valueOf(reasons)).doesNotContain("for kafka:" + topic);
				return KAFKA.readAll(topic).size() == 1;
			});
		}
		finally {
			DATABASE.sql("DELETE FROM outbox_event");
		}
	}

	/**
	 * A thread of the relay survives whatever is thrown at it, and is started again if it
	 * dies nevertheless. What remains is one that somebody else's code keeps.
	 */
	@Test
	void aThreadOfTheRelayThatStandsStillMakesTheProbeFailUntilItGoesOn() {
		try (ConfigurableApplicationContext context = TestApplication.of(StuckApplication.class, DATABASE)
			.on(KAFKA)
			.serving()
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.metrics.interval=1s",
					"outbox.transport=stuck", "outbox.relay.lease=4s", PROBE)
			.run()) {
			StuckTransport transport = context.getBean(StuckTransport.class);
			try {
				await().atMost(PATIENCE).until(() -> probe(context) == 200);
				publish(context, "orders");
				await().atMost(PATIENCE).until(() -> probe(context) == 503);
				assertThat(health(context).getStatus()).isEqualTo(Status.DOWN);
				assertThat(health(context).getDetails()).hasEntrySatisfying("reasons",
						(reasons) -> assertThat(reasons).asString()
							.contains("thread outbox-relay-stuck has been silent for PT"));
			}
			finally {
				transport.goOn();
			}
			await().atMost(PATIENCE).until(() -> probe(context) == 200);
			assertThat(health(context).getDetails()).doesNotContainKey("reasons");
		}
	}

	/**
	 * Returns what the endpoint answers to somebody who is not logged in, as probes are.
	 */
	private static int probe(ConfigurableApplicationContext context) {
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		URI address = URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");
		try {
			return HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
				.statusCode();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void publish(ConfigurableApplicationContext context, String topic) {
		context.getBean(OutboxTemplate.class)
			.publishTransactional(OutboxMessage.builder()
				.eventType("order.placed")
				.key("1")
				.destination(topic)
				.payload("{}")
				.build());
	}

	private static Health health(ConfigurableApplicationContext context) {
		return context.getBean(OutboxHealthIndicator.class).health();
	}

	private static double available(ConfigurableApplicationContext context, String topic) {
		return context.getBean(MeterRegistry.class)
			.get("outbox.destination.available")
			.tag("destination", topic)
			.gauge()
			.value();
	}

	/**
	 * An application with a transport that keeps the thread of the relay, and a health
	 * that waits seconds for it, not a minute.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class StuckApplication {

		@Bean
		StuckTransport stuckTransport() {
			return new StuckTransport();
		}

		@Bean
		OutboxHealthIndicator outboxHealthIndicator(BacklogMonitor monitor, OutboxRelay relay) {
			return new OutboxHealthIndicator(monitor, relay, () -> 0, new HealthSettings(Duration.ofSeconds(10),
					HealthOutcome.UP, null, HealthOutcome.UP, Duration.ofHours(1), HealthOutcome.UP));
		}

	}

	/**
	 * Does not come back from a send until it is told to.
	 */
	static final class StuckTransport implements OutboxTransport {

		private final CountDownLatch goesOn = new CountDownLatch(1);

		@Override
		public String name() {
			return "stuck";
		}

		@Override
		public void send(List<? extends Delivery> batch) {
			try {
				this.goesOn.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			batch.forEach(
					(delivery) -> delivery.complete(SendResult.acknowledged(delivery.record(), Instant.EPOCH, null)));
		}

		void goOn() {
			this.goesOn.countDown();
		}

		@Override
		public void close() {
			goOn();
		}

	}

}
