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
import java.util.regex.Pattern;

import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the outbox writes to the log of a healthy application: one line at the start, and
 * one when it has made its tables. Nothing for events, however many, and nothing at the
 * end.
 */
@ExtendWith(OutputCaptureExtension.class)
class QuietLogTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/**
	 * Time, level, thread and logger, whose packages may be shortened.
	 */
	private static final Pattern LINE = Pattern.compile(
			"[\\d:.]+ (INFO|WARN|ERROR) +\\[[^]]*] (dev\\.outbox|d\\.outbox|d\\.o)\\.(?!it\\.|fixtures\\.)\\S+ - .*");

	private static final String SUMMARY = "The outbox is healthy: postgresql, tables outbox_*; transports [kafka, rabbit];"
			+ " relay '";

	private static final String TABLES = "Created the outbox's tables outbox_* in postgresql";

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	@RegisterExtension
	static final PostgresDatabase DATABASE = PostgresDatabase.fresh();

	@BeforeEach
	void createBusinessTable() {
		DATABASE.sql("CREATE TABLE orders (id varchar(100) PRIMARY KEY, quantity integer NOT NULL)");
	}

	@Test
	void aHealthyApplicationLogsOneLineAndNoneWhileItDelivers(CapturedOutput output) {
		String topic = KAFKA.uniqueTopic(3);
		TestApplication application = TestApplication.of(JdbcApplication.class, DATABASE)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.doctor.startup-report=true",
					"outbox.routes.[order.placed].destination=" + topic);
		try (ConfigurableApplicationContext context = application.run()) {
			await().atMost(PATIENCE).untilAsserted(() -> assertLines(output, TABLES, SUMMARY));
			deliver(context, topic, 0);
		}
		assertLines(output, TABLES, SUMMARY);
		try (ConfigurableApplicationContext context = application.run()) {
			deliver(context, topic, 10);
			await().atMost(PATIENCE).untilAsserted(() -> assertLines(output, TABLES, SUMMARY, SUMMARY));
			deliver(context, topic, 20);
		}
		assertLines(output, TABLES, SUMMARY, SUMMARY);
	}

	private static void assertLines(CapturedOutput output, String... beginnings) {
		List<String> lines = output.getAll().lines().filter((line) -> LINE.matcher(line).matches()).toList();
		assertThat(lines).hasSameSizeAs(beginnings)
			.zipSatisfy(List.of(beginnings), (line, beginning) -> assertThat(line).contains(" - " + beginning));
	}

	private static void deliver(ConfigurableApplicationContext context, String topic, int first) {
		Orders orders = context.getBean(Orders.class);
		for (int i = 0; i < 10; i++) {
			orders.place("o-" + (first + i), i);
		}
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(KAFKA.readAll(topic)).hasSize(first + 10);
			assertThat(DATABASE.number("SELECT count(*) FROM outbox_event")).isZero();
		});
	}

}
