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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxPublisher;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.jpa.OutboxArchivedEvent;
import dev.outbox.store.jpa.OutboxDeadLetter;
import dev.outbox.store.jpa.OutboxStoredEvent;
import jakarta.persistence.EntityManagerFactory;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application's own beans are the same with and without the starter.
 */
class ContextDifferenceTests {

	private static final List<Class<?>> ONE_OF_EACH = List.of(DataSource.class, KafkaTemplate.class, JsonMapper.class,
			ThreadPoolTaskExecutor.class, TaskScheduler.class, Flyway.class, PlatformTransactionManager.class,
			TransactionTemplate.class, EntityManagerFactory.class, JdbcClient.class, ApplicationEventMulticaster.class);

	private final PostgresDatabase database = PostgresDatabase.fresh();

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void theStarterAddsBeansOfItsOwnAndChangesNoOther() throws IOException {
		String ours = ImportCandidates.load(AutoConfiguration.class, OutboxProperties.class.getClassLoader())
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("dev.outbox."))
			.collect(Collectors.joining(","));
		Map<String, String> without;
		List<String> single;
		try (ConfigurableApplicationContext context = application("spring.autoconfigure.exclude=" + ours).run()) {
			assertThat(context.getBeanNamesForType(OutboxPublisher.class)).isEmpty();
			without = beans(context);
			single = single(context);
		}
		try (ConfigurableApplicationContext context = application("outbox.relay.enabled=true").run()) {
			assertThat(context.getBeanNamesForType(OutboxPublisher.class)).hasSize(1);
			assertThat(beans(context)).isEqualTo(without);
			assertThat(single(context)).isEqualTo(single);
			assertThat(context.getBean(HikariDataSource.class).getMaximumPoolSize()).isEqualTo(4);
			assertThat(context.getBean(EntityManagerFactory.class).getMetamodel().getEntities())
				.extracting((entity) -> entity.getJavaType().getName())
				.containsExactlyInAnyOrder(JpaApplication.PlacedOrder.class.getName(),
						OutboxStoredEvent.class.getName(), OutboxDeadLetter.class.getName(),
						OutboxArchivedEvent.class.getName());
		}
	}

	private TestApplication application(String property) {
		return TestApplication.of(Application.class, this.database)
			.with("spring.flyway.locations=classpath:it/boot/migration", "spring.kafka.bootstrap-servers=localhost:1",
					"outbox.relay.auto-startup=false", property);
	}

	private static Map<String, String> beans(ConfigurableApplicationContext context) {
		Map<String, String> beans = new TreeMap<>();
		Arrays.stream(context.getBeanDefinitionNames())
			.filter((name) -> !isOurs(context, name))
			.forEach((name) -> beans.put(name, context.getType(name).getName().replaceFirst("\\$\\$.*", "")));
		return beans;
	}

	private static boolean isOurs(ConfigurableApplicationContext context, String name) {
		return name.startsWith("dev.outbox.autoconfigure.") || name.startsWith("outbox")
				|| context.getType(name).getName().startsWith("dev.outbox.autoconfigure.");
	}

	private static List<String> single(ConfigurableApplicationContext context) {
		return ONE_OF_EACH.stream()
			.map((type) -> type.getName() + '=' + context.getBean(type).getClass().getName().replaceFirst("\\$.*", ""))
			.toList();
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableScheduling
	static class Application {

	}

}
