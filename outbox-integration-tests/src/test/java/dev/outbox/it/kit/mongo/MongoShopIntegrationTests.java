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

package dev.outbox.it.kit.mongo;

import dev.outbox.it.kit.OrderPlaced;
import dev.outbox.it.kit.Orders;
import dev.outbox.test.PublishedEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.mongodb.MongoDBContainer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Import;

/**
 * The application on MongoDB and Kafka in containers. The property of the address is for
 * the other tests of this module, which have no MongoDB unless they say so; the container
 * comes before it.
 */
@EnabledIfSystemProperty(named = "outbox.fixtures", matches = "testcontainers",
		disabledReason = "needs containers: start Docker and run the build with -Doutbox.fixtures=testcontainers")
@SpringBootTest(properties = { "spring.mongodb.uri=mongodb://localhost/shop",
		"spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration" })
@Testcontainers
@Import({ PublishedEvents.class, Orders.class })
class MongoShopIntegrationTests {

	@Container
	@ServiceConnection
	static final KafkaContainer KAFKA = new KafkaContainer("apache/kafka-native:4.2.1");

	// tag::mongo[]
	@Container
	@ServiceConnection
	static final MongoDBContainer MONGO = new MongoDBContainer("mongo:8.0").withReplicaSet();

	// end::mongo[]
	@Test
	void anOrderReachesTheTopic(@Autowired Orders orders, @Autowired PublishedEvents events) {
		orders.place("o-1", "teapot");
		events.awaitPublished(OrderPlaced.class);
	}

}
