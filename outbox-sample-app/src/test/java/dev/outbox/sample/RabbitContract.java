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

import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample with a real RabbitMQ instead of Kafka, whatever its database is.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
abstract class RabbitContract {

	@RegisterExtension
	static final RabbitVirtualHost RABBIT = RabbitVirtualHost.fresh();

	@LocalServerPort
	private int port;

	@Autowired
	private JsonMapper json;

	@DynamicPropertySource
	static void broker(DynamicPropertyRegistry registry) {
		registry.add("spring.rabbitmq.host", RABBIT::host);
		registry.add("spring.rabbitmq.port", RABBIT::port);
		registry.add("spring.rabbitmq.username", RABBIT::user);
		registry.add("spring.rabbitmq.password", RABBIT::password);
		registry.add("spring.rabbitmq.virtual-host", RABBIT::name);
	}

	final RestClient http() {
		return RestClient.create("http://localhost:" + this.port);
	}

	@Test
	void anOrderTravelsThroughRabbit() {
		RestClient http = http();
		String order = http.post()
			.uri("/orders")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("customer", "Ada", "item", "Teapot", "quantity", 1))
			.retrieve()
			.body(String.class);
		String id = this.json.readTree(order).get("id").stringValue();
		JsonNode journey = ShopProcess.patiently()
			.until(() -> journeyOf(http, id),
					(found) -> found.hasNonNull("publishedAt") && found.hasNonNull("consumedAt"));
		assertThat(journey.get("type").stringValue()).isEqualTo("order.placed");
		ShopProcess.patiently().untilAsserted(() -> {
			JsonNode health = healthOf(http);
			assertThat(health.at("/components/rabbit/status").asString()).isEqualTo("UP");
			assertThat(health.at("/components/outbox/status").asString()).isEqualTo("UP");
		});
	}

	/**
	 * What is not up answers with an error, and says there what it is.
	 */
	private JsonNode healthOf(RestClient http) {
		return this.json.readTree(
				http.get().uri("/actuator/health").retrieve().onStatus(HttpStatusCode::isError, (request, response) -> {
				}).body(String.class));
	}

	private JsonNode journeyOf(RestClient http, String orderId) {
		for (JsonNode journey : this.json.readTree(http.get().uri("/journeys").retrieve().body(String.class))) {
			if (orderId.equals(journey.get("key").stringValue())) {
				return journey;
			}
		}
		return this.json.nullNode();
	}

}
