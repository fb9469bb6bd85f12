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

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.outbox.fixtures.jdbc.DatabaseServer;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.it.crash.ChaosSchedule.Step;
import org.jspecify.annotations.Nullable;

/**
 * A relational database.
 */
final class CrashJdbc implements CrashDatabase.Running {

	private final @Nullable DatabaseServer server;

	private final TestDatabase<?> database;

	/**
	 * Creates the database.
	 * @param server a server of one's own, {@code null} if there is none
	 * @param database a database on it
	 */
	CrashJdbc(@Nullable DatabaseServer server, TestDatabase<?> database) {
		this.server = server;
		this.database = database;
	}

	@Override
	public Class<?> application() {
		return CrashApplication.class;
	}

	@Override
	public Map<String, Object> properties() {
		return Map.of("spring.datasource.url", this.database.jdbcUrl(), "spring.datasource.username",
				this.database.user(), "spring.datasource.password", this.database.password(),
				"spring.datasource.hikari.maximum-pool-size", 6, "spring.datasource.hikari.connection-timeout", 2000);
	}

	@Override
	public void create(List<String> keys) {
		this.database.sql("CREATE TABLE crash_key (name varchar(50) PRIMARY KEY, n bigint NOT NULL)",
				"CREATE TABLE crash_commit (id varchar(36) PRIMARY KEY, name varchar(50) NOT NULL, n bigint NOT NULL,"
						+ " UNIQUE (name, n))");
		keys.forEach((key) -> this.database.update("INSERT INTO crash_key VALUES (?, 0)", key));
	}

	@Override
	public void suffer(Step step) {
		if (step.fault() != Fault.KILL_DATABASE) {
			throw new IllegalArgumentException(step + " is no fault of a relational database");
		}
		if (this.server != null) {
			this.server.kill();
			step.await();
			this.server.start();
		}
	}

	@Override
	public boolean isDrained() {
		return this.database.number("SELECT count(*) FROM outbox_event") == 0;
	}

	@Override
	public List<Committed> committed() {
		return this.database.query("SELECT name, n, id FROM crash_commit ORDER BY name, n")
			.stream()
			.map((row) -> new Committed((String) row.get("name"), ((Number) row.get("n")).longValue(),
					id(row.get("id"))))
			.toList();
	}

	@Override
	public Set<UUID> deadLetters() {
		Set<UUID> deadLetters = new HashSet<>();
		this.database.query("SELECT id FROM outbox_dead_letter").forEach((row) -> deadLetters.add(id(row.get("id"))));
		return deadLetters;
	}

	/**
	 * Returns an id, which is 16 bytes where the database has no type for it.
	 */
	private static UUID id(@Nullable Object stored) {
		if (stored instanceof byte[] bytes) {
			ByteBuffer buffer = ByteBuffer.wrap(bytes);
			return new UUID(buffer.getLong(), buffer.getLong());
		}
		return UUID.fromString(String.valueOf(stored));
	}

	@Override
	public String remains() {
		return "outbox_event: "
				+ this.database.query("SELECT seq, id, part, event_key, attempts, crashes, next_attempt_at, last_error"
						+ " FROM outbox_event ORDER BY seq LIMIT 20")
				+ "\noutbox_partition: "
				+ this.database.query("SELECT owner, count(*), max(epoch) FROM outbox_partition GROUP BY owner")
				+ "\noutbox_instance: " + this.database.query("SELECT id, expires_at FROM outbox_instance");
	}

	@Override
	public void close() {
		if (this.server != null) {
			this.server.close();
		}
		else {
			this.database.close();
		}
	}

}
