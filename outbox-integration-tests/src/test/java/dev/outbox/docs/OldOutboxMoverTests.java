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

import java.io.IOException;
import java.util.Map;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The program on the page about moving from a hand-written table.
 */
class OldOutboxMoverTests {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	@Test
	void theProgramMovesRowsInTheirOrderAndInPortions() throws IOException {
		String page = new NamedTests().page("docs/migration/hand-written-table.md");
		database.sql(page.replaceFirst("(?s)^.*?```sql\n(CREATE TABLE old_outbox.*?)```.*$", "$1"));
		for (int i = 0; i < 600; i++) {
			database.update("""
					INSERT INTO old_outbox (number, event_id, aggregate_type, aggregate_id, event_type, payload,
						created_at)
					VALUES (?, ?, 'order', ?, 'order.placed', '{}', now())""", i, UUID.randomUUID().toString(),
					"o-" + (i % 7));
		}
		String ids = "SELECT string_agg(event_id::text, ',' ORDER BY number) AS ids FROM old_outbox";
		Object before = database.query(ids).get(0).get("ids");
		DataSource unpooled = database.dataSource();
		try (HandWiredOutbox outbox = new HandWiredOutbox(unpooled, unpooled, unpooled, unpooled,
				Map.of("bootstrap.servers", "localhost:1"))) {
			OldOutboxMover mover = new OldOutboxMover(new JdbcTemplate(unpooled), outbox.template());
			assertThat(mover.move()).isEqualTo(500);
			assertThat(mover.move()).isEqualTo(100);
			assertThat(mover.move()).isZero();
		}
		assertThat(database.query("SELECT string_agg(id::text, ',' ORDER BY seq) AS ids FROM outbox_event").get(0))
			.containsEntry("ids", before);
		assertThat(database.number("SELECT count(*) FROM old_outbox")).isZero();
	}

}
