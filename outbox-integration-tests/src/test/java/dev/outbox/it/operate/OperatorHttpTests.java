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

package dev.outbox.it.operate;

import java.time.Duration;
import java.util.List;

import dev.outbox.OutboxMessage;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.it.operate.HttpOperator.Answer;
import dev.outbox.publish.OutboxTemplate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The endpoints as an operator uses them: over HTTP, with a name and a password.
 */
class OperatorHttpTests {

	/**
	 * What the application's producer takes.
	 */
	private static final int LARGEST = 10_000;

	private static final String SECRET_TEXT = "nobody-may-read-this";

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private static final PostgresDatabase DATABASE = PostgresDatabase.fresh();

	private static ConfigurableApplicationContext application;

	private static HttpOperator anonymous;

	private final HttpOperator viewer = anonymous.as("vera");

	private final HttpOperator operator = anonymous.as("otto");

	private String topic;

	@BeforeAll
	static void start() {
		application = application("management.endpoint.outbox.access=unrestricted",
				"management.endpoint.outboxdeadletters.access=unrestricted",
				"management.endpoint.outboxdeadletters.show-payloads=when-authorized",
				"management.endpoint.outboxdeadletters.roles=OPERATOR");
		anonymous = HttpOperator.anonymous(port(application));
	}

	private static ConfigurableApplicationContext application(String... properties) {
		return TestApplication.of(OperatedApplication.class, DATABASE)
			.on(KAFKA)
			.serving()
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY,
					"management.endpoints.web.exposure.include=*", "outbox.metrics.interval=1s",
					"spring.kafka.producer.properties.max.request.size=" + LARGEST)
			.with(properties)
			.run();
	}

	private static int port(ConfigurableApplicationContext context) {
		return ((WebServerApplicationContext) context).getWebServer().getPort();
	}

	@AfterAll
	static void stop() {
		application.close();
		DATABASE.close();
	}

	@BeforeEach
	void createTopic() {
		this.topic = KAFKA.uniqueTopic(1);
	}

	@Test
	void anonymousVisitorsSeeAndChangeNothing() {
		long number = die("a");
		for (String endpoint : List.of("outbox", "outboxdeadletters", "outboxaudit", "outboxdeadletters/" + number)) {
			assertThat(anonymous.get(endpoint).status()).isEqualTo(401);
		}
		assertThat(anonymous.post("outbox", pause()).status()).isEqualTo(401);
		assertThat(anonymous.delete("outboxdeadletters/" + number).status()).isEqualTo(401);
		assertThat(this.viewer.get("outboxdeadletters/" + number).status()).isEqualTo(200);
	}

	@Test
	void whoMayOnlyLookChangesNothing() {
		long number = die("a");
		assertThat(this.viewer.post("outbox", pause()).status()).isEqualTo(403);
		assertThat(this.viewer.post("outboxdeadletters/" + number, "{\"action\":\"retry\"}").status()).isEqualTo(403);
		assertThat(this.viewer.delete("outboxdeadletters/" + number).status()).isEqualTo(403);
		assertThat(this.viewer.get("outbox").json().at("/pausedDestinations")).isEmpty();
		assertThat(this.viewer.get("outboxdeadletters/" + number).status()).isEqualTo(200);
	}

	/**
	 * A page of somebody else has the browser send the password, but cannot read the
	 * token.
	 */
	@Test
	void aForgedRequestChangesNothing() {
		long number = die("a");
		HttpOperator forged = this.operator.withoutToken();
		assertThat(forged.post("outbox", pause()).status()).isEqualTo(403);
		assertThat(forged.delete("outboxdeadletters/" + number).status()).isEqualTo(403);
		assertThat(this.viewer.get("outboxdeadletters/" + number).status()).isEqualTo(200);
	}

	@Test
	void nothingCanBeChangedUnlessTheApplicationSaysSo() {
		long number = die("a");
		try (ConfigurableApplicationContext closed = application()) {
			HttpOperator there = HttpOperator.anonymous(port(closed)).as("otto");
			assertThat(there.get("outboxdeadletters/" + number).status()).isEqualTo(200);
			assertThat(there.get("outboxdeadletters/" + number).json().at("/content").isNull()).isTrue();
			assertThat(there.post("outbox", pause()).status()).isEqualTo(405);
			assertThat(there.post("outboxdeadletters/" + number, "{\"action\":\"retry\"}").status()).isEqualTo(405);
			assertThat(there.delete("outboxdeadletters/" + number).status()).isEqualTo(405);
		}
	}

	@Test
	void aRepairedCopyIsDeliveredAndNamesTheDeadOne() {
		long number = die("a");
		String dead = this.viewer.get("outboxdeadletters/" + number).at("/eventId");
		Answer answer = this.operator.post("outboxdeadletters/" + number, """
						{"action": "repair", "payload": "{\\"fixed\\":true}",
				"headers": "reason: too large\\ntoken:", "operator": "eve"}""");
		assertThat(answer.status()).as(answer.body()).isEqualTo(200);
		assertThat(answer.json().at("/changed").asBoolean()).isTrue();
		List<KafkaRecord> records = await().atMost(Duration.ofSeconds(30))
			.until(() -> KAFKA.readAll(this.topic), (found) -> !found.isEmpty());
		assertThat(records).singleElement().satisfies((record) -> {
			assertThat(record.text()).isEqualTo("{\"fixed\":true}");
			assertThat(record.key()).isEqualTo("a");
			assertThat(record.headers()).containsEntry("outbox-replay-of", dead)
				.containsEntry("reason", "too large")
				.doesNotContainKey("token")
				.containsEntry("ce_id", answer.at("/eventId"));
		});
		assertThat(this.viewer.get("outboxdeadletters/" + number).status()).isEqualTo(404);
		JsonNode entry = this.viewer.get("outboxaudit?limit=1").json().at("/entries/0");
		assertThat(entry.at("/operator").asString()).isEqualTo("otto");
		assertThat(entry.at("/action").asString()).isEqualTo("REPAIR");
		assertThat(entry.at("/eventId").asString()).isEqualTo(dead);
		assertThat(entry.at("/detail").asString()).contains(answer.at("/eventId"));
	}

	@Test
	void aRepairThatCouldNotBeSentIsRefused() {
		long number = die("a");
		for (String repair : List.of("{\"action\":\"repair\"}", "{\"action\":\"repair\",\"destination\":\" \"}",
				"{\"action\":\"repair\",\"payload\":\"a\",\"payloadBase64\":\"YQ==\"}",
				"{\"action\":\"repair\",\"payloadBase64\":\"%\"}", "{\"action\":\"repair\",\"headers\":\"ce_id: x\"}",
				"{\"action\":\"repair\",\"headers\":\"x\"}",
				"{\"action\":\"repair\",\"payload\":\"" + "x".repeat(2 << 20) + "\"}",
				"{\"action\":\"retry\",\"payload\":\"a\"}", "{\"action\":\"burn\"}")) {
			Answer answer = this.operator.post("outboxdeadletters/" + number, repair);
			assertThat(answer.status()).isEqualTo(400);
			assertThat(answer.at("/error")).contains("Nothing has been changed");
		}
		assertThat(this.operator.post("outboxdeadletters/nothing", "{\"action\":\"retry\"}").status()).isEqualTo(400);
		assertThat(this.viewer.get("outboxdeadletters/" + number).status()).isEqualTo(200);
	}

	@Test
	void aRetriedEventThatFailsAgainIsANewDeadLetter() {
		long number = die("a");
		Answer answer = this.operator.post("outboxdeadletters/" + number, "{\"action\":\"retry\"}");
		assertThat(answer.json().at("/changed").asBoolean()).isTrue();
		long again = awaitLetter();
		assertThat(again).isGreaterThan(number);
		assertThat(this.operator.post("outboxdeadletters/" + number, "{\"action\":\"retry\"}").at("/changed"))
			.isEqualTo("false");
		String event = this.viewer.get("outboxdeadletters/" + again).at("/eventId");
		assertThat(this.viewer.get("outboxdeadletters/" + event).at("/number")).isEqualTo(String.valueOf(again));
	}

	@Test
	void aStoreThatCannotAnswerSaysWhatIsWrong() {
		long number = die("a");
		DATABASE.sql("ALTER TABLE outbox_dead_letter RENAME TO hidden");
		try {
			for (Answer answer : List.of(this.viewer.get("outboxdeadletters"),
					this.viewer.get("outboxdeadletters/" + number), this.viewer.get("outboxdeadletters/groups"),
					this.operator.post("outboxdeadletters/" + number, "{\"action\":\"retry\"}"),
					this.operator.delete("outboxdeadletters/" + number),
					this.operator.post("outboxdeadletters", "{\"action\":\"retry\",\"all\":true}"))) {
				assertThat(answer.status()).isEqualTo(503);
				assertThat(answer.at("/error")).contains("relation \"outbox_dead_letter\" does not exist",
						"Repeat the request");
			}
		}
		finally {
			DATABASE.sql("ALTER TABLE hidden RENAME TO outbox_dead_letter");
		}
		assertThat(this.operator.delete("outboxdeadletters/" + number).at("/changed")).isEqualTo("true");
	}

	@Test
	void aDiscardedEventIsGoneOnce() {
		long number = die("a");
		assertThat(this.operator.delete("outboxdeadletters/" + number).at("/changed")).isEqualTo("true");
		assertThat(this.operator.delete("outboxdeadletters/" + number).at("/changed")).isEqualTo("false");
		assertThat(this.viewer.get("outboxdeadletters/" + number).status()).isEqualTo(404);
	}

	@Test
	void deadLettersAreFilteredPagedAndGrouped() {
		die("a");
		publish("b");
		publish("c");
		String list = "outboxdeadletters?destination=" + this.topic;
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.viewer.get(list).json().at("/letters")).hasSize(3));
		JsonNode page = this.viewer.get(list + "&limit=2").json();
		assertThat(page.at("/letters")).hasSize(2);
		JsonNode rest = this.viewer.get(list + "&limit=2&after=" + page.at("/next").asLong()).json();
		assertThat(rest.at("/letters")).hasSize(1);
		assertThat(rest.at("/letters/0/key").asString()).isEqualTo("c");
		assertThat(this.viewer.get(list + "&key=b").json().at("/letters")).hasSize(1);
		assertThat(this.viewer.get(list + "&error=FATAL").json().at("/letters")).hasSize(3);
		assertThat(this.viewer.get(list + "&error=fata%25").json().at("/letters")).isEmpty();
		assertThat(this.viewer.get(list + "&diedBefore=2001-01-01T00:00:00Z").json().at("/letters")).isEmpty();
		assertThat(this.viewer.get(list + "&diedBefore=yesterday").status()).isEqualTo(400);
		assertThat(this.viewer.get(list + "&limit=100000").status()).isEqualTo(400);
		assertThat(this.viewer.get(list + "&limit=many").status()).isEqualTo(400);
		assertThat(this.viewer.get("outboxdeadletters/groups?destination=" + this.topic).json().at("/groups"))
			.singleElement()
			.satisfies((group) -> {
				assertThat(group.at("/count").asInt()).isEqualTo(3);
				assertThat(group.at("/fingerprint").asString()).isEqualTo(page.at("/letters/0/fingerprint").asString());
			});
	}

	@Test
	void manyAreDiscardedInTheBackgroundAndAllOnlyIfAllAreMeant() {
		die("a");
		publish("b");
		String list = "outboxdeadletters?destination=" + this.topic;
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.viewer.get(list).json().at("/letters")).hasSize(2));
		assertThat(this.operator.post("outboxdeadletters", "{\"action\":\"discard\"}").status()).isEqualTo(400);
		String discard = "{\"action\":\"discard\",\"destination\":\"" + this.topic + "\",\"perSecond\":1000";
		assertThat(this.operator.post("outboxdeadletters", discard + "}").at("/error")).startsWith("2 dead letters");
		assertThat(this.operator.post("outboxdeadletters", discard + ",\"expected\":1}").status()).isEqualTo(400);
		Answer started = this.operator.post("outboxdeadletters", discard + ",\"expected\":2}");
		assertThat(started.status()).isEqualTo(200);
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(
					() -> assertThat(this.viewer.get("outboxdeadletters/bulk").at("/state")).isEqualTo("FINISHED"));
		assertThat(this.viewer.get("outboxdeadletters/bulk").at("/changed")).isEqualTo("2");
		assertThat(this.viewer.get(list).json().at("/letters")).isEmpty();
	}

	@Test
	void aPausedDestinationWaitsOnAllInstancesUntilItIsResumed() {
		assertThat(this.operator.post("outbox", pause()).at("/changed")).isEqualTo("true");
		assertThat(this.operator.post("outbox", pause()).at("/changed")).isEqualTo("false");
		JsonNode paused = this.viewer.get("outbox").json().at("/pausedDestinations/0");
		assertThat(paused.at("/destination/name").asString()).isEqualTo(this.topic);
		assertThat(paused.at("/by").asString()).isEqualTo("otto");
		await().atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> assertThat(this.viewer.get("outbox").body()).contains("paused by an operator"));
		publishSmall("a");
		assertThat(this.operator.post("outbox", pause().replace("pause", "resume")).at("/changed")).isEqualTo("true");
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(KAFKA.readAll(this.topic)).hasSize(1));
		assertThat(this.operator.post("outbox", pause().replace("kafka", "kafak")).status()).isEqualTo(400);
		assertThat(this.operator.post("outbox", pause().replace("pause", "unblock")).status()).isEqualTo(400);
	}

	@Test
	void theOutboxIsShownAtAGlanceWithoutSecrets() {
		die("a");
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			JsonNode state = this.viewer.get("outbox").json();
			assertThat(state.at("/state").asString()).isEqualTo("relaying");
			assertThat(state.at("/instances/0/name").asString()).startsWith("shop@");
			assertThat(state.at("/partitions/kafka/owned")).hasSize(64);
			assertThat(state.at("/partitions/kafka/unowned")).isEmpty();
			assertThat(state.at("/backlog/dead").asInt()).isPositive();
			assertThat(state.at("/configuration/outbox.relay.partitions").asString()).isEqualTo("64");
		});
		for (String endpoint : List.of("outbox", "outboxdeadletters", "outboxdeadletters/groups", "outboxaudit",
				"health", "info")) {
			assertThat(this.viewer.get(endpoint).body()).doesNotContain(SECRET_TEXT, HttpOperator.PASSWORD)
				.doesNotContainIgnoringCase("jdbc:");
		}
	}

	@Test
	void payloadsAndHeadersAreShownToThoseWhoHaveTheRole() {
		long number = die("a");
		assertThat(this.viewer.get("outboxdeadletters/" + number).body()).doesNotContain(SECRET_TEXT);
		JsonNode shown = this.operator.get("outboxdeadletters/" + number).json();
		assertThat(shown.at("/content/payload").asString()).contains(SECRET_TEXT);
		assertThat(shown.at("/content/headers/token").asString()).isEqualTo(SECRET_TEXT);
		assertThat(shown.at("/stackTrace").asString()).contains("RecordTooLargeException");
		assertThat(this.operator.get("outboxdeadletters").body()).doesNotContain(SECRET_TEXT);
	}

	@Test
	void whatIsLoggedAboutAnEventNamesItInFieldsOfItsOwn() {
		try (StructuredLog log = StructuredLog.of("dev.outbox")) {
			long number = die("who-may-be-a-person");
			Answer letter = this.viewer.get("outboxdeadletters/" + number);
			String event = letter.at("/eventId");
			assertNames(log.line(event, "is a dead letter"));
			assertThat(log.line(event, "is a dead letter").at("/attempt").asInt()).isEqualTo(1);
			assertThat(log.line(event, "is a dead letter").at("/fingerprint").asString())
				.isEqualTo(letter.at("/fingerprint"));
			this.operator.post("outboxdeadletters/" + number, "{\"action\":\"retry\"}");
			assertNames(log.line(event, "was put back"));
			assertThat(log.line(event, "was put back").at("/dead_letter").asLong()).isEqualTo(number);
			long again = awaitLetter();
			String copy = this.operator.post("outboxdeadletters/" + again, "{\"action\":\"repair\",\"payload\":\"{}\"}")
				.at("/eventId");
			assertNames(log.line(copy, "was published"));
			assertThat(log.toString()).doesNotContain(SECRET_TEXT, "who-may-be-a-person");
		}
	}

	private void assertNames(JsonNode line) {
		assertThat(line.at("/event_type").asString()).isEqualTo("order.placed");
		assertThat(line.at("/destination").asString()).isEqualTo(this.topic);
		assertThat(line.at("/transport").asString()).isEqualTo("kafka");
	}

	private String pause() {
		return "{\"action\":\"pause\",\"transport\":\"kafka\",\"destination\":\"" + this.topic + "\"}";
	}

	/**
	 * Publishes an event that the producer refuses.
	 * @return number of the dead letter
	 */
	private long die(String key) {
		publish(key);
		return awaitLetter();
	}

	private void publish(String key) {
		publish(key, SECRET_TEXT + " ".repeat(2 * LARGEST));
	}

	private void publishSmall(String key) {
		publish(key, "{}");
	}

	private void publish(String key, String payload) {
		application.getBean(OutboxTemplate.class)
			.publishTransactional(OutboxMessage.builder()
				.eventType("order.placed")
				.key(key)
				.destination(this.topic)
				.header("token", SECRET_TEXT)
				.payload(payload)
				.build());
	}

	private long awaitLetter() {
		return await().atMost(Duration.ofSeconds(30))
			.until(() -> this.viewer.get("outboxdeadletters?destination=" + this.topic).json().at("/letters/0/number"),
					JsonNode::isNumber)
			.asLong();
	}

}
