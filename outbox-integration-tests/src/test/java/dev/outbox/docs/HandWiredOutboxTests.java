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

package dev.outbox.docs;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import dev.outbox.OutboxEvent;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What the page about wiring without Spring Boot shows works.
 */
class HandWiredOutboxTests {

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	@Test
	void whatIsCommittedArrivesAndWhatIsRolledBackDoesNot() {
		KAFKA.createTopic("hand-wired", 3);
		database.sql("CREATE TABLE orders (id text PRIMARY KEY)");
		DataSource unpooled = database.dataSource();
		JdbcTemplate jdbc = new JdbcTemplate(unpooled);
		try (HandWiredOutbox outbox = new HandWiredOutbox(unpooled, unpooled, unpooled, unpooled,
				Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
			outbox.start();
			assertThatIllegalStateException().isThrownBy(() -> outbox.template().execute((transaction) -> {
				place(jdbc, outbox, "o-1");
				throw new IllegalStateException("out of stock");
			}));
			outbox.template().execute((transaction) -> place(jdbc, outbox, "o-2"));
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !KAFKA.readAll("hand-wired").isEmpty());
		}
		List<KafkaRecord> records = KAFKA.readAll("hand-wired");
		assertThat(records).extracting(KafkaRecord::key).containsExactly("o-2");
		assertThat(records.get(0).headers()).containsEntry("ce_type", "order.placed")
			.containsEntry("ce_source", "shop");
		assertThat(database.number("SELECT count(*) FROM orders")).isOne();
		assertThat(database.number("SELECT count(*) FROM outbox_event")).isZero();
	}

	private static String place(JdbcTemplate jdbc, HandWiredOutbox outbox, String id) {
		jdbc.update("INSERT INTO orders VALUES (?)", id);
		outbox.publisher().publish(new Placed(id));
		return id;
	}

	@OutboxEvent(type = "order.placed", key = "id", destination = "hand-wired")
	record Placed(String id) {

	}

}
