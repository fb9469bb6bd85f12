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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application whose work is done by virtual threads,
 * {@code spring.threads.virtual.enabled}. The relay keeps threads of its own.
 */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads")
class VirtualThreadsTests {

	private static final int KEYS = 200;

	private static final int EVENTS = 5;

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final PostgresDatabase database = PostgresDatabase.fresh();

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	/**
	 * Many more writers than there are connections, processors or threads of the
	 * platform.
	 */
	@Test
	void whatVirtualThreadsPublishIsDeliveredInOrder() {
		String topic = KAFKA.uniqueTopic(3);
		TestApplication application = TestApplication.of(JdbcApplication.class, this.database)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "spring.threads.virtual.enabled=true");
		try (ConfigurableApplicationContext context = application.run()) {
			OutboxPublisher outbox = context.getBean(OutboxPublisher.class);
			TransactionTemplate transactions = context.getBean(TransactionTemplate.class);
			AsyncTaskExecutor executor = context.getBean("applicationTaskExecutor", AsyncTaskExecutor.class);
			List<CompletableFuture<Void>> writers = IntStream.range(0, KEYS)
				.mapToObj((key) -> executor.submitCompletable(() -> {
					assertThat(Thread.currentThread().toString()).startsWith("VirtualThread");
					for (int number = 0; number < EVENTS; number++) {
						OutboxMessage message = message(topic, "k-" + key, number);
						transactions.executeWithoutResult((status) -> outbox.publish(message));
					}
				}))
				.toList();
			writers.forEach(CompletableFuture::join);
			await().until(() -> KAFKA.readAll(topic).size() >= KEYS * EVENTS);
		}
		List<KafkaRecord> delivered = KAFKA.readAll(topic);
		assertThat(delivered).hasSize(KEYS * EVENTS);
		for (int key = 0; key < KEYS; key++) {
			String name = "k-" + key;
			assertThat(delivered).filteredOn((event) -> event.key().equals(name))
				.extracting(KafkaRecord::text)
				.containsExactly("0", "1", "2", "3", "4");
		}
	}

	private static OutboxMessage message(String topic, String key, int number) {
		return OutboxMessage.builder()
			.eventType("counted")
			.destination(topic)
			.key(key)
			.payload(Integer.toString(number))
			.build();
	}

}
