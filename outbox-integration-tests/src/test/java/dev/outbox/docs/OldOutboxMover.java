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

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import dev.outbox.OutboxMessage;
import dev.outbox.publish.OutboxTemplate;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

// tag::mover[]
/**
 * Moves what waits in a hand-written table into the outbox.
 */
@Component
class OldOutboxMover {

	private final JdbcTemplate jdbc;

	private final OutboxTemplate outbox;

	OldOutboxMover(JdbcTemplate jdbc, OutboxTemplate outbox) {
		this.jdbc = jdbc;
		this.outbox = outbox;
	}

	/**
	 * Moves the oldest rows. To be called until it returns 0.
	 * @return how many it has moved
	 */
	int move() {
		return this.outbox.execute((transaction) -> {
			List<Long> numbers = new ArrayList<>();
			List<OutboxMessage> messages = new ArrayList<>();
			this.jdbc.query("SELECT * FROM old_outbox WHERE sent_at IS NULL ORDER BY number LIMIT 500 FOR UPDATE",
					(row) -> {
						numbers.add(row.getLong("number"));
						LocalDateTime createdAt = row.getObject("created_at", LocalDateTime.class);
						messages.add(OutboxMessage.builder()
							.id(UUID.fromString(row.getString("event_id")))
							.aggregateType(row.getString("aggregate_type"))
							.aggregateId(row.getString("aggregate_id"))
							.eventType(row.getString("event_type"))
							.occurredAt(createdAt.toInstant(ZoneOffset.UTC))
							.contentType("application/json")
							.payload(row.getString("payload"))
							.build());
					});
			transaction.publishAll(messages);
			this.jdbc.batchUpdate("DELETE FROM old_outbox WHERE number = ?", numbers, 500,
					(statement, number) -> statement.setLong(1, number));
			return numbers.size();
		});
	}

}
// end::mover[]
