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

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The sample with MySQL or MariaDB instead of PostgreSQL.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("mysql")
abstract class MySqlContract {

	@LocalServerPort
	private int port;

	@Test
	void anOrderIsPlacedAndPaid() {
		RestClient http = RestClient.create("http://localhost:" + this.port);
		Map<?, ?> order = http.post()
			.uri("/orders")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("customer", "Ada", "item", "Teapot", "quantity", 1))
			.retrieve()
			.body(Map.class);
		http.post().uri("/orders/{id}/pay", order.get("id")).retrieve().toBodilessEntity();
		Map<?, ?> paid = http.get().uri("/orders/{id}", order.get("id")).retrieve().body(Map.class);
		assertThat(paid.get("status")).isEqualTo("PAID");
		assertThat(paid.get("placedAt")).isEqualTo(order.get("placedAt"));
		ShopProcess.patiently()
			.until(() -> new JsonMapper().readTree(http.get().uri("/journeys").retrieve().body(String.class))
				.valueStream()
				.filter((journey) -> journey.hasNonNull("consumedAt"))
				.anyMatch((journey) -> journey.get("type").stringValue().equals("order.paid")));
	}

}
