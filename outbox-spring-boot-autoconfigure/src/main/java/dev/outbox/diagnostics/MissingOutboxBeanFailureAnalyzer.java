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
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

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

	private static final Set<String> WRITING = Set.of("dev.outbox.OutboxPublisher",
			"dev.outbox.publish.OutboxTemplate");

	private final Environment environment;

	MissingOutboxBeanFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		Class<?> type = cause.getBeanType();
		if (type == null || !WRITING.contains(type.getName()) || cause.getNumberOfBeansFound() > 0) {
			return null;
		}
		String name = type.getSimpleName();
		if (!this.environment.getProperty("outbox.enabled", Boolean.class, true)) {
			return new FailureAnalysis("There is no " + name + " because 'outbox.enabled' is false.",
					"Remove 'outbox.enabled=false', or do not ask for a " + name + " where it is set.", cause);
		}
		Set<String> instances = new TreeSet<>(Binder.get(this.environment)
			.bind("outbox.instances", Bindable.mapOf(String.class, Object.class))
			.orElseGet(Map::of)
			.keySet());
		if (!instances.isEmpty()) {
			return new FailureAnalysis(
					"There are several outboxes, " + instances + ", and nothing says the " + name + " of which one.",
					"Add @Qualifier(\"" + instances.iterator().next() + "\") or another of these names where the "
							+ name + " is injected, or inject OutboxPublishers.",
					cause);
		}
		boolean jdbc = ClassUtils.isPresent("org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
				getClass().getClassLoader());
		String reason = "There is no " + name + " because there is no database to store events in: ";
		if (jdbc) {
			return new FailureAnalysis(reason + "no bean of type DataSource was found.",
					"Set spring.datasource.url, or define a DataSource.", cause);
		}
		return new FailureAnalysis(reason + "Spring Boot's JDBC support is missing.",
				"Add org.springframework.boot:spring-boot-starter-jdbc (or spring-boot-starter-data-jpa) and the driver "
						+ "of the database, and set spring.datasource.url.",
				cause);
	}

}
