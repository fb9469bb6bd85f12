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

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxPublisher;
import dev.outbox.TransactionRequiredException;
import dev.outbox.TransactionRequiredException.Reason;
import dev.outbox.diagnostics.NoMatchingTransactionManagerException;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * An event is refused where a rollback would leave it behind.
 */
class TransactionGuardTests {

	private final PostgresDatabase database = PostgresDatabase.fresh();

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	/**
	 * Spring Boot defines no transaction manager for the data source then.
	 */
	@Test
	void anApplicationWithKafkasTransactionManagerAloneDoesNotStart() {
		this.database.sql("CREATE TABLE orders (id text PRIMARY KEY, quantity integer NOT NULL)");
		Throwable failure = catchThrowable(
				() -> application(JdbcApplication.class).with("spring.kafka.producer.transaction-id-prefix=tx-").run());
		assertThat(failure).hasStackTraceContaining(NoMatchingTransactionManagerException.class.getName())
			.hasStackTraceContaining("KafkaTransactionManager");
	}

	@Test
	void aTransactionOnAnotherDatabaseIsRefused() {
		try (ConfigurableApplicationContext context = application(TwoDatabases.class).run()) {
			OutboxPublisher publisher = context.getBean(OutboxPublisher.class);
			TransactionTemplate own = new TransactionTemplate(context.getBean("own", PlatformTransactionManager.class));
			TransactionTemplate other = new TransactionTemplate(
					context.getBean("other", PlatformTransactionManager.class));
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> other.executeWithoutResult((status) -> publisher.publish(new OrderPlaced("o-1", 1))))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.FOREIGN));
			assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isZero();
			own.executeWithoutResult((status) -> publisher.publish(new OrderPlaced("o-2", 2)));
			assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isOne();
		}
	}

	private TestApplication application(Class<?> configuration) {
		return TestApplication.of(configuration, this.database)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.relay.enabled=false",
					"outbox.transport=kafka");
	}

	/**
	 * Transaction managers that the application has defined itself.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TwoDatabases {

		@Bean
		@Primary
		JdbcTransactionManager own(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		JdbcTransactionManager other(DataSource dataSource) throws Exception {
			DriverManagerDataSource other = new DriverManagerDataSource();
			other.setUrl(dataSource.unwrap(HikariDataSource.class).getJdbcUrl());
			other.setUsername(dataSource.unwrap(HikariDataSource.class).getUsername());
			other.setPassword(dataSource.unwrap(HikariDataSource.class).getPassword());
			return new JdbcTransactionManager(other);
		}

	}

}
