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

import java.time.Duration;

import dev.outbox.OutboxMessage;
import dev.outbox.actuate.OutboxHealthIndicator;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.publish.OutboxTemplate;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the health says while a broker is away, where the settings make it more than a
 * detail.
 */
class BrokerHealthTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	@RegisterExtension
	static final PostgresDatabase DATABASE = PostgresDatabase.fresh();

	@Test
	void aProbeFailsWhileTheBrokerIsStoppedAndSucceedsWhenItIsBack() {
		String topic = KAFKA.uniqueTopic(1);
		try (ConfigurableApplicationContext context = TestApplication.of(JdbcApplication.class, DATABASE)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.publish-timeout=6s",
					"outbox.metrics.interval=1s", "outbox.health.destination-down=down")
			.run()) {
			publish(context, topic);
			await().atMost(PATIENCE).until(() -> KAFKA.readAll(topic).size() == 1);
			await().atMost(PATIENCE).until(() -> health(context).getStatus().equals(Status.UP));
			KAFKA.stop();
			try {
				publish(context, topic);
				await().atMost(PATIENCE).until(() -> health(context).getStatus().equals(Status.DOWN));
				assertThat(health(context).getDetails()).hasEntrySatisfying("reasons",
						(reasons) -> assertThat(reasons).asString()
							.contains("destination kafka:" + topic + " is unreachable"));
				await().atMost(PATIENCE).until(() -> available(context, topic) == 0);
			}
			finally {
				KAFKA.start();
			}
			await().atMost(PATIENCE).until(() -> KAFKA.readAll(topic).size() == 2);
			await().atMost(PATIENCE).until(() -> health(context).getStatus().equals(Status.UP));
			await().atMost(PATIENCE).until(() -> available(context, topic) == 1);
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

}
