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

package dev.outbox.it.mongo;

import java.util.concurrent.TimeUnit;

import com.mongodb.MongoTimeoutException;
import com.mongodb.client.ChangeStreamIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCursor;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.TransactionRequiredException;
import dev.outbox.diagnostics.AmbiguousDataSourceException;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.diagnostics.NoMatchingTransactionManagerException;
import dev.outbox.diagnostics.AmbiguousStoreException;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.EventStore;
import dev.outbox.store.PollingSignals;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.mongo.MongoEventStore;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What an application in MongoDB needs, and what it may choose.
 */
class MongoSetUpTests {

	private final MongoTestDatabase database = MongoTestDatabase.fresh();

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void anApplicationWithoutATransactionManagerDoesNotStart() {
		assertThatNoManagerMatches(MongoRunner.on(this.database), "found none");
	}

	@Test
	void aTransactionManagerOfAnotherDatabaseDoesNotDo() {
		assertThatNoManagerMatches(MongoRunner.on(this.database).withUserConfiguration(MongoBeans.OtherManager.class),
				"found {otherManager=MongoTransactionManager of a SimpleMongoClientDatabaseFactory}");
	}

	@Test
	void theTransactionManagerOfADataSourceDoesNotDo() {
		assertThatNoManagerMatches(
				MongoRunner
					.withDataSource(MongoRunner.on(this.database).withPropertyValues("outbox.store.type=mongodb")),
				"found {transactionManager=JdbcTransactionManager of a HikariDataSource}");
	}

	private static void assertThatNoManagerMatches(ApplicationContextRunner runner, String found) {
		runner.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(NoMatchingTransactionManagerException.class)
			.hasMessageContaining("owns the MongoDB database of the outbox")
			.hasMessageContaining(found));
	}

	/**
	 * The session that is bound under a transaction of another database ends after that,
	 * and may fail then.
	 */
	@Test
	void onlyTransactionsOfItsDatabaseAreRecognised() {
		MongoRunner.complete(this.database).withUserConfiguration(MongoBeans.OtherManager.class).run((context) -> {
			// Spring Boot would add it to all managers.
			assertThat(context).doesNotHaveBean(TransactionExecutionListener.class);
			OutboxPublisher publisher = context.getBean(OutboxPublisher.class);
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> transaction(context, "otherManager")
					.executeWithoutResult((status) -> publisher.publish(message())))
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(TransactionRequiredException.Reason.FOREIGN));
			assertThat(count("outbox_event")).isZero();
			transaction(context, "manager").executeWithoutResult((status) -> publisher.publish(message()));
			assertThat(count("outbox_event")).isOne();
		});
	}

	@Test
	void theTransactionManagerMayBeNamed() {
		ApplicationContextRunner two = MongoRunner.complete(this.database)
			.withUserConfiguration(MongoBeans.SecondManager.class, MongoBeans.OtherManager.class);
		two.withPropertyValues("outbox.store.transaction-manager=second").run((context) -> {
			context.getBean(OutboxTemplate.class).publishTransactional(message());
			assertThat(context.getBean("second", MongoBeans.CountingManager.class).begun).hasSize(1);
			assertThat(count("outbox_event")).isOne();
		});
		two.withPropertyValues("outbox.store.transaction-manager=otherManager")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidOutboxPropertyException.class)
				.hasMessageContaining("must be the name of a transaction manager of the MongoDB database"));
	}

	@Test
	void theTransactionManagerMayBeMarked() {
		MongoRunner.complete(this.database).withUserConfiguration(MongoBeans.MarkedManager.class).run((context) -> {
			context.getBean(OutboxTemplate.class).publishTransactional(message());
			assertThat(context.getBean("marked", MongoBeans.CountingManager.class).begun).hasSize(1);
		});
	}

	@Test
	void ofSeveralDatabasesOneMustBeNamedOrMarked() {
		ApplicationContextRunner two = MongoRunner.withoutSpringData()
			.withPropertyValues("spring.mongodb.uri=" + this.database.uri())
			.withUserConfiguration(MongoBeans.TwoFactories.class);
		two.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(AmbiguousDataSourceException.class)
			.hasMessageStartingWith("There are several MongoDB databases (first, second) and none is primary."));
		two.withPropertyValues("outbox.store.data-source=second")
			.run((context) -> assertThatTheOutboxIsIn(context, "second"));
		two.withUserConfiguration(MongoBeans.MarkedFactory.class)
			.run((context) -> assertThatTheOutboxIsIn(context, "marked"));
	}

	private static void assertThatTheOutboxIsIn(ApplicationContext context, String expected) {
		context.getBean(OutboxTemplate.class).publishTransactional(message());
		for (MongoDatabaseFactory factory : context.getBeansOfType(MongoDatabaseFactory.class).values()) {
			boolean is = factory.getMongoDatabase().getName().equals(expected);
			assertThat(factory.getMongoDatabase().getCollection("outbox_event").countDocuments()).isEqualTo(is ? 1 : 0);
			factory.getMongoDatabase().drop();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "outbox.store.type=jdbc" })
	void besideADataSourceTheOutboxIsInThat(String property) {
		MongoRunner.withDataSource(MongoRunner.on(this.database).withPropertyValues(property)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(EventStore.class)).isInstanceOf(JdbcEventStore.class);
			assertThat(MongoRunner.collections(this.database)).isEmpty();
		});
	}

	/**
	 * With transactions in both, nobody can tell which of them the events belong to.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "spring.main.lazy-initialization=false", "spring.main.lazy-initialization=true" })
	void besideADataSourceTransactionsOfMongoHaveToBeChosenOrNot(String property) {
		MongoRunner.withDataSource(MongoRunner.complete(this.database).withPropertyValues(property))
			.run((context) -> assertThat(context.getStartupFailure()).isInstanceOf(AmbiguousStoreException.class)
				.hasMessageContaining("outbox.store.type"));
		assertThat(MongoRunner.collections(this.database)).isEmpty();
	}

	@Test
	void besideADataSourceMongoMayBeChosen() {
		MongoRunner.withDataSource(MongoRunner.complete(this.database).withPropertyValues("outbox.store.type=mongodb"))
			.run((context) -> {
				assertThat(context.getBean(EventStore.class)).isInstanceOf(MongoEventStore.class);
				assertThat(context.getBeansOfType(RelayStore.class)).hasSize(1);
				context.getBean(OutboxTemplate.class).publishTransactional(message());
				assertThat(count("outbox_event")).isOne();
			});
	}

	@Test
	void theChangeStreamCanBeSwitchedOff() {
		MongoRunner.complete(this.database)
			.run((context) -> assertThat(context.getBean(CommitSignals.class)).isNotInstanceOf(PollingSignals.class));
		MongoRunner.complete(this.database)
			.withPropertyValues("outbox.relay.datasource.listen=false")
			.run((context) -> assertThat(context.getBean(CommitSignals.class)).isInstanceOf(PollingSignals.class));
	}

	@Test
	void theClientOfTheApplicationIsNotClosed() {
		MongoRunner.create()
			.withUserConfiguration(MongoBeans.Manager.class)
			.withPropertyValues("outbox.relay.enabled=true", "outbox.relay.auto-startup=false",
					"spring.mongodb.database=" + this.database.name())
			.withBean(MongoClient.class, this.database::client, (client) -> client.setDestroyMethodName(""))
			.withBean(MongoBeans.NoTransport.class)
			.run((context) -> context.getBean(OutboxTemplate.class).publishTransactional(message()));
		assertThat(count("outbox_event")).isOne();
	}

	/**
	 * A change stream of the application has the only connection of its client.
	 */
	@Test
	void theRelayNeedsNoConnectionOfTheApplication() {
		MongoRunner.create()
			.withUserConfiguration(MongoBeans.Manager.class)
			.withPropertyValues("outbox.relay.enabled=true", "outbox.relay.auto-startup=false",
					"spring.mongodb.uri=" + this.database.uri() + "&maxPoolSize=1&waitQueueTimeoutMS=1")
			.withBean(MongoBeans.NoTransport.class)
			.run((context) -> {
				OutboxRelay relay = context.getBean(OutboxRelay.class);
				ChangeStreamIterable<Document> changes = context.getBean(MongoClient.class).watch();
				Thread application = new Thread(() -> listen(changes));
				application.setDaemon(true);
				application.start();
				await().untilAsserted(() -> assertThatExceptionOfType(MongoTimeoutException.class)
					.isThrownBy(() -> context.getBean(MongoClient.class).listDatabaseNames().first()));
				relay.start();
				await().untilAsserted(() -> assertThat(relay.status().lanes().get("kafka").partitions()).hasSize(64));
			});
	}

	private static void listen(ChangeStreamIterable<Document> changes) {
		while (!isListening(changes)) {
			Thread.onSpinWait();
		}
	}

	/**
	 * The question whether the connection is taken may have it just then.
	 */
	private static boolean isListening(ChangeStreamIterable<Document> changes) {
		try (MongoCursor<?> cursor = changes.maxAwaitTime(1, TimeUnit.MINUTES).cursor()) {
			return cursor.hasNext();
		}
		catch (MongoTimeoutException ex) {
			return false;
		}
	}

	private static TransactionTemplate transaction(ApplicationContext context, String manager) {
		return new TransactionTemplate(context.getBean(manager, PlatformTransactionManager.class));
	}

	private static OutboxMessage message() {
		return OutboxMessage.of("order", "o-1", "order.placed", "{}");
	}

	private long count(String collection) {
		return this.database.database().getCollection(collection).countDocuments();
	}

}
