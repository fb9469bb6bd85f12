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

package dev.outbox.it.send;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import dev.outbox.MessageSender;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.SendResult;
import dev.outbox.SenderClosedException;
import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.publish.OutboxTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A sender in applications with and without a database.
 */
class SendingApplicationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final H2Database database = H2Database.fresh();

	private String topic;

	@BeforeEach
	void createTopic() {
		this.topic = KAFKA.uniqueTopic(1);
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void anApplicationNeedsNoJdbcAtAll() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(autoConfigurations()))
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.boot.jdbc",
					"org.springframework.orm", "jakarta.persistence", "com.zaxxer.hikari", "org.h2", "org.postgresql"))
			.withPropertyValues("spring.kafka.bootstrap-servers=" + KAFKA.bootstrapServers(),
					"spring.application.name=shop")
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.doesNotHaveBean(DataSource.class)
					.doesNotHaveBean(OutboxPublisher.class);
				MessageSender sender = context.getBean(MessageSender.class);
				assertThat(sender.sendAndWait(message("1")).position()).isEqualTo(this.topic + "-0@0");
				context.getSourceApplicationContext().close();
				assertThatExceptionOfType(SenderClosedException.class).isThrownBy(() -> sender.send(message("2")));
			});
		assertThat(KAFKA.readAll(this.topic)).extracting(KafkaRecord::text).containsExactly("1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "outbox.store.type=none", "outbox.relay.enabled=false" })
	void anApplicationWithADatabaseNeedsNoRelay(String property) {
		try (ConfigurableApplicationContext context = application().with(property).run()) {
			context.getBean(MessageSender.class).sendAndWait(message("1"));
			boolean stored = context.getBeanProvider(OutboxPublisher.class).getIfAvailable() != null;
			assertThat(stored).isEqualTo(!property.endsWith("none"));
			assertThat(this.database
				.number("SELECT count(*) FROM information_schema.tables" + " WHERE table_name = 'outbox_event'"))
				.isEqualTo(stored ? 1 : 0);
		}
		assertThat(KAFKA.readAll(this.topic)).extracting(KafkaRecord::text).containsExactly("1");
	}

	@Test
	void aMessageIsTheSameWhetherItIsSentOrPublished() {
		OutboxMessage message = OutboxMessage.builder()
			.aggregateType("order")
			.aggregateId("o-1")
			.eventType("order.placed")
			.destination(this.topic)
			.payload(Map.of("total", 7))
			.header("tenant", "north")
			.correlationId("c-1")
			.occurredAt(Instant.parse("2026-11-21T10:15:30.123456Z"))
			.build();
		try (ConfigurableApplicationContext context = application().run()) {
			SendResult sent = context.getBean(MessageSender.class).sendAndWait(message);
			context.getBean(OutboxTemplate.class).publishTransactional(message);
			await().atMost(PATIENCE).until(() -> KAFKA.countOffsets(this.topic) == 2);
			assertThat(this.database.number("SELECT count(*) FROM \"outbox_event\"")).isLessThanOrEqualTo(1);
			List<KafkaRecord> records = KAFKA.readAll(this.topic);
			assertThat(records.get(0).headers()).containsEntry("ce_id", sent.eventId().toString());
			assertThat(withoutId(records.get(0))).isEqualTo(withoutId(records.get(1))).hasSizeGreaterThan(8);
			assertThat(records.get(0).key()).isEqualTo(records.get(1).key());
			assertThat(records.get(0).text()).isEqualTo(records.get(1).text());
		}
	}

	@Test
	void eachOfSeveralOutboxesHasASenderWithItsOwnSettings() {
		try (ConfigurableApplicationContext context = application()
			.with("outbox.instances.shop.source=shop", "outbox.instances.billing.source=billing",
					"outbox.instances.billing.store.table-prefix=bill_")
			.run()) {
			for (String name : List.of("shop", "billing")) {
				BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), MessageSender.class, name)
					.sendAndWait(message(name));
			}
			assertThat(context.getBeanNamesForType(MessageSender.class))
				.containsExactlyInAnyOrder("billingMessageSender", "shopMessageSender");
		}
		assertThat(KAFKA.readAll(this.topic)).extracting((record) -> record.headers().get("ce_source"))
			.containsExactly("shop", "billing");
	}

	private TestApplication application() {
		return TestApplication.of(SendingApplication.class, this.database)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY);
	}

	private OutboxMessage message(String text) {
		return OutboxMessage.builder().eventType("order.placed").destination(this.topic).payload(text).build();
	}

	private static Map<String, String> withoutId(KafkaRecord record) {
		Map<String, String> headers = new LinkedHashMap<>(record.headers());
		assertThat(headers.remove("ce_id")).isNotNull();
		return headers;
	}

	private static Class<?>[] autoConfigurations() {
		List<Class<?>> types = new ArrayList<>(List.of(JacksonAutoConfiguration.class, KafkaAutoConfiguration.class));
		for (String name : ImportCandidates.load(AutoConfiguration.class, null)) {
			if (name.startsWith("dev.outbox.")) {
				types.add(ClassUtils.resolveClassName(name, null));
			}
		}
		return types.toArray(Class<?>[]::new);
	}

}
