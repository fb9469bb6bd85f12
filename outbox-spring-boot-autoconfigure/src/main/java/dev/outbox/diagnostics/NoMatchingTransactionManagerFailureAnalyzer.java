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

import java.util.TreeMap;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Explains that transactions would not cover the outbox. Spring Boot makes no transaction
 * manager for a data source once there is another one, for example Kafka's.
 */
final class NoMatchingTransactionManagerFailureAnalyzer
		extends AbstractFailureAnalyzer<NoMatchingTransactionManagerException> {

	private static final String KAFKA_PREFIX = "spring.kafka.producer.transaction-id-prefix";

	private final Environment environment;

	NoMatchingTransactionManagerFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, NoMatchingTransactionManagerException cause) {
		StringBuilder description = new StringBuilder(
				("No transaction manager owns the %s of the outbox (%s). With @Transactional as it is, a rollback would "
						+ "leave events and business %s behind.%n")
					.formatted(cause.isMongo() ? "MongoDB database" : "data source", cause.getDataSource(),
							cause.isMongo() ? "documents" : "rows"));
		if (cause.getFound().isEmpty()) {
			description.append("%nThere is no transaction manager at all.".formatted());
		}
		else {
			description.append("%nThese transaction managers are there:".formatted());
			new TreeMap<>(cause.getFound())
				.forEach((name, what) -> description.append("%n  - %s: %s".formatted(name, what)));
		}
		String action = cause.isMongo() ? ofMongo(cause) : ofDataSource(cause, description);
		return new FailureAnalysis(description.toString(), action, cause);
	}

	/**
	 * The other one has to be defined too: Spring Boot makes none for a data source once
	 * there is one for MongoDB.
	 */
	private static String ofMongo(NoMatchingTransactionManagerException cause) {
		String others = cause.getFound().isEmpty() ? "" : """


				Name it in @Transactional, or mark it as @Primary. Where there is a DataSource, define the transaction \
				manager of that one too: Spring Boot defines none beside yours.""";
		return """
				Define one, which Spring Boot does not do for MongoDB:

				    @Bean
				    MongoTransactionManager transactionManager(MongoDatabaseFactory factory) {
				        return new MongoTransactionManager(factory);
				    }""" + others;
	}

	private String ofDataSource(NoMatchingTransactionManagerException cause, StringBuilder description) {
		StringBuilder action = new StringBuilder();
		String prefix = this.environment.getProperty(KAFKA_PREFIX);
		if (prefix != null) {
			description
				.append("%n%nThe property '%s' has the value '%s'. It makes Spring Boot define a Kafka "
					.formatted(KAFKA_PREFIX, prefix))
				.append("transaction manager, and none for the data source.");
			action.append("Remove '%s': the outbox needs no Kafka transaction. Or define".formatted(KAFKA_PREFIX));
		}
		else {
			action.append("Define");
		}
		action.append(" a JdbcTransactionManager (or JpaTransactionManager) bean for the data source of the outbox, "
				+ "and mark it as @Primary or name it in @Transactional.");
		if (cause.getFound().values().stream().anyMatch((found) -> found.startsWith("MongoTransactionManager"))) {
			action.append(" Or set 'outbox.store.type' to mongodb, to store events in MongoDB.");
		}
		return action.toString();
	}

}
