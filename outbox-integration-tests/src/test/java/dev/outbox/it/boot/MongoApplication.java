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

import dev.outbox.OutboxPublisher;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.data.mongodb.core.MongoTemplate;

/**
 * A shop that keeps its orders in MongoDB.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class MongoApplication {

	/**
	 * Starts the application, for a JVM of its own, and places an order.
	 * @param properties what to set
	 */
	public static void main(String[] properties) {
		TestApplication.of(MongoApplication.class).with(properties).run().getBean(Orders.class).place("o-1", 1);
	}

	@Bean
	MongoTransactionManager transactionManager(MongoDatabaseFactory factory) {
		return new MongoTransactionManager(factory);
	}

	@Bean
	MongoOrders orders(MongoTemplate mongo, OutboxPublisher outbox, ApplicationEventPublisher events) {
		return new MongoOrders(mongo, outbox, events);
	}

	/**
	 * An order.
	 *
	 * @param id the id of its document
	 * @param quantity how many
	 */
	record Order(String id, int quantity) {

	}

	/**
	 * Keeps orders in a collection.
	 */
	static class MongoOrders extends Shop {

		private final MongoTemplate mongo;

		MongoOrders(MongoTemplate mongo, OutboxPublisher outbox, ApplicationEventPublisher events) {
			super(outbox, events);
			this.mongo = mongo;
		}

		@Override
		void insert(String id, int number) {
			this.mongo.save(new Order(id, number), "orders");
		}

	}

}
