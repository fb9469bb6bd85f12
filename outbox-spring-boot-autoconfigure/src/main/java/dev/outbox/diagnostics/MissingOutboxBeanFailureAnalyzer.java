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

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Explains why a bean of the outbox is not there that the application asks for. Comes
 * before Spring Boot's own analyzer, which can only advise to define one.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MissingOutboxBeanFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	/**
	 * There is one of each for every outbox.
	 */
	private static final Set<String> STORED = Set.of("dev.outbox.OutboxPublisher", "dev.outbox.publish.OutboxTemplate",
			"dev.outbox.archive.OutboxArchive", "dev.outbox.deadletter.DeadLetters", "dev.outbox.store.DeadLetterStore",
			"dev.outbox.store.HoldStore");

	/**
	 * They are there for a single outbox, where Spring Data JPA is.
	 */
	private static final Set<String> REPOSITORIES = Set.of("dev.outbox.store.jpa.OutboxStoredEvents",
			"dev.outbox.store.jpa.OutboxDeadLetters", "dev.outbox.store.jpa.OutboxArchivedEvents");

	/**
	 * It needs a transport, and no store.
	 */
	private static final String SENDER = "dev.outbox.MessageSender";

	/**
	 * It is there wherever the auto-configuration of the outbox is, unless switched off.
	 */
	private static final String AUTO_CONFIGURATION = "dev.outbox.autoconfigure.doctor.OutboxDoctorAutoConfiguration";

	private static final String MONGO = "add org.springframework.boot:spring-boot-starter-data-mongodb and set"
			+ " spring.mongodb.uri.";

	private final Environment environment;

	private final BeanFactory beans;

	MissingOutboxBeanFailureAnalyzer(Environment environment, BeanFactory beans) {
		this.environment = environment;
		this.beans = beans;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		Class<?> type = cause.getBeanType();
		if (type == null || cause.getNumberOfBeansFound() > 0) {
			return null;
		}
		boolean repository = REPOSITORIES.contains(type.getName());
		boolean sender = type.getName().equals(SENDER);
		if (!repository && !sender && !STORED.contains(type.getName())) {
			return null;
		}
		String name = type.getSimpleName();
		if (!this.environment.getProperty("outbox.enabled", Boolean.class, true)) {
			return new FailureAnalysis("There is no " + name + " because 'outbox.enabled' is false.",
					"Remove 'outbox.enabled=false', or do not ask for a bean of type " + name + " where it is set.",
					cause);
		}
		Set<String> instances = instances();
		if (!instances.isEmpty()) {
			return ofSeveral(instances, name, repository, cause);
		}
		if (!this.beans.containsBean(AUTO_CONFIGURATION)) {
			return ofSlice(name, cause);
		}
		if (sender) {
			return ofTransport(name, cause);
		}
		return repository ? ofJpa(name, cause) : ofDatabase(name, cause);
	}

	/**
	 * An environment variable cannot name an outbox with its hyphens.
	 */
	private Set<String> instances() {
		Set<String> names = new TreeSet<>(Binder.get(this.environment)
			.bind("outbox.instances", Bindable.mapOf(String.class, Object.class))
			.orElseGet(Map::of)
			.keySet());
		Set<String> hyphenated = names.stream().filter((name) -> name.contains("-")).collect(Collectors.toSet());
		hyphenated.forEach((name) -> names.remove(name.replace("-", "")));
		return names;
	}

	private static FailureAnalysis ofSeveral(Set<String> instances, String name, boolean repository,
			NoSuchBeanDefinitionException cause) {
		if (repository) {
			return new FailureAnalysis(
					"There are several outboxes, " + instances + ", and a " + name + " for a single one only.",
					"Inject the DeadLetterStore or OutboxArchive of one of them with @Qualifier(\""
							+ instances.iterator().next()
							+ "\") or another of these names, or query its tables with SQL.",
					cause);
		}
		return new FailureAnalysis(
				"There are several outboxes, " + instances + ", and nothing says the " + name + " of which one.",
				"Add @Qualifier(\"" + instances.iterator().next() + "\") or another of these names where the " + name
						+ " is injected" + (name.equals("OutboxPublisher") ? ", or inject OutboxPublishers." : "."),
				cause);
	}

	private static FailureAnalysis ofSlice(String name, NoSuchBeanDefinitionException cause) {
		return new FailureAnalysis(
				"There is no " + name + " because this application context is without the auto-configuration of the"
						+ " outbox, like those of most test slices.",
				"""
						Do one of these:
						  - in a test of a slice, add @AutoConfigureTestOutbox of dev.outbox:outbox-test
						  - where nothing is to be published, add @MockitoBean and a field of type %s to the test
						  - elsewhere, add @SpringBootApplication or @EnableAutoConfiguration, and do not exclude \
						the outbox from it""".formatted(name), cause);
	}

	private static FailureAnalysis ofTransport(String name, NoSuchBeanDefinitionException cause) {
		return new FailureAnalysis(
				"There is no " + name + " because there is no transport. " + NoTransportFailureAnalyzer.found(), """
						Do one of these:
						  - to send to Kafka, add org.springframework.boot:spring-boot-starter-kafka
						  - to send to RabbitMQ, add org.springframework.boot:spring-boot-starter-amqp
						  - define a bean of type dev.outbox.transport.OutboxTransport""", cause);
	}

	private static FailureAnalysis ofJpa(String name, NoSuchBeanDefinitionException cause) {
		return new FailureAnalysis(
				"There is no " + name + " because events are not stored through JPA, or Spring Data JPA is missing.",
				"Add org.springframework.boot:spring-boot-starter-data-jpa, and do not set 'outbox.store.type' to jdbc.",
				cause);
	}

	private FailureAnalysis ofDatabase(String name, NoSuchBeanDefinitionException cause) {
		String type = this.environment.getProperty("outbox.store.type", "auto").toLowerCase(Locale.ROOT);
		if (type.equals("none")) {
			return new FailureAnalysis("There is no " + name + " because 'outbox.store.type' is none.",
					"Remove 'outbox.store.type=none', or inject a MessageSender, which sends without the outbox.",
					cause);
		}
		String reason = "There is no " + name + " because there is no database to store events in: ";
		boolean jdbc = isPresent("org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration");
		boolean mongo = isPresent("org.springframework.boot.data.mongodb.autoconfigure.DataMongoAutoConfiguration");
		if (type.equals("mongodb") && mongo) {
			return new FailureAnalysis(reason + "no bean of type MongoDatabaseFactory was found.",
					"Set spring.mongodb.uri, or define a MongoDatabaseFactory.", cause);
		}
		if (type.equals("mongodb")) {
			return new FailureAnalysis(reason + "Spring Boot's support for MongoDB is missing.",
					"Set 'outbox.store.type' to another type. Or, to store events in MongoDB, " + MONGO, cause);
		}
		if (jdbc) {
			return new FailureAnalysis(reason + "no bean of type DataSource was found.",
					"Set spring.datasource.url, or define a DataSource. Or, to store events in MongoDB, "
							+ (mongo ? "define a MongoDatabaseFactory." : MONGO),
					cause);
		}
		return new FailureAnalysis(reason + "Spring Boot's JDBC support is missing.",
				"Add org.springframework.boot:spring-boot-starter-jdbc (or spring-boot-starter-data-jpa) and the"
						+ " driver of the database, and set spring.datasource.url. Or, to store events in MongoDB, "
						+ MONGO,
				cause);
	}

	private static boolean isPresent(String type) {
		return ClassUtils.isPresent(type, MissingOutboxBeanFailureAnalyzer.class.getClassLoader());
	}

}
