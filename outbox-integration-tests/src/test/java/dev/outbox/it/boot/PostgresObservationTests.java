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
import java.util.List;
import java.util.stream.IntStream;

import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Meters and health of an outbox in PostgreSQL.
 */
class PostgresObservationTests extends ObservationContract {

	private final PostgresDatabase database = PostgresDatabase.fresh();

	@Override
	String url() {
		return this.database.jdbcUrl();
	}

	@Override
	TestApplication application(String url) {
		return TestApplication.of(JdbcApplication.class, this.database)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "spring.datasource.url=" + url,
					"spring.datasource.hikari.connection-timeout=1000");
	}

	@Override
	void dropDatabase() {
		this.database.close();
	}

	/**
	 * Whoever adds up the counters of all instances knows what the broker has.
	 */
	@Test
	void theCountersOfTwoInstancesAreTogetherWhatTheBrokerHas() {
		try (ConfigurableApplicationContext other = application(url()).on(KAFKA).run()) {
			await().atMost(Duration.ofSeconds(60)).until(() -> owned(context()) == 32 && owned(other) == 32);
			List<String> published = IntStream.range(0, 300).mapToObj(String::valueOf).toList();
			published.forEach((key) -> publish(message(key)));
			await().atMost(Duration.ofSeconds(60))
				.until(() -> published(context()) + published(other) >= published.size());
			assertThat(published(context())).isPositive();
			assertThat(published(other)).isPositive();
			List<String> received = KAFKA.readAll(topic()).stream().map(KafkaRecord::key).toList();
			assertThat(received).containsAll(published);
			assertThat(published(context()) + published(other)).isEqualTo(received.size());
		}
	}

	private static double owned(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.find("outbox.relay.owned")
			.tag("transport", "kafka")
			.gauges()
			.stream()
			.mapToDouble(Gauge::value)
			.sum();
	}

	private double published(ConfigurableApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.find("outbox.published")
			.tags("transport", "kafka", "destination", topic())
			.counters()
			.stream()
			.mapToDouble(Counter::count)
			.sum();
	}

}
