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

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.ConsumerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Trap 25: the documented quick start does not run. It is read from README.md, and runs
 * on a real PostgreSQL and a real Kafka.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "sample.embedded.directory=target/quick-start")
class QuickStartTests {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	private final HttpClient http = HttpClient.newHttpClient();

	@Autowired
	private JsonMapper json;

	@Autowired
	private JdbcClient jdbc;

	@Autowired
	private ConsumerFactory<String, String> consumers;

	@LocalServerPort
	private int port;

	@Test
	void theCodeOfTheReadmeIsTheCodeOfTheSample() {
		List<Readme.Block> blocks = Readme.blocks()
			.stream()
			.filter((block) -> !Set.of("sh", "mermaid").contains(block.language()))
			.toList();
		assertThat(blocks).hasSize(4)
			.allSatisfy((block) -> assertThat(block.file()).as("origin of\n%s", block.code()).isNotNull())
			.allSatisfy((block) -> assertThat(block.code()).isEqualTo(block.source()));
	}

	@Test
	void trap25TheDocumentedQuickStartRuns() throws Exception {
		JsonNode order = this.json.readTree(call(Readme.curls().get(0), 201));
		String id = order.get("id").stringValue();
		assertThat(this.jdbc.sql("SELECT customer FROM orders WHERE id = ?").param(id).query(String.class).single())
			.isEqualTo("Ada");
		JsonNode journey = patiently().until(() -> journeyOf(id), (found) -> isComplete(found));
		assertThat(journey.get("type").stringValue()).isEqualTo("order.placed");
		List<ConsumerRecord<String, String>> records = recordsOf(id);
		assertThat(records).singleElement().satisfies((message) -> {
			assertThat(this.json.readTree(message.value())).isEqualTo(this.json.readTree("""
					{"orderId": "%s", "customer": "Ada", "item": "Teapot", "quantity": 1}""".formatted(id)));
			assertThat(header(message, "ce_id")).isEqualTo(journey.get("id").stringValue());
			assertThat(header(message, "ce_source")).contains("shop");
		});
	}

	@Test
	void theDocumentedOrderOfTooManyLeavesNeitherOrderNorEvent() throws Exception {
		Readme.Curl tooMany = Readme.curls().get(1);
		JsonNode problem = this.json.readTree(call(tooMany, 409));
		assertThat(problem.get("detail").stringValue()).contains("101").contains("rolled back");
		assertThat(this.jdbc.sql("SELECT count(*) FROM orders WHERE customer = 'Bob'").query(Integer.class).single())
			.isZero();
		// What is published later arrives later: then Bob's event would have been there.
		String id = this.json.readTree(call(Readme.curls().get(0), 201)).get("id").stringValue();
		patiently().until(() -> journeyOf(id), (found) -> isComplete(found));
		assertThat(records()).isNotEmpty().noneMatch((message) -> message.value().contains("Bob"));
	}

	@Test
	void theDocumentedJourneysAreThere() throws Exception {
		assertThat(this.json.readTree(call(Readme.curls().get(2), 200)).isArray()).isTrue();
	}

	@Test
	void theHealthTellsAboutTheOutbox() throws Exception {
		patiently().untilAsserted(() -> {
			JsonNode outbox = this.json.readTree(call(new Readme.Curl("/actuator/health", null, null, null), 200))
				.at("/components/outbox");
			assertThat(outbox.path("status").asString()).isEqualTo("UP");
			assertThat(outbox.at("/details/relay").asString()).isEqualTo("leased");
		});
	}

	@Test
	void thePageLoadsNothingFromElsewhereAndHasNoScriptInside() throws Exception {
		String page = call(new Readme.Curl("/", null, null, null), 200);
		assertThat(page).contains("default-src 'self'")
			.doesNotContain("http://", "https://")
			.doesNotContainPattern("<script[^>]*>[^<]")
			.doesNotContainPattern("\\son\\w+=")
			.doesNotContain("style=\"");
		for (String script : List.of("/app.js", "/dom.js", "/events.js", "/machines.js")) {
			assertThat(call(new Readme.Curl(script, null, null, null), 200)).contains("write(")
				.doesNotContain("innerHTML", "insertAdjacentHTML", "document.write", "eval(");
		}
		assertThat(call(new Readme.Curl("/style.css", null, null, null), 200)).isNotEmpty();
	}

	/** An error is not the last answer. */
	private static ConditionFactory patiently() {
		return await().atMost(DEADLINE)
			.ignoreExceptionsMatching((ex) -> ex instanceof IOException || ex instanceof AssertionError);
	}

	private String call(Readme.Curl curl, int status) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + curl.path()));
		if (curl.body() != null) {
			request.header(curl.headerName(), curl.headerValue()).POST(BodyPublishers.ofString(curl.body()));
		}
		HttpResponse<String> response = this.http.send(request.build(), BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return response.body();
	}

	private JsonNode journeyOf(String orderId) throws IOException, InterruptedException {
		for (JsonNode journey : this.json.readTree(call(Readme.curls().get(2), 200))) {
			if (orderId.equals(journey.get("key").stringValue())) {
				return journey;
			}
		}
		return this.json.nullNode();
	}

	private static boolean isComplete(JsonNode journey) {
		return List.of("storedAt", "publishedAt", "consumedAt").stream().allMatch((step) -> journey.hasNonNull(step));
	}

	private List<ConsumerRecord<String, String>> recordsOf(String key) {
		return records().stream().filter((message) -> key.equals(message.key())).toList();
	}

	private List<ConsumerRecord<String, String>> records() {
		List<ConsumerRecord<String, String>> all = new ArrayList<>();
		try (Consumer<String, String> consumer = this.consumers.createConsumer("quick-start-" + System.nanoTime(),
				"")) {
			var partitions = consumer.partitionsFor("orders")
				.stream()
				.map((info) -> new TopicPartition(info.topic(), info.partition()))
				.toList();
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
			while (partitions.stream().anyMatch((partition) -> consumer.position(partition) < ends.get(partition))) {
				consumer.poll(Duration.ofMillis(100)).forEach(all::add);
			}
		}
		return all;
	}

	private static String header(ConsumerRecord<?, ?> message, String name) {
		Header header = message.headers().lastHeader(name);
		return (header != null) ? new String(header.value(), StandardCharsets.UTF_8) : null;
	}

}
