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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a commit sets off, and what it does not wait for.
 */
class AfterCommitTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int WRITERS = 4;

	private static final int COMMITS = 1_000;

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final PostgresDatabase database = PostgresDatabase.fresh();

	private String topic;

	@BeforeEach
	void createBusinessTable() {
		this.database.sql("CREATE TABLE orders (id text PRIMARY KEY, quantity integer NOT NULL)");
		this.topic = KAFKA.uniqueTopic(3);
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	/**
	 * The relay looks by itself only once in an hour, long after the end of the test.
	 */
	@Test
	void aThousandCommitsOfSeveralWritersWakeTheRelayAndEachEventArrivesOnce() throws Exception {
		try (ConfigurableApplicationContext context = application().on(KAFKA)
			.with("outbox.relay.poll-interval=1h", "outbox.relay.sweep-interval=1h")
			.run()) {
			Orders orders = context.getBean(Orders.class);
			awaitIdle(orders);
			write(orders);
			awaitEmpty();
			List<String> expected = new ArrayList<>(IntStream.range(0, COMMITS).mapToObj((i) -> "o-" + i).toList());
			expected.add("first");
			assertThat(KAFKA.readAll(this.topic)).extracting(KafkaRecord::key)
				.containsExactlyInAnyOrderElementsOf(expected);
		}
	}

	@Test
	void publishingCommitsAndReturnsWhileTheBrokerIsAway() {
		try (ConfigurableApplicationContext context = application()
			.with("spring.kafka.bootstrap-servers=localhost:1", "outbox.shutdown-timeout=1s")
			.run()) {
			Orders orders = context.getBean(Orders.class);
			for (int i = 0; i < 20; i++) {
				orders.place("o-" + i, i);
			}
			assertThat(this.database.number("SELECT count(*) FROM orders")).isEqualTo(20);
			assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isEqualTo(20);
		}
	}

	/**
	 * Waits until the relay has taken all partitions and has nothing more to look for.
	 */
	private void awaitIdle(Orders orders) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.database
				.number("SELECT count(*) FROM outbox_partition WHERE owner IS NOT NULL AND transport = 'kafka'"))
				.isEqualTo(64));
		orders.place("first", 0);
		awaitEmpty();
	}

	private void awaitEmpty() {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isZero());
	}

	private static void write(Orders orders) throws Exception {
		ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
		try {
			List<Future<?>> written = new ArrayList<>();
			for (int i = 0; i < COMMITS; i++) {
				int number = i;
				written.add(writers.submit(() -> orders.place("o-" + number, number)));
			}
			for (Future<?> each : written) {
				each.get();
			}
		}
		finally {
			writers.shutdownNow();
		}
	}

	private TestApplication application() {
		return TestApplication.of(JdbcApplication.class, this.database)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY,
					"outbox.routes.[order.placed].destination=" + this.topic);
	}

}
