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

package dev.outbox.it.crash;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import dev.outbox.OutboxPublisher;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * A ledger in tables. The update of a key's row makes the writers of a key wait for each
 * other.
 */
class JdbcCrashLedger extends CrashLedger {

	private final JdbcClient jdbc;

	private final OutboxPublisher outbox;

	JdbcCrashLedger(JdbcClient jdbc, OutboxPublisher outbox, String... destinations) {
		super(destinations);
		this.jdbc = jdbc;
		this.outbox = outbox;
	}

	@Override
	@Transactional
	public void count(List<String> keys, Duration holdOpen, boolean rollBack) {
		for (String key : keys) {
			this.jdbc.sql("UPDATE crash_key SET n = n + 1 WHERE name = ?").param(key).update();
			long n = this.jdbc.sql("SELECT n FROM crash_key WHERE name = ?").param(key).query(Long.class).single();
			UUID id = UUID.randomUUID();
			this.outbox.publish(message(id, key).header(Observed.NUMBER, n).payload("{\"n\":" + n + "}").build());
			this.jdbc.sql("INSERT INTO crash_commit (id, name, n) VALUES (?, ?, ?)")
				.params(id.toString(), key, n)
				.update();
		}
		end(holdOpen, rollBack);
	}

}
