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

package dev.outbox.sample;

import java.util.Map;

import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.fixtures.rabbit.EnabledIfRabbit;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.http.MediaType;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample with MongoDB, of which there is a double only, and RabbitMQ.
 */
@ActiveProfiles("mongo")
@TestPropertySource(properties = "sample.embedded.directory=target/mongo-profile")
@EnabledIfRabbit
class MongoProfileTests extends RabbitContract {

	@RegisterExtension
	static final MongoTestDatabase MONGO = MongoTestDatabase.fresh();

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		registry.add("spring.mongodb.uri", MONGO::uri);
	}

	@Test
	void anOrderOfTooManyLeavesNeitherOrderNorEvent() {
		RestClient http = http();
		Integer status = http.post()
			.uri("/orders")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("customer", "Ada", "item", "Kettle", "quantity", 1000))
			.exchange((request, response) -> response.getStatusCode().value());
		assertThat(status).isEqualTo(409);
		assertThat(MONGO.database().getCollection("orders").countDocuments(new Document("item", "Kettle"))).isZero();
		assertThat(http.get().uri("/journeys").retrieve().body(String.class)).doesNotContain("Kettle");
	}

}
