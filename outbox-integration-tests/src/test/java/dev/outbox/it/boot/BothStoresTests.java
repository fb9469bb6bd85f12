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

import javax.sql.DataSource;

import dev.outbox.OutboxPublisher;
import dev.outbox.TransactionRequiredException;
import dev.outbox.TransactionRequiredException.Reason;
import dev.outbox.diagnostics.AmbiguousStoreException;
import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Applications with MongoDB and a relational database: where their outbox is. On their
 * class path are the drivers of both, JDBC, JPA and Spring Data for both, and H2, of
 * which Spring Boot makes a data source where none is configured.
 */
@ExtendWith(OutputCaptureExtension.class)
class BothStoresTests {

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final H2Database relational = H2Database.fresh();

	private final MongoTestDatabase mongo = MongoTestDatabase.fresh();

	private String topic;

	@BeforeEach
	void createTopic() {
		this.topic = KAFKA.uniqueTopic(1);
		this.relational.sql("CREATE TABLE orders (id varchar(100) PRIMARY KEY, quantity integer NOT NULL)");
		this.mongo.database().createCollection("orders");
	}

	@AfterEach
	void dropDatabases() {
		this.relational.close();
		this.mongo.close();
	}

	@Test
	void anApplicationWithADataSourceThatOnlyReadsMongoHasItsOutboxInTheDataSource() {
		try (ConfigurableApplicationContext context = with(
				TestApplication.of(JdbcApplication.class, this.relational).with(TestApplication.WITHOUT_JPA))
			.run()) {
			assertThat(context.getBean(MongoTemplate.class).estimatedCount("orders")).isZero();
			context.getBean(Orders.class).place("o-1", 1);
			awaitDelivered("o-1");
			assertThatTheOutboxIsInTheDataSource(context);
		}
	}

	@Test
	void anApplicationInMongoWithADataSourceOfSpringBootHasToChoose(CapturedOutput output) {
		assertThatExceptionOfType(AmbiguousStoreException.class)
			.isThrownBy(with(TestApplication.of(MongoApplication.class))::run);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("outbox.store.type")
			.contains("Spring Boot makes a DataSource of an embedded database that is on the class path");
		assertThat(this.mongo.database().listCollectionNames()).containsExactly("orders");
	}

	@Test
	void anApplicationInMongoMayHaveADataSourceOfSpringBoot() {
		try (ConfigurableApplicationContext context = with(TestApplication.of(MongoApplication.class))
			.with("outbox.store.type=mongodb")
			.run()) {
			context.getBean(Orders.class).place("o-1", 1);
			awaitDelivered("o-1");
			assertThatTheOutboxIsInMongo(context);
		}
	}

	@Test
	void transactionsInBothHaveToBeChosenFrom(CapturedOutput output) {
		assertThatExceptionOfType(AmbiguousStoreException.class).isThrownBy(transactionsInBoth()::run)
			.withMessageContaining("Set outbox.store.type to jdbc, jpa or mongodb");
		assertThat(output).contains("Set 'outbox.store.type' to the database");
	}

	@ParameterizedTest
	@CsvSource({ "mongodb, mongoTransactions, jdbcTransactions", "jdbc, jdbcTransactions, mongoTransactions" })
	void whatIsChosenIsUsed(String type, String own, String other) {
		try (ConfigurableApplicationContext context = transactionsInBoth().with("outbox.store.type=" + type).run()) {
			OutboxPublisher publisher = context.getBean(OutboxPublisher.class);
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> transaction(context, other)
					.executeWithoutResult((status) -> publisher.publish(new OrderPlaced("o-1", 1))))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.FOREIGN));
			transaction(context, own).executeWithoutResult((status) -> publisher.publish(new OrderPlaced("o-2", 2)));
			awaitDelivered("o-2");
			if (type.equals("jdbc")) {
				assertThatTheOutboxIsInTheDataSource(context);
			}
			else {
				assertThatTheOutboxIsInMongo(context);
			}
		}
	}

	private TestApplication transactionsInBoth() {
		return with(TestApplication.of(TransactionsInBoth.class, this.relational).with(TestApplication.WITHOUT_JPA));
	}

	private TestApplication with(TestApplication application) {
		return application.on(KAFKA)
			.with(TestApplication.WITHOUT_FLYWAY, "spring.mongodb.uri=" + this.mongo.uri(),
					"outbox.routes.[order.placed].destination=" + this.topic);
	}

	private static TransactionTemplate transaction(ConfigurableApplicationContext context, String manager) {
		return new TransactionTemplate(context.getBean(manager, PlatformTransactionManager.class));
	}

	private void awaitDelivered(String key) {
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(
					() -> assertThat(KAFKA.readAll(this.topic)).extracting(KafkaRecord::key).containsExactly(key));
	}

	private void assertThatTheOutboxIsInTheDataSource(ConfigurableApplicationContext context) {
		assertThat(tables(context)).isPositive();
		assertThat(this.mongo.database().listCollectionNames()).containsExactly("orders");
	}

	private void assertThatTheOutboxIsInMongo(ConfigurableApplicationContext context) {
		assertThat(this.mongo.database().listCollectionNames()).contains("outbox_event");
		assertThat(tables(context)).isZero();
	}

	private static long tables(ConfigurableApplicationContext context) {
		return JdbcClient.create(context.getBean(DataSource.class))
			.sql("SELECT count(*) FROM information_schema.tables WHERE table_name LIKE 'outbox%'")
			.query(Long.class)
			.single();
	}

	/**
	 * An application that writes in both.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class TransactionsInBoth {

		@Bean
		MongoTransactionManager mongoTransactions(MongoDatabaseFactory factory) {
			return new MongoTransactionManager(factory);
		}

		@Bean
		JdbcTransactionManager jdbcTransactions(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

}
