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

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.outbox.fixtures.process.ForkedJvm;
import dev.outbox.sample.launcher.Launcher;
import org.awaitility.core.ConditionFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The whole sample, as somebody who tries it starts it, and what its page asks it.
 */
final class ShopProcess implements AutoCloseable {

	static final Duration DEADLINE = Duration.ofMinutes(5);

	private static final Pattern OPEN = Pattern.compile("The shop is open: look at (http://localhost:\\d+) .*");

	private final JsonMapper json = new JsonMapper();

	private final ForkedJvm launcher;

	private final String page;

	private final RestClient http;

	private ShopProcess(ForkedJvm launcher, String page) {
		this.launcher = launcher;
		this.page = page;
		this.http = RestClient.create(page);
	}

	static ShopProcess open(Path directory, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.addAll(List.of("--server.port=0", "--sample.embedded.directory=" + directory.toAbsolutePath()));
		ForkedJvm launcher = ForkedJvm.of(Launcher.class)
			.name("shop")
			.options("-XX:TieredStopAtLevel=1", "-Xmx256m")
			.arguments(all.toArray(String[]::new))
			.start();
		try {
			Matcher line = OPEN.matcher(launcher.awaitLine(OPEN.asMatchPredicate(), DEADLINE));
			assertThat(line.matches()).isTrue();
			return new ShopProcess(launcher, line.group(1));
		}
		catch (RuntimeException | AssertionError ex) {
			launcher.close();
			throw ex;
		}
	}

	/** Begins to wait for what is asked over HTTP; an error is not the last answer. */
	static ConditionFactory patiently() {
		return await().atMost(DEADLINE).ignoreExceptionsInstanceOf(RestClientException.class);
	}

	/** Wait for a line of the launcher or of an instance. */
	void awaitLine(String text) {
		this.launcher.awaitLine((line) -> line.contains(text), DEADLINE);
	}

	String page() {
		return this.page;
	}

	JsonNode get(String path) {
		return this.json.readTree(this.http.get().uri(path).retrieve().body(String.class));
	}

	Answer post(String path, Map<String, ?> body) {
		return this.http.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.body(body)
			.exchange((request, response) -> new Answer(response.getStatusCode().value(),
					this.json.readTree(response.getBody())));
	}

	String place(String customer, String item, int quantity) {
		Answer answer = post("/orders", Map.of("customer", customer, "item", item, "quantity", quantity));
		assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
		return answer.body().get("id").stringValue();
	}

	/** The journeys of the events of a key. */
	List<JsonNode> journeys(String key) {
		return get("/journeys").valueStream().filter((journey) -> key.equals(journey.path("key").asString())).toList();
	}

	void awaitConsumed(String key, String... types) {
		patiently().untilAsserted(() -> assertThat(journeys(key).stream()
			.filter((journey) -> journey.hasNonNull("consumedAt"))
			.map((journey) -> journey.get("type").stringValue())).contains(types));
	}

	/** How many partitions each instance sends. */
	Map<String, Integer> owners() {
		Map<String, Integer> owners = new TreeMap<>();
		for (JsonNode instance : get("/actuator/outbox").path("instances")) {
			owners.merge(instance.get("name").stringValue(), instance.at("/owned/kafka").size(), Integer::sum);
		}
		return owners;
	}

	JsonNode awaitInstance(String name, String state) {
		return patiently().until(() -> instance(name), (instance) -> state.equals(instance.path("state").asString()));
	}

	private JsonNode instance(String name) {
		return get("/control").get("instances")
			.valueStream()
			.filter((instance) -> name.equals(instance.get("name").stringValue()))
			.findFirst()
			.orElseGet(this.json::nullNode);
	}

	void awaitBroker(String state) {
		patiently().until(() -> get("/control").get("broker").stringValue(), Predicate.isEqual(state));
	}

	/** Kill the parent process; its children are left to themselves. */
	void kill() {
		this.launcher.kill();
	}

	@Override
	public void close() {
		if (this.launcher.isAlive()) {
			this.launcher.terminate();
			this.launcher.awaitExit(DEADLINE);
		}
	}

	record Answer(int status, JsonNode body) {
	}

}
