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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.mongodb.ConnectionString;
import dev.outbox.autoconfigure.OutboxDataSource;
import dev.outbox.autoconfigure.OutboxTransactionManager;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;
import org.springframework.transaction.TransactionDefinition;

/**
 * What applications define for MongoDB.
 */
final class MongoBeans {

	private MongoBeans() {
	}

	/**
	 * Returns another database of the same server, whose client is closed with it.
	 */
	private static SimpleMongoClientDatabaseFactory open(Environment environment, String name) {
		return MongoDatabaseFactory.create(new ConnectionString(
				environment.getRequiredProperty("spring.mongodb.uri").replaceFirst("(?<=\\d/)\\w+", name)));
	}

	/**
	 * The transaction manager that is needed.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Manager {

		@Bean
		@Primary
		CountingManager manager(MongoDatabaseFactory factory) {
			return new CountingManager(factory);
		}

	}

	/**
	 * One of another database.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OtherManager {

		@Bean(defaultCandidate = false)
		SimpleMongoClientDatabaseFactory otherFactory(Environment environment) {
			return open(environment, "other");
		}

		@Bean
		MongoTransactionManager otherManager(@Qualifier("otherFactory") MongoDatabaseFactory factory) {
			return new MongoTransactionManager(factory);
		}

	}

	/**
	 * Another one of the same database.
	 */
	@Configuration(proxyBeanMethods = false)
	static class SecondManager {

		@Bean
		CountingManager second(MongoDatabaseFactory factory) {
			return new CountingManager(factory);
		}

	}

	/**
	 * Another one that is marked.
	 */
	@Configuration(proxyBeanMethods = false)
	static class MarkedManager {

		@Bean
		@OutboxTransactionManager
		CountingManager marked(MongoDatabaseFactory factory) {
			return new CountingManager(factory);
		}

	}

	/**
	 * Two databases, and a transaction manager for the second one.
	 */
	@Configuration(proxyBeanMethods = false)
	static class TwoFactories {

		@Bean
		SimpleMongoClientDatabaseFactory first(Environment environment) {
			return open(environment, "first");
		}

		@Bean
		SimpleMongoClientDatabaseFactory second(Environment environment) {
			return open(environment, "second");
		}

		@Bean
		CountingManager secondManager(@Qualifier("second") MongoDatabaseFactory factory) {
			return new CountingManager(factory);
		}

	}

	/**
	 * A database that is marked, and its transaction manager.
	 */
	@Configuration(proxyBeanMethods = false)
	static class MarkedFactory {

		@Bean
		@OutboxDataSource
		SimpleMongoClientDatabaseFactory markedFactory(Environment environment) {
			return open(environment, "marked");
		}

		@Bean
		CountingManager markedManager(@OutboxDataSource MongoDatabaseFactory factory) {
			return new CountingManager(factory);
		}

	}

	/**
	 * Remembers the transactions that it has begun.
	 */
	static final class CountingManager extends MongoTransactionManager {

		private static final long serialVersionUID = 1L;

		final transient List<TransactionDefinition> begun = new CopyOnWriteArrayList<>();

		CountingManager(MongoDatabaseFactory factory) {
			super(factory);
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			super.doBegin(transaction, definition);
			this.begun.add(definition);
		}

	}

	/**
	 * A transport for a relay that does not run.
	 */
	static final class NoTransport implements OutboxTransport {

		@Override
		public String name() {
			return "kafka";
		}

		@Override
		public void send(List<? extends Delivery> batch) {
			throw new IllegalStateException("No relay runs");
		}

		@Override
		public void close() {
		}

	}

}
