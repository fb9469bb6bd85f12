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

import java.util.ArrayList;
import java.util.List;

import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.fixtures.mongo.MongoTestDatabase;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.data.mongodb.autoconfigure.DataMongoAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.util.ClassUtils;

/**
 * As much of an application as stores events in MongoDB.
 */
final class MongoRunner {

	private MongoRunner() {
	}

	/**
	 * Returns an application that does not deliver, and knows no server yet.
	 */
	static ApplicationContextRunner create() {
		return withoutSpringData()
			.withConfiguration(AutoConfigurations.of(MongoAutoConfiguration.class, DataMongoAutoConfiguration.class));
	}

	/**
	 * Returns one for which Spring Boot configures nothing of MongoDB.
	 */
	static ApplicationContextRunner withoutSpringData() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(TransactionManagerCustomizationAutoConfiguration.class,
					JacksonAutoConfiguration.class))
			.withConfiguration(AutoConfigurations.of(outboxAutoConfigurations()))
			.withPropertyValues("outbox.relay.enabled=false", "outbox.transport=kafka");
	}

	/**
	 * Returns one that has no transaction manager.
	 */
	static ApplicationContextRunner on(MongoTestDatabase database) {
		return create().withPropertyValues("spring.mongodb.uri=" + database.uri());
	}

	/**
	 * Returns one that has all it needs.
	 */
	static ApplicationContextRunner complete(MongoTestDatabase database) {
		return on(database).withUserConfiguration(MongoBeans.Manager.class);
	}

	static ApplicationContextRunner withDataSource(ApplicationContextRunner runner) {
		H2Database h2 = H2Database.fresh();
		return runner
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + h2.jdbcUrl(), "spring.datasource.username=" + h2.user(),
					"spring.datasource.password=" + h2.password());
	}

	static List<String> collections(MongoTestDatabase database) {
		return database.database().listCollectionNames().into(new ArrayList<>());
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
