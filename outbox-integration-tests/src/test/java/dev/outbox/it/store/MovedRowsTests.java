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

package dev.outbox.it.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.outbox.OutboxRecord;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.fixtures.mariadb.MariaDbDatabase;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.ReadScope;
import dev.outbox.store.StoredEvent;
import dev.outbox.test.contract.Scan;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The SQL on the page about moving from a hand-written table.
 */
class MovedRowsTests {

	private static final List<String> KEYS = List.of("order-1", "a", "ab", "abc", "abcd", "abcde", "Käse", "😀",
			"order-1", "The quick brown fox jumps over the lazy dog", "o-17");

	private static final LocalDateTime TIME = LocalDateTime.parse("2026-01-31T12:00:00.250");

	private static final Set<Integer> ALL = IntStream.range(0, DatabaseHarness.PARTITIONS)
		.boxed()
		.collect(Collectors.toSet());

	@RegisterExtension
	static PostgresDatabase postgres = PostgresDatabase.fresh();

	@RegisterExtension
	static MariaDbDatabase mariadb = MariaDbDatabase.fresh();

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mariadb" })
	void theStatementsOfThePageMoveRowsAndPartitionsAreThoseOfTheLibrary(String name) throws IOException {
		TestDatabase<?> database = name.equals("mariadb") ? mariadb : postgres;
		JdbcStoreHarness harness = new JdbcStoreHarness(database);
		String page = page();
		String table = block(page, "```sql\n(CREATE TABLE old_outbox.*?)```").get(0);
		database.sql(name.equals("mariadb") ? table.replaceAll("timestamp", "datetime(6)") : table);
		List<UUID> ids = KEYS.stream().map((key) -> UUID.randomUUID()).toList();
		for (int i = 0; i < KEYS.size(); i++) {
			insert(database, i, ids.get(i), KEYS.get(i), null);
		}
		insert(database, KEYS.size(), UUID.randomUUID(), "sent", TIME);
		for (String sql : block(page, "<!-- moved: " + name + " -->\n```sql\n(.*?)```")) {
			database.sql(sql.replace("DELIMITER //\n", "").replace("END//\nDELIMITER ;", "END"));
		}
		List<StoredEvent> moved = new Scan(harness.relay(), new ReadScope("kafka", ALL, Set.of(), null))
			.step(Long.MAX_VALUE, 100, Long.MAX_VALUE)
			.events();
		assertThat(moved).extracting((row) -> row.event().id()).containsExactlyElementsOf(ids);
		assertThat(moved).extracting((row) -> row.event().key()).containsExactlyElementsOf(KEYS);
		assertThat(moved).allSatisfy((row) -> {
			assertThat(row.part()).isEqualTo(DatabaseHarness.partition(row.event().key()));
			assertThatAllIsThere(row.event());
		});
		assertThat(database.query("SELECT aggregate_id FROM old_outbox")).singleElement()
			.satisfies((row) -> assertThat(row).containsValue("sent"));
	}

	private static void insert(TestDatabase<?> database, int number, UUID id, String key, LocalDateTime sentAt) {
		database.update("""
				INSERT INTO old_outbox (number, event_id, aggregate_type, aggregate_id, event_type, payload, created_at)
				VALUES (?, ?, 'order', ?, 'order.placed', ?, ?)""", number, id.toString(), key, payload(key), TIME);
		if (sentAt != null) {
			database.update("UPDATE old_outbox SET sent_at = ? WHERE number = ?", sentAt, number);
		}
	}

	private static String payload(String key) {
		return "{\"order\": \"" + key + "\"}";
	}

	private static void assertThatAllIsThere(OutboxRecord event) {
		assertThat(new String(event.payload(), StandardCharsets.UTF_8)).isEqualTo(payload(event.key()));
		assertThat(event.contentType()).isEqualTo("application/json");
		assertThat(event.eventType()).isEqualTo("order.placed");
		assertThat(event.destination().name()).isEqualTo("order-events");
		assertThat(event.aggregateId()).isEqualTo(event.key());
		assertThat(event.createdAt()).isEqualTo(TIME.toInstant(ZoneOffset.UTC));
		assertThat(event.headers()).containsEntry("ce_id", event.id().toString())
			.containsEntry("ce_type", "order.placed")
			.containsEntry("ce_time", "2026-01-31T12:00:00.250000Z")
			.containsEntry("ce_subject", event.key())
			.containsEntry("event_version", 1);
	}

	private static List<String> block(String page, String pattern) {
		List<String> blocks = Pattern.compile(pattern, Pattern.DOTALL)
			.matcher(page)
			.results()
			.map((match) -> match.group(1))
			.toList();
		assertThat(blocks).isNotEmpty();
		return blocks;
	}

	private static String page() throws IOException {
		Path folder = Path.of("").toAbsolutePath();
		while (!Files.exists(folder.resolve("mvnw"))) {
			folder = folder.getParent();
		}
		return Files.readString(folder.resolve("docs/migration/hand-written-table.md"));
	}

}
