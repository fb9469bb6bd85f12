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

package dev.outbox.diagnostics;

import java.util.Map;

import javax.sql.DataSource;

import dev.outbox.MessageSender;
import dev.outbox.OutboxPublisher;
import dev.outbox.archive.OutboxArchive;
import dev.outbox.autoconfigure.StoreTransactionOperations;
import dev.outbox.autoconfigure.doctor.OutboxDoctorAutoConfiguration;
import dev.outbox.autoconfigure.publish.OutboxPublishAutoConfiguration;
import dev.outbox.autoconfigure.publish.OutboxRecordAutoConfiguration;
import dev.outbox.autoconfigure.relay.OutboxRelayAutoConfiguration;
import dev.outbox.autoconfigure.retry.OutboxRetryAutoConfiguration;
import dev.outbox.autoconfigure.store.mongo.OutboxStoreChoiceAutoConfiguration;
import dev.outbox.autoconfigure.stub.EmptyStore;
import dev.outbox.autoconfigure.stub.StubTransactionManager;
import dev.outbox.autoconfigure.stub.StubTransport;
import dev.outbox.autoconfigure.stub.StubWriteStore;
import dev.outbox.autoconfigure.transport.kafka.OutboxKafkaAutoConfiguration;
import dev.outbox.autoconfigure.transport.rabbit.OutboxRabbitAutoConfiguration;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.jpa.OutboxArchivedEvents;
import dev.outbox.store.jpa.OutboxDeadLetters;
import dev.outbox.store.jpa.OutboxStoredEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class FailureAnalyzerTests {

	@Test
	void namesThePropertyItsValueAndWhereItComesFrom(CapturedOutput output) {
		assertThat(StartFailure.print(output, Retry.class, "outbox.relay.poll-interval=0s")).isEqualTo("""
				Description:

				The property 'outbox.relay.poll-interval' has the value '0s' (from "outbox.relay.poll-interval" from \
				property source "defaultProperties"), but it must be longer than 0.

				Action:

				Change 'outbox.relay.poll-interval', or remove it to use the default.""");
	}

	@Test
	void saysHowToWriteATypeWithDots(CapturedOutput output) {
		assertThat(StartFailure.print(output, TwoTransports.class, "outbox.transport=one",
				"outbox.routes.order.placed.destination=orders"))
			.contains("The property 'outbox.routes.order.placed.destination' has the value 'orders'",
					"outbox.routes.[order.placed].destination");
	}

	@Test
	void saysWhichStarterToAddWhenThereIsNoTransport(CapturedOutput output) {
		assertThat(StartFailure.print(output, NoTransport.class)).isEqualTo("""
				Description:

				The outbox has no transport to send events with. Spring Boot's support for Kafka is on the class path, \
				but there is not exactly one bean of type ProducerFactory, or one marked as primary. The client of \
				RabbitMQ is on the class path, but nothing configures it.

				Action:

				Do one of these:
				  - to send to Kafka, add org.springframework.boot:spring-boot-starter-kafka
				  - to send to RabbitMQ, add org.springframework.boot:spring-boot-starter-amqp
				  - define a bean of type dev.outbox.transport.OutboxTransport
				  - on an instance that only publishes, set outbox.relay.enabled=false and outbox.transport
				  - to do without the outbox, set outbox.enabled=false""");
	}

	@Test
	void namesTheTransportsToChooseFrom(CapturedOutput output) {
		assertThat(StartFailure.print(output, TwoTransports.class)).isEqualTo("""
				Description:

				There are several transports (one, two), and nothing says which one takes the events whose route \
				names none.

				Action:

				Set 'outbox.transport' to one of them, for example outbox.transport=one. Single events go elsewhere \
				by outbox.routes.[<type>].transport or @OutboxEvent(transport = "...").""");
	}

	@Test
	void namesATransportThatIsNotThere(CapturedOutput output) {
		assertThat(StartFailure.print(output, TwoTransports.class, "outbox.transport=rabbit")).isEqualTo("""
				Description:

				The property 'outbox.transport' has the value 'rabbit', but the transports that are there are: one, \
				two.

				Action:

				Set 'outbox.transport' to one of them, for example outbox.transport=one, or add the broker that it \
				names.""");
	}

	@Test
	void asksWhichStoreItIsWhereBothHaveTransactions(CapturedOutput output) {
		assertThat(StartFailure.print(output, TwoStores.class)).isEqualTo("""
				Description:

				There are a DataSource and a MongoTransactionManager, and nothing says which of both databases stores \
				the events.

				Action:

				Set 'outbox.store.type' to the database that the transactions write in which events are published: \
				jdbc, jpa or mongodb. Nothing was written. If you have not defined the DataSource: Spring Boot makes \
				a DataSource of an embedded database that is on the class path, as H2 may be for tests.""");
	}

	@Test
	void refusesAProducerThatMayLoseEvents(CapturedOutput output) {
		assertThat(StartFailure.print(output, Kafka.class, "spring.kafka.producer.acks=1")).isEqualTo("""
				Description:

				The Kafka producer of the application has the setting 'acks=1'. With it Kafka may lose or reorder \
				events after it has acknowledged them, and the outbox would already have deleted them.

				Action:

				Set 'acks' to all, or remove it. It comes from spring.kafka.producer.*, from \
				spring.kafka.producer.properties.* or from a ProducerFactory bean.""");
	}

	@ParameterizedTest
	@CsvSource({ "publisher-confirm-type, none, correlated", "publisher-returns, false, true",
			"template.mandatory, false, true" })
	void refusesARabbitThatDoesNotSayWhatBecameOfAnEvent(String property, String off, String on,
			CapturedOutput output) {
		assertThat(StartFailure.print(output, Rabbit.class, "spring.rabbitmq." + property + "=" + off)).contains(
				"The property 'spring.rabbitmq." + property + "' has the value '" + off + "'",
				"must be " + on + ", or not be set");
	}

	@Test
	void saysWhyThereIsNoPublisher(CapturedOutput output) {
		assertThat(StartFailure.print(output, NoStore.class)).isEqualTo("""
				Description:

				There is no OutboxPublisher because there is no database to store events in: no bean of type \
				DataSource was found.

				Action:

				Set spring.datasource.url, or define a DataSource. Or, to store events in MongoDB, add \
				org.springframework.boot:spring-boot-starter-data-mongodb and set spring.mongodb.uri.""");
	}

	@Test
	void saysWhatASliceLacks(CapturedOutput output) {
		assertThat(StartFailure.print(output, Slice.class)).isEqualTo("""
				Description:

				There is no OutboxPublisher because this application context is without the auto-configuration of the \
				outbox, like those of most test slices.

				Action:

				Do one of these:
				  - in a test of a slice, add @AutoConfigureTestOutbox of dev.outbox:outbox-test
				  - where nothing is to be published, add @MockitoBean and a field of type OutboxPublisher to the test
				  - elsewhere, add @SpringBootApplication or @EnableAutoConfiguration, and do not exclude the outbox \
				from it""");
	}

	@Test
	void saysThatTheOutboxIsDisabled(CapturedOutput output) {
		assertThat(StartFailure.print(output, NoStore.class, "outbox.enabled=false")).isEqualTo("""
				Description:

				There is no OutboxPublisher because 'outbox.enabled' is false.

				Action:

				Remove 'outbox.enabled=false', or do not ask for a bean of type OutboxPublisher where it is set.""");
	}

	@Test
	void saysThatAnOutboxOfSeveralMustBeNamed(CapturedOutput output) {
		assertThat(StartFailure.print(output, NoStore.class, "outbox.instances.shop.source=a",
				"outbox.instances.bills.source=b"))
			.isEqualTo("""
					Description:

					There are several outboxes, [bills, shop], and nothing says the OutboxPublisher of which one.

					Action:

					Add @Qualifier("bills") or another of these names where the OutboxPublisher is injected, or \
					inject OutboxPublishers.""");
	}

	@ParameterizedTest
	@ValueSource(classes = { OutboxTemplate.class, OutboxArchive.class, DeadLetterStore.class, HoldStore.class,
			MessageSender.class })
	void saysForEachBeanOfAnOutboxOfSeveralThatItMustBeNamed(Class<?> type) {
		FailureAnalysis analysis = analyze(type, "outbox.instances.my-shop.source=a", "outbox.instances.bills.source=b",
				"outbox.instances.myshop.source=c");
		assertThat(analysis.getDescription()).isEqualTo("There are several outboxes, [bills, my-shop], and nothing says"
				+ " the " + type.getSimpleName() + " of which one.");
		assertThat(analysis.getAction()).isEqualTo("Add @Qualifier(\"bills\") or another of these names where the "
				+ type.getSimpleName() + " is injected.");
	}

	@Test
	void saysWhatASenderNeeds() {
		assertThat(analyze(MessageSender.class).getDescription())
			.startsWith("There is no MessageSender because there is no transport. Spring Boot's support for Kafka");
		assertThat(analyze(MessageSender.class).getAction()).contains("spring-boot-starter-kafka")
			.doesNotContain("outbox.relay.enabled");
	}

	@Test
	void saysThatNothingIsToBeStored() {
		FailureAnalysis analysis = analyze(OutboxPublisher.class, "outbox.store.type=none");
		assertThat(analysis.getDescription())
			.isEqualTo("There is no OutboxPublisher because 'outbox.store.type' is none.");
		assertThat(analysis.getAction()).contains("MessageSender");
	}

	@ParameterizedTest
	@ValueSource(classes = { OutboxStoredEvents.class, OutboxDeadLetters.class, OutboxArchivedEvents.class })
	void saysThatRepositoriesAreForASingleOutboxWithJpa(Class<?> type) {
		assertThat(analyze(type, "outbox.instances.shop.source=a").getDescription())
			.isEqualTo("There are several outboxes, [shop], and a " + type.getSimpleName() + " for a single one only.");
		assertThat(analyze(type).getDescription()).isEqualTo("There is no " + type.getSimpleName()
				+ " because events are not stored through JPA, or Spring Data JPA is missing.");
	}

	private static FailureAnalysis analyze(Class<?> type, String... properties) {
		MockEnvironment environment = new MockEnvironment();
		TestPropertyValues.of(properties).applyTo(environment);
		StaticListableBeanFactory beans = new StaticListableBeanFactory(
				Map.of(OutboxDoctorAutoConfiguration.class.getName(), new OutboxDoctorAutoConfiguration()));
		return new MissingOutboxBeanFailureAnalyzer(environment, beans)
			.analyze(new NoSuchBeanDefinitionException(type));
	}

	@Test
	void listsTransactionManagersThatDoNotMatch() {
		NoMatchingTransactionManagerException failure = new NoMatchingTransactionManagerException("HikariDataSource",
				Map.of("kafkaTransactionManager", "KafkaTransactionManager", "other", "JdbcTransactionManager"));
		FailureAnalysis analysis = new NoMatchingTransactionManagerFailureAnalyzer(new MockEnvironment())
			.analyze(failure);
		assertThat(analysis.getDescription().lines()).contains("  - kafkaTransactionManager: KafkaTransactionManager",
				"  - other: JdbcTransactionManager");
		assertThat(analysis.getAction()).startsWith("Define a JdbcTransactionManager");
	}

	@Test
	void showsTheTransactionManagerThatMongoNeeds() {
		NoMatchingTransactionManagerException failure = NoMatchingTransactionManagerException
			.ofMongo("SimpleMongoClientDatabaseFactory", Map.of());
		FailureAnalysis analysis = new NoMatchingTransactionManagerFailureAnalyzer(new MockEnvironment())
			.analyze(failure);
		assertThat(analysis.getDescription()).isEqualToNormalizingNewlines("""
				No transaction manager owns the MongoDB database of the outbox (SimpleMongoClientDatabaseFactory). \
				With @Transactional as it is, a rollback would leave events and business documents behind.

				There is no transaction manager at all.""");
		assertThat(analysis.getAction()).isEqualTo("""
				Define one, which Spring Boot does not do for MongoDB:

				    @Bean
				    MongoTransactionManager transactionManager(MongoDatabaseFactory factory) {
				        return new MongoTransactionManager(factory);
				    }""");
	}

	@Test
	void saysWhatBecomesOfOtherTransactionManagersBesideThatOfMongo() {
		NoMatchingTransactionManagerException failure = NoMatchingTransactionManagerException
			.ofMongo("SimpleMongoClientDatabaseFactory", Map.of("tm", "JdbcTransactionManager of a HikariDataSource"));
		FailureAnalysis analysis = new NoMatchingTransactionManagerFailureAnalyzer(new MockEnvironment())
			.analyze(failure);
		assertThat(analysis.getDescription()).endsWith("  - tm: JdbcTransactionManager of a HikariDataSource");
		assertThat(analysis.getAction()).contains("new MongoTransactionManager(factory)")
			.endsWith("Spring Boot defines none beside yours.");
	}

	@Test
	void offersMongoWhereOnlyItsTransactionManagerIsThere() {
		NoMatchingTransactionManagerException failure = new NoMatchingTransactionManagerException("HikariDataSource",
				Map.of("tm", "MongoTransactionManager of a SimpleMongoClientDatabaseFactory"));
		assertThat(new NoMatchingTransactionManagerFailureAnalyzer(new MockEnvironment()).analyze(failure).getAction())
			.endsWith("Or set 'outbox.store.type' to mongodb, to store events in MongoDB.");
	}

	@Test
	void saysWhatAStoreInMongoNeeds() {
		FailureAnalysis analysis = analyze(OutboxPublisher.class, "outbox.store.type=mongodb");
		assertThat(analysis.getDescription()).endsWith("Spring Boot's support for MongoDB is missing.");
		assertThat(analysis.getAction()).contains("add org.springframework.boot:spring-boot-starter-data-mongodb");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(OutboxRetryAutoConfiguration.class)
	static class Retry {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ OutboxRetryAutoConfiguration.class, OutboxRelayAutoConfiguration.class })
	static class NoTransport {

		@Bean
		EmptyStore store() {
			return new EmptyStore();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ OutboxRecordAutoConfiguration.class, OutboxPublishAutoConfiguration.class })
	static class TwoTransports {

		@Bean
		StubWriteStore store() {
			return new StubWriteStore();
		}

		@Bean
		StoreTransactionOperations operations() {
			return new StoreTransactionOperations(new TransactionTemplate(new StubTransactionManager()));
		}

		@Bean
		StubTransport one() {
			return new StubTransport("one");
		}

		@Bean
		StubTransport two() {
			return new StubTransport("two");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(OutboxStoreChoiceAutoConfiguration.class)
	static class TwoStores {

		@Bean
		DataSource dataSource() {
			return new DriverManagerDataSource();
		}

		@Bean
		MongoTransactionManager mongoTransactionManager() {
			return new MongoTransactionManager();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ KafkaAutoConfiguration.class, OutboxKafkaAutoConfiguration.class })
	static class Kafka {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(OutboxRabbitAutoConfiguration.class)
	static class Rabbit {

		@Bean
		CachingConnectionFactory connectionFactory() {
			return new CachingConnectionFactory();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
			"org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration" })
	static class NoStore {

		@Bean
		String needsPublisher(OutboxPublisher publisher) {
			return publisher.toString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Slice {

		@Bean
		String needsPublisher(OutboxPublisher publisher) {
			return publisher.toString();
		}

	}

}
