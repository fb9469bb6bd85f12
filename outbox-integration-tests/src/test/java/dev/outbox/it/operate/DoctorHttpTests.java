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
import java.util.Map;

import dev.outbox.OutboxMessage;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.relay.OutboxRelay;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The doctor as operators see it: over HTTP and in the log.
 */
@ExtendWith(OutputCaptureExtension.class)
class DoctorHttpTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private static final PostgresDatabase DATABASE = PostgresDatabase.fresh();

	private static ConfigurableApplicationContext application;

	private static HttpOperator anonymous;

	@BeforeAll
	static void start() {
		application = application(DATABASE).run();
		anonymous = operator(application);
	}

	private static TestApplication application(PostgresDatabase database) {
		return TestApplication.of(OperatedApplication.class, database)
			.on(KAFKA)
			.serving()
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY,
					"management.endpoints.web.exposure.include=*", "outbox.doctor.timeout=30s",
					"outbox.doctor.startup-report=true", "outbox.metrics.interval=200ms",
					"spring.kafka.producer.properties.max.request.size=10000");
	}

	private static HttpOperator operator(ConfigurableApplicationContext context) {
		return HttpOperator.anonymous(((WebServerApplicationContext) context).getWebServer().getPort());
	}

	@AfterAll
	static void stop() {
		application.close();
		DATABASE.close();
	}

	@Test
	void onlyWhoMayLookIsTold() {
		assertThat(anonymous.get("outboxdoctor").status()).isEqualTo(401);
		JsonNode answer = anonymous.as("vera").get("outboxdoctor").json();
		assertThat(answer.at("/healthy").toString()).contains("indexes", "autovacuum", "sessions", "pooler", "clock",
				"replicas", "lease", "settings", "declarations", "event-types");
		assertThat(answer.at("/tookMillis").isNumber()).isTrue();
		assertThat(anonymous.as("vera").get("outboxdoctor?outbox=billing").status()).isEqualTo(400);
	}

	@Test
	void aDroppedIndexIsFound() {
		DATABASE.sql("DROP INDEX outbox_audit_time");
		JsonNode finding = finding(anonymous, "missing-index");
		assertThat(finding.at("/severity").asString()).isEqualTo("WARNING");
		assertThat(finding.at("/subject").asString()).contains("outbox_audit_time");
		DATABASE.sql("CREATE INDEX outbox_audit_time ON outbox_audit (happened_at)");
		awaitGone("missing-index");
	}

	@Test
	void aTopicThatIsNotThereIsNamed() {
		String topic = KAFKA.uniqueTopic(1) + "-missing";
		publish("order.placed", topic, "{}");
		JsonNode finding = await().atMost(PATIENCE)
			.until(() -> finding(anonymous, "destination-missing"),
					(found) -> "ERROR".equals(found.at("/severity").asString()));
		assertThat(finding.at("/subject").asString()).isEqualTo("kafka:" + topic);
		assertThat(finding(anonymous, "destination-unreachable").at("/subject").asString()).isEqualTo("kafka:" + topic);
		KAFKA.createTopic(topic, 1, Map.of());
		awaitGone("destination-missing");
		awaitGone("destination-unreachable");
	}

	@Test
	void partitionsThatAreAddedAreNoticed() throws Exception {
		String topic = KAFKA.uniqueTopic(1);
		publish("order.placed", topic, "{}");
		await().atMost(PATIENCE)
			.until(() -> application.getBean(OutboxRelay.class)
				.status()
				.lanes()
				.get("kafka")
				.destinations()
				.containsKey(topic));
		anonymous.as("vera").get("outboxdoctor");
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
			admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
		}
		JsonNode finding = finding(anonymous, "partition-count-changed");
		assertThat(finding.at("/subject").asString()).isEqualTo("kafka:" + topic);
		assertThat(finding.at("/problem").asString()).contains("Partitions at first: 1, now: 3");
	}

	@Test
	void eventsThatNoInstanceCanSendAreNoticed() {
		DATABASE.sql("""
				INSERT INTO outbox_event (id, part, event_type, event_version, transport, destination, content_type,
					payload) VALUES (gen_random_uuid(), 0, 'order.placed', 1, 'pigeon', 'roof', 'text/plain', '')""");
		// The relay passes over it.
		String topic = KAFKA.uniqueTopic(1);
		publish("order.placed", topic, "{}");
		await().atMost(PATIENCE).until(() -> !KAFKA.readAll(topic).isEmpty());
		assertThat(finding(anonymous, "transport-missing").at("/problem").asString())
			.contains("they relay through [kafka", "Events that wait for it: 1");
		DATABASE.sql("DELETE FROM outbox_event WHERE transport = 'pigeon'");
		awaitGone("transport-missing");
	}

	@Test
	void whatIsFoundAtTheStartIsLoggedAndTypesAreCompared(CapturedOutput output) {
		PostgresDatabase database = PostgresDatabase.fresh();
		TestApplication shop = application(database).with("outbox.relay.lease=5s", "outbox.shutdown-timeout=45s",
				"outbox.topology.packages=dev.outbox.it.instances", "outbox.routes.[placd].transport=kafka");
		try (database; ConfigurableApplicationContext context = shop.run()) {
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(output).contains("The outbox has lease-too-short (outbox.relay.lease)",
						"The outbox has shutdown-cut-short"));
			assertThat(output).doesNotContain("route-without-type");
			HttpOperator there = operator(context);
			assertThat(finding(there, "route-without-type").at("/severity").asString()).isEqualTo("NOTE");
			publish(context, "order.vanished", KAFKA.uniqueTopic(1), "x".repeat(20_000));
			assertThat(finding(there, "event-type-unmapped").at("/subject").asString()).isEqualTo("order.vanished");
		}
	}

	@Test
	void eachOfSeveralOutboxesIsExamined(CapturedOutput output) {
		PostgresDatabase database = PostgresDatabase.fresh();
		TestApplication both = application(database).with("outbox.instances.shop.store.table-prefix=shop_",
				"outbox.instances.billing.store.table-prefix=bill_");
		try (database; ConfigurableApplicationContext context = both.run()) {
			HttpOperator there = operator(context).as("vera");
			await().atMost(PATIENCE).untilAsserted(() -> {
				JsonNode answer = there.get("outboxdoctor").json();
				assertThat(answer.at("/outboxes/shop/healthy").toString()).contains("indexes");
				assertThat(answer.at("/outboxes/billing/findings")).isEmpty();
				assertThat(output).contains("The outbox 'shop' is healthy", "The outbox 'billing' is healthy");
			});
			database.sql("DROP INDEX bill_audit_time");
			assertThat(there.get("outboxdoctor?outbox=billing").body()).contains("missing-index");
			assertThat(there.get("outboxdoctor?outbox=shop").body()).doesNotContain("missing-index");
		}
	}

	private static JsonNode finding(HttpOperator operator, String code) {
		return await().atMost(PATIENCE).until(() -> {
			for (JsonNode finding : operator.as("vera").get("outboxdoctor").json().at("/findings")) {
				if (finding.at("/code").asString().equals(code)) {
					return List.of(finding);
				}
			}
			return List.<JsonNode>of();
		}, (found) -> !found.isEmpty()).get(0);
	}

	private static void awaitGone(String code) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(anonymous.as("vera").get("outboxdoctor").body()).doesNotContain(code));
	}

	private static void publish(String type, String topic, String payload) {
		publish(application, type, topic, payload);
	}

	private static void publish(ConfigurableApplicationContext context, String type, String topic, String payload) {
		context.getBean(OutboxTemplate.class)
			.publishTransactional(
					OutboxMessage.builder().eventType(type).key("a").destination(topic).payload(payload).build());
	}

}
