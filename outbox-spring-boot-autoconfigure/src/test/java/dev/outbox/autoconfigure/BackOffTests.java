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

package dev.outbox.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.outbox.MessageSender;
import dev.outbox.archive.OutboxArchive;
import dev.outbox.listener.TraceContext;
import dev.outbox.observation.OutboxMeters;
import dev.outbox.observation.SendObservationDecorator;
import dev.outbox.payload.EventTypes;
import dev.outbox.payload.PayloadSerializer;
import dev.outbox.publish.IdGenerator;
import dev.outbox.publish.OutboxRecordFactory;
import dev.outbox.publish.OutboxRouting;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.publish.TopicNames;
import dev.outbox.publish.WriteSettings;
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.Housekeeper;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelaySettings;
import dev.outbox.relay.RoutePolicy;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.EventStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoreTransactions;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.mongo.CollectionNames;
import dev.outbox.topology.Topology;
import dev.outbox.transport.kafka.KafkaTopicReader;
import dev.outbox.transport.kafka.KafkaTopology;
import dev.outbox.transport.kafka.KafkaTransport;
import dev.outbox.transport.rabbit.RabbitTopicReader;
import dev.outbox.transport.rabbit.RabbitTopology;
import dev.outbox.transport.rabbit.RabbitTransport;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Looks at bean definitions only: no bean is created, so no database is needed.
 */
class BackOffTests {

	private final ApplicationContextRunner withoutStore = define(define(
			define(new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(outboxAutoConfigurations())),
					ProducerFactory.class),
			MeterRegistry.class), ObservationRegistry.class);

	private final ApplicationContextRunner runner = define(this.withoutStore, DataSource.class);

	private final ApplicationContextRunner withMongo = define(this.withoutStore, MongoDatabaseFactory.class);

	private final ApplicationContextRunner withRabbit = define(this.runner, ConnectionFactory.class);

	static Stream<Class<?>> types() {
		return Stream.of(ArchiveStore.class, BacklogMonitor.class, BacklogStore.class, CommitSignals.class,
				DeadLetterStore.class, EventStore.class, EventTypes.class, HoldStore.class, Housekeeper.class,
				HousekeepingStore.class, IdGenerator.class, KafkaTopicReader.class, KafkaTopology.class,
				KafkaTransport.class, LeaseStore.class, MessageSender.class, OutboxArchive.class, OutboxMeters.class,
				OutboxRecordFactory.class, OutboxRelay.class, OutboxRouting.class, OutboxTemplate.class,
				PayloadSerializer.class, RabbitTopicReader.class, RelaySettings.class, RelayStore.class,
				RetryPolicy.class, RoutePolicy.class, StoreTransactionOperations.class, StoreTransactions.class,
				TopicNames.class, Topology.class, TraceContext.class, WriteSettings.class);
	}

	@ParameterizedTest
	@MethodSource("types")
	@ValueSource(classes = CollectionNames.class)
	void aBeanOfTheApplicationReplacesTheOneForMongo(Class<?> type) {
		assertThat(names(this.withMongo, type)).singleElement().asString().startsWith("outbox");
		assertThat(names(define(this.withMongo, type), type)).containsExactly(type.getName());
	}

	@ParameterizedTest
	@MethodSource("types")
	@ValueSource(classes = { JdbcDialect.class, TableNames.class })
	void aBeanOfTheApplicationReplacesTheOneOfTheStarter(Class<?> type) {
		assertThat(names(this.runner, type)).singleElement().asString().startsWith("outbox");
		assertThat(names(define(this.runner, type), type)).containsExactly(type.getName());
	}

	@ParameterizedTest
	@ValueSource(classes = { RabbitTopology.class, RabbitTransport.class })
	void aBeanForRabbitReplacesTheOneOfTheStarter(Class<?> type) {
		assertThat(names(this.runner, type)).isEmpty();
		assertThat(names(this.withRabbit, type)).containsExactly("outbox" + type.getSimpleName());
		assertThat(names(define(this.withRabbit, type), type)).containsExactly(type.getName());
	}

	@Test
	void sendsAreObservedOnlyWithATracerAndUnlessSwitchedOff() {
		Class<?> type = SendObservationDecorator.class;
		ApplicationContextRunner traced = define(this.runner, Propagator.class);
		assertThat(names(this.runner, type)).isEmpty();
		assertThat(names(traced, type)).containsExactly("outbox" + type.getSimpleName());
		assertThat(names(define(traced, type), type)).containsExactly(type.getName());
		for (String property : List.of("outbox.relay.observation=false", "outbox.headers.trace=false")) {
			assertThat(names(traced.withPropertyValues(property), type)).isEmpty();
		}
	}

	@Test
	void theHealthIndicatorIsReplacedByName() {
		assertThat(names(this.runner)).contains("outboxHealthIndicator");
		assertThat(names(this.runner.withBean("outboxHealthContributor", String.class)))
			.doesNotContain("outboxHealthIndicator");
	}

	@Test
	void theHealthIndicatorCanBeSwitchedOff() {
		assertThat(names(this.runner.withPropertyValues("management.health.outbox.enabled=false")))
			.doesNotContain("outboxHealthIndicator");
	}

	@ParameterizedTest
	@ValueSource(strings = { "io.micrometer", "io.micrometer.tracing", "org.springframework.kafka",
			"org.springframework.amqp", "com.rabbitmq", "jakarta.persistence", "org.hibernate", "org.flywaydb",
			"org.springframework.data.mongodb", "com.mongodb" })
	void aLibraryMayBeMissing(String missing) {
		ApplicationContextRunner without = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(outboxAutoConfigurations()))
			.withClassLoader(new FilteredClassLoader(missing));
		without = define(without, DataSource.class);
		without = missing.equals("io.micrometer") ? without : define(without, MeterRegistry.class);
		without = missing.endsWith("kafka") ? without : define(without, ProducerFactory.class);
		List<String> names = names(without);
		assertThat(names).contains("outboxPublisher", "outboxRelay");
		assertThat(names.contains("outboxMessageSender")).isEqualTo(!missing.endsWith("kafka"));
		assertThat(names.contains("outboxMeters")).isEqualTo(!missing.equals("io.micrometer"));
		assertThat(names.contains("outboxKafkaTransport")).isEqualTo(!missing.endsWith("kafka"));
		assertThat(names.contains("outboxKafkaTopology")).isEqualTo(!missing.endsWith("kafka"));
		assertThat(names).contains("outboxKafkaTopicReader", "outboxRabbitTopicReader", "outboxTopology");
	}

	@Test
	void mongoNeedsNothingOfJdbc() {
		List<String> names = names(this.withMongo.withClassLoader(new FilteredClassLoader("org.springframework.jdbc",
				"org.springframework.orm", "org.springframework.boot.jdbc", "org.springframework.boot.sql",
				"org.springframework.boot.jpa", "jakarta.persistence", "org.hibernate", "com.zaxxer", "org.flywaydb")));
		assertThat(names).contains("outboxPublisher", "outboxTemplate", "outboxRelay", "outboxRelayLifecycle",
				"outboxHousekeeper", "outboxBacklogMonitor", "outboxMeters", "outboxHealthIndicator",
				"outboxMessageSender", "outboxArchive", "outboxMongoSchemaInitializer");
		assertThat(names).doesNotContain("outboxDatabase", "outboxSchemaInitializer");
	}

	@ParameterizedTest
	@CsvSource({ "auto, outboxDatabase", "jdbc, outboxDatabase", "jpa, outboxDatabase", "mongodb, outboxMongoDatabase",
			"MONGODB, outboxMongoDatabase", "none, " })
	void ofTwoDatabasesTheOutboxIsInOne(String type, @Nullable String expected) {
		List<String> names = names(
				define(this.runner, MongoDatabaseFactory.class).withPropertyValues("outbox.store.type=" + type));
		assertThat(names.stream().filter(List.of("outboxDatabase", "outboxMongoDatabase")::contains))
			.isEqualTo((expected != null) ? List.of(expected) : List.of());
		assertThat(names.stream().filter("outboxEventStore"::equals)).hasSize((expected != null) ? 1 : 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc", "jpa", "none" })
	void mongoIsNotTakenWhereAnotherStoreIsChosen(String type) {
		assertThat(names(this.withMongo.withPropertyValues("outbox.store.type=" + type)))
			.doesNotContain("outboxPublisher", "outboxRelay", "outboxMongoDatabase");
	}

	@Test
	void anApplicationMayHaveADatabaseAndNoOutbox() {
		assertThat(names(this.runner.withPropertyValues("outbox.store.type=none"))).contains("outboxMessageSender")
			.doesNotContain("outboxPublisher", "outboxRelay", "outboxMonitor", "outboxDatabase");
	}

	private static <T> ApplicationContextRunner define(ApplicationContextRunner runner, Class<T> type) {
		return runner.withBean(type.getName(), type, () -> {
			throw new IllegalStateException("No bean is to be created");
		});
	}

	private static List<String> names(ApplicationContextRunner runner) {
		return names(runner, Object.class);
	}

	private static List<String> names(ApplicationContextRunner runner, Class<?> type) {
		List<String> names = new ArrayList<>();
		runner.withInitializer((context) -> context.addBeanFactoryPostProcessor((beans) -> {
			names.addAll(List.of(beans.getBeanNamesForType(type, true, false)));
			throw new IllegalStateException("Seen");
		})).run((context) -> assertThat(context).getFailure().hasMessage("Seen"));
		return names;
	}

	private static Class<?>[] outboxAutoConfigurations() {
		List<Class<?>> types = new ArrayList<>();
		for (String name : ImportCandidates.load(AutoConfiguration.class, null)) {
			if (name.startsWith("dev.outbox.")) {
				types.add(ClassUtils.resolveClassName(name, null));
			}
		}
		return types.toArray(Class<?>[]::new);
	}

}
