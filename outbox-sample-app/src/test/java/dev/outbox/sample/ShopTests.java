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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.outbox.fixtures.process.Children;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The story of the sample, over HTTP, as its page tells it: a parent process with
 * PostgreSQL and Kafka, and two instances.
 */
class ShopTests {

	private static ShopProcess shop;

	@BeforeAll
	static void open() {
		shop = ShopProcess.open(Path.of("target", "shop"), "--sample.ship-within=2s");
		shop.awaitInstance("B", "RUNNING");
	}

	@AfterAll
	static void close() {
		shop.close();
	}

	@Test
	void anOrderIsPlacedAndPaidAndShipped() {
		String id = shop.place("Ada", "Samovar", 3);
		assertThat(shop.post("/orders/" + id + "/pay", Map.of()).status()).isEqualTo(200);
		JsonNode shipped = shop.post("/orders/" + id + "/ship", Map.of()).body();
		assertThat(shipped.get("status").stringValue()).isEqualTo("SHIPPED");
		shop.awaitConsumed(id, "order.placed", "order.paid", "order.shipped", "order.shipment-due");
		shop.awaitConsumed("Samovar", "stock.taken");
	}

	@Test
	void aPaidOrderThatIsCancelledIsRefunded() {
		String id = shop.place("Bob", "Kettle", 1);
		shop.post("/orders/" + id + "/pay", Map.of());
		assertThat(shop.post("/orders/" + id + "/cancel", Map.of()).status()).isEqualTo(200);
		shop.awaitConsumed(id, "order.placed", "order.paid", "order.cancelled", "payment.refund-requested",
				"payment.refunded");
	}

	@Test
	void whatCannotBeDonePublishesNothing() {
		String id = shop.place("Cy", "Jug", 1);
		ShopProcess.Answer tooEarly = shop.post("/orders/" + id + "/ship", Map.of());
		assertThat(tooEarly.status()).isEqualTo(409);
		assertThat(tooEarly.body().get("detail").stringValue()).contains("PLACED", "SHIPPED");
		assertThat(shop.post("/orders/none/pay", Map.of()).status()).isEqualTo(404);
		shop.post("/orders/" + id + "/cancel", Map.of());
		// What is published later arrives later: then the other event would be there.
		shop.awaitConsumed(id, "order.cancelled");
		assertThat(shop.journeys(id)).noneMatch((journey) -> journey.get("type").stringValue().equals("order.shipped"));
	}

	@Test
	void anOrderOfTooManyLeavesNeitherOrderNorEvent() {
		Map<String, Object> tooMany = Map.of("customer", "Dee", "item", "Dragon", "quantity", 101);
		assertThat(shop.post("/orders", tooMany).status()).isEqualTo(409);
		String next = shop.place("Dee", "Dish", 1);
		shop.awaitConsumed(next, "order.placed");
		assertThat(shop.get("/orders").toString()).doesNotContain("Dragon");
		assertThat(shop.get("/journeys").toString()).doesNotContain("Dragon");
	}

	@Test
	void aNoteThatTheBrokerRefusesBecomesADeadLetterAndComesBackShortened() {
		String id = shop.place("Eve", "Cup", 1);
		shop.post("/orders/" + id + "/notes", Map.of("text", "x".repeat(20_000)));
		JsonNode letter = awaitDeadLetter(id, 0);
		String retried = "/actuator/outboxdeadletters/" + letter.get("number").longValue();
		assertThat(shop.post(retried, Map.of("action", "retry")).body().get("changed").booleanValue()).isTrue();
		JsonNode again = awaitDeadLetter(id, letter.get("number").longValue());
		String repaired = "/actuator/outboxdeadletters/" + again.get("number").longValue();
		assertThat(shop
			.post(repaired, Map.of("action", "repair", "payload", "{\"orderId\":\"" + id + "\",\"note\":\"short\"}"))
			.body()
			.get("changed")
			.booleanValue()).isTrue();
		shop.awaitConsumed(id, "order.placed", "order.noted");
		assertThat(letters(id).valueStream()).isEmpty();
	}

	private static JsonNode awaitDeadLetter(String key, long after) {
		return ShopProcess.patiently()
			.until(() -> letters(key).path(0), (letter) -> letter.path("number").asLong(0) > after);
	}

	private static JsonNode letters(String key) {
		return shop.get("/actuator/outboxdeadletters?key=" + key).get("letters");
	}

	@Test
	void theBacklogGrowsWhileTheBrokerIsBrokenAndDrainsWhenItIsBack() {
		shop.post("/control/broker/stop", Map.of());
		shop.awaitBroker("STOPPED");
		String[] ids = IntStream.range(0, 20).mapToObj((i) -> shop.place("Fay", "Bowl", i + 1)).toArray(String[]::new);
		ShopProcess.patiently().until(ShopTests::waiting, (waiting) -> waiting >= ids.length);
		shop.post("/control/broker/start", Map.of());
		shop.awaitBroker("RUNNING");
		for (String id : ids) {
			shop.awaitConsumed(id, "order.placed");
		}
		ShopProcess.patiently().until(ShopTests::waiting, (waiting) -> waiting == 0);
	}

	private static long waiting() {
		return shop.get("/actuator/outbox").at("/backlog/waiting").asLong(-1);
	}

	@Test
	void partitionsMoveWhenAnInstanceIsKilledAndStarted() {
		awaitBoth();
		shop.post("/control/instances/B/kill", Map.of());
		shop.awaitInstance("B", "STOPPED");
		ShopProcess.patiently().untilAsserted(() -> assertThat(shop.owners()).containsEntry("A", 64));
		String id = shop.place("Gil", "Spoon", 1);
		shop.awaitConsumed(id, "order.placed");
		shop.post("/control/instances/B/start", Map.of());
		shop.awaitInstance("B", "RUNNING");
		awaitBoth();
	}

	private static void awaitBoth() {
		ShopProcess.patiently()
			.untilAsserted(() -> assertThat(shop.owners()).containsEntry("A", 32).containsEntry("B", 32));
	}

	@Test
	void theBrowserShowsOrderAndEventsAndPartitions() throws Exception {
		assumeThat(Children.isOnPath("chromium")).as("chromium, of the package of that name").isTrue();
		String id = shop.place("Hal", "Whisk", 2);
		shop.awaitConsumed(id, "order.placed");
		// Again if need be: a browser that has all processors lets an instance lose its
		// partitions for a moment.
		ShopProcess.patiently()
			.untilAsserted(() -> assertThat(browser("--dump-dom"))
				.contains("2 × Whisk for Hal", "data-key=\"" + id + "\"", "title=\"Partition 63: instance ")
				.containsPattern("id=\"offline\" hidden")
				.containsPattern("id=\"broker-state\"[^>]*>runs<"));
		Path picture = Path.of("target", "shop.png").toAbsolutePath();
		browser("--screenshot=" + picture);
		assertThat(picture).isNotEmptyFile();
	}

	/**
	 * Time is the browser's own: the page has asked often when it is over. The shared
	 * memory of a container may be too small for it.
	 */
	private static String browser(String what) throws IOException, InterruptedException {
		Path output = Path.of("target", "chromium.out");
		Process process = new ProcessBuilder("chromium", "--headless", "--no-sandbox", "--disable-gpu",
				"--disable-dev-shm-usage", "--user-data-dir=" + Path.of("target", "chromium").toAbsolutePath(),
				"--window-size=1200,1800", "--virtual-time-budget=5000", what, shop.page())
			.redirectError(ProcessBuilder.Redirect.DISCARD)
			.redirectOutput(output.toFile())
			.start();
		if (!process.waitFor(3, TimeUnit.MINUTES)) {
			process.destroyForcibly();
		}
		assertThat(process.waitFor()).isZero();
		return Files.readString(output);
	}

	@Test
	void theShopSaysWhatItIsMadeOf() {
		assumeThat(System.getProperty("sample.build"))
			.as("a build by Maven that is online: others make no bill of materials")
			.isEqualTo("offline:false");
		assertThat(shop.get("/actuator/sbom/application").get("components").valueStream())
			.extracting((component) -> component.get("name").stringValue())
			.contains("outbox-core", "kafka-clients");
	}

	@Test
	void onlyTheSecondInstanceCanBeKilledByThePage() {
		assertThat(shop.post("/control/instances/A/kill", Map.of()).status()).isIn(404, 405);
	}

}
