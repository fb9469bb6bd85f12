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

package dev.outbox.cdc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.cdc.CdcDatabase.Mark;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the outbox event router makes of the table.
 */
class RouterTests {

	private static final int EVENTS = 300;

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final PostgresDatabase database = PostgresDatabase.fresh();

	@TempDir
	Path folder;

	private CdcDatabase cdc;

	@BeforeEach
	void prepare() {
		this.cdc = new CdcDatabase(this.database, KAFKA, this.folder.resolve("offsets"));
	}

	@AfterEach
	void drop() {
		try {
			this.cdc.drop();
		}
		finally {
			this.database.close();
		}
	}

	/**
	 * Both deliver everything to the same topic: the relay's records have the time of
	 * CloudEvents, the router's its own header.
	 */
	@Test
	void recordsAreThoseOfTheRelay() throws Exception {
		String topic = KAFKA.uniqueTopic(4);
		try (ConfigurableApplicationContext application = Application.run(this.database, KAFKA, true)) {
			this.cdc.publish();
			try (ConnectWorker worker = this.cdc.connect()) {
				worker.awaitRunning();
				Awaitility.await("the slot").until(this.cdc::isRead);
				publish(application, topic);
				Awaitility.await("both")
					.atMost(Duration.ofSeconds(60))
					.until(() -> KAFKA.countOffsets(topic) >= 2 * EVENTS);
				Mark mark = this.cdc.mark();
				this.cdc.awaitPassed(mark);
			}
			Awaitility.await("the relay to settle")
				.until(() -> this.database.number("SELECT count(*) FROM outbox_event") == 1);
		}
		Map<Boolean, List<KafkaRecord>> records = KAFKA.readAll(topic)
			.stream()
			.collect(Collectors.partitioningBy((record) -> record.headers().containsKey("ce_time")));
		List<KafkaRecord> ours = records.get(true);
		List<KafkaRecord> theirs = records.get(false);
		assertThat(ours).hasSize(EVENTS);
		assertThat(theirs).hasSize(EVENTS);
		assertThat(byKey(theirs)).isEqualTo(byKey(ours));
		assertThat(unordered(theirs)).isNotEmpty().containsExactlyInAnyOrderElementsOf(unordered(ours));
		assertThat(theirs).allSatisfy((record) -> {
			assertThat(record.headers()).containsEntry("id", record.headers().get("ce_id"));
			assertThat(record.headers().get("outbox_headers")).contains("\"tenant\"");
		});
	}

	@Test
	void documentedStatementsDoWhatTheRelayWouldDo() throws Exception {
		String topic = KAFKA.uniqueTopic(1);
		try (ConfigurableApplicationContext application = Application.run(this.database, KAFKA, false)) {
			this.cdc.publish();
			TransactionTemplate transaction = new TransactionTemplate(
					application.getBean(PlatformTransactionManager.class));
			OutboxPublisher outbox = application.getBean(OutboxPublisher.class);
			for (String each : List.of("one", "two")) {
				transaction.executeWithoutResult((status) -> outbox.publish(message(topic).key("k")
					.payload(each.getBytes(StandardCharsets.UTF_8))
					.deliverAt(Instant.now().minusSeconds(1))
					.idempotencyKey(each)
					.build()));
			}
			transaction.executeWithoutResult((status) -> outbox
				.publish(message(topic).key("k").payload(new byte[1]).deliverAfter(Duration.ofHours(1)).build()));
			this.database.sql("""
					UPDATE outbox_idempotency SET created_at = now() - interval '8 days'
					WHERE idempotency_key = 'one'""", """
					UPDATE outbox_scheduled SET deliver_at = now() - interval '1 s'
					WHERE deliver_at < now() + interval '1 min'""");
			try (ConnectWorker worker = this.cdc.connect()) {
				worker.awaitRunning();
				Awaitility.await("the slot").until(this.cdc::isRead);
				this.cdc.jdbc().sql(Documented.sql("due.sql")).update();
				Awaitility.await("both").until(() -> KAFKA.countOffsets(topic) == 2);
				assertThat(this.cdc.jdbc().sql(Documented.sql("forget-keys.sql")).update()).isOne();
			}
		}
		assertThat(KAFKA.readAll(topic)).extracting(KafkaRecord::text).containsExactly("one", "two");
		assertThat(this.database.number("SELECT count(*) FROM outbox_scheduled")).isOne();
	}

	private void publish(ConfigurableApplicationContext application, String topic) {
		TransactionTemplate transaction = new TransactionTemplate(
				application.getBean(PlatformTransactionManager.class));
		OutboxPublisher outbox = application.getBean(OutboxPublisher.class);
		Random random = new Random(1);
		for (int i = 0; i < EVENTS; i++) {
			byte[] payload = new byte[(i % 50 == 0) ? 20_000 : random.nextInt(200)];
			random.nextBytes(payload);
			OutboxMessage.Builder message = message(topic).payload(payload);
			if (i % 10 != 0) {
				message.key("Schlüssel-" + random.nextInt(20)).aggregateType("order").aggregateId("o-" + i);
			}
			transaction.executeWithoutResult((status) -> {
				outbox.publish(message.build());
				if (random.nextInt(10) == 0) {
					Object savepoint = status.createSavepoint();
					outbox.publish(message.build());
					status.rollbackToSavepoint(savepoint);
				}
			});
			transaction.executeWithoutResult((status) -> {
				outbox.publish(message.build());
				status.setRollbackOnly();
			});
		}
		this.database.sql("""
				INSERT INTO outbox_event (id, part, event_type, event_version,
					transport, destination, content_type, payload)
				VALUES (gen_random_uuid(), 0, 't', 1, 'rabbit', '%s', 'text/plain', 'x')""".formatted(topic));
	}

	private static OutboxMessage.Builder message(String topic) {
		return OutboxMessage.builder()
			.transport("kafka")
			.destination(topic)
			.eventType("order.placed")
			.version(3)
			.contentType("application/octet-stream")
			.header("tenant", "north");
	}

	private static Map<String, List<List<@Nullable Object>>> byKey(List<KafkaRecord> records) {
		return records.stream()
			.filter((record) -> record.key() != null)
			.collect(Collectors.groupingBy(KafkaRecord::key,
					Collectors.mapping(RouterTests::shared, Collectors.toList())));
	}

	private static List<List<@Nullable Object>> unordered(List<KafkaRecord> records) {
		return records.stream()
			.filter((record) -> record.key() == null)
			.map((record) -> shared(record).subList(1, 9))
			.toList();
	}

	/**
	 * What both records have in common: all but the time, and what consumers of one of
	 * them only could know.
	 */
	private static List<@Nullable Object> shared(KafkaRecord record) {
		List<@Nullable Object> shared = new ArrayList<>();
		shared.add(record.partition());
		shared.add(HexFormat.of().formatHex(record.value()));
		for (String name : List.of("ce_id", "ce_type", "ce_source", "event_version", "content-type",
				"aggregate_type")) {
			shared.add(record.headers().get(name));
		}
		shared.add(record.headers().get("aggregate_id"));
		return shared;
	}

}
