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

package dev.outbox.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.fixtures.postgres.PostgresServer;
import dev.outbox.store.Partitions;
import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the outbox in a database of their own, filled and emptied by SQL.
 */
final class EventTable implements AutoCloseable {

	static final TableNames NAMES = new TableNames(null, "outbox_");

	private static final String SCHEMA = "/dev/outbox/store/jdbc/migration/postgresql/V1__outbox.sql";

	private static final int ROWS_PER_TRANSACTION = 10_000;

	private final PostgresDatabase database;

	EventTable(PostgresServer server) {
		this.database = PostgresDatabase.on(server);
		this.database.sql(schema());
		this.database.sql(
				"CREATE TABLE business_order (id bigint PRIMARY KEY, customer text, total numeric, note text)",
				"CREATE TABLE benchmark_key (n int PRIMARY KEY, part smallint, name text)");
	}

	private static String schema() {
		try (InputStream stream = Objects.requireNonNull(Partitions.class.getResourceAsStream(SCHEMA), SCHEMA)) {
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8).replace("${prefix}", NAMES.prefix());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	PostgresDatabase database() {
		return this.database;
	}

	/**
	 * Empty the tables, and let the server write down what it has to.
	 */
	void clear() {
		this.database.sql("TRUNCATE outbox_event, business_order", "CHECKPOINT");
	}

	/**
	 * Replace what is in the table by events that wait.
	 * @param backlog what waits
	 */
	void fill(Backlog backlog) {
		clear();
		keys(backlog.keys());
		String insert = """
				INSERT INTO outbox_event (id, part, event_key, aggregate_type, aggregate_id, event_type, event_version,
					transport, destination, content_type, headers, payload)
				SELECT gen_random_uuid(), k.part, k.name, 'order', k.name, 'order.placed', 1, 'kafka', ?,
					'application/json', ?, substr(decode(repeat(md5(g::text), 64), 'hex'), 1, ?)
				FROM generate_series(?::bigint, ?) g JOIN benchmark_key k ON k.n = g % ?""";
		for (long from = 0; from < backlog.events(); from += ROWS_PER_TRANSACTION) {
			long to = Math.min(backlog.events(), from + ROWS_PER_TRANSACTION) - 1;
			this.database.update(insert, backlog.topic(), backlog.headers(), backlog.payloadBytes(), from, to,
					backlog.keys());
		}
		this.database.sql("CHECKPOINT");
	}

	private void keys(int keys) {
		if (this.database.number("SELECT count(*) FROM benchmark_key") == keys) {
			return;
		}
		Partitions partitions = new Partitions(64);
		this.database.sql("TRUNCATE benchmark_key");
		StringBuilder values = new StringBuilder();
		for (int n = 0; n < keys; n++) {
			String name = "key-" + n;
			values.append((n > 0) ? "," : "")
				.append("(%d,%d,'%s')".formatted(n, partitions.partitionOf(name, new UUID(0, 0)), name));
		}
		this.database.sql("INSERT INTO benchmark_key VALUES " + values, "ANALYZE benchmark_key");
	}

	@Override
	public void close() {
		this.database.close();
	}

	/**
	 * Events that wait.
	 *
	 * @param topic where they go
	 * @param events how many
	 * @param payloadBytes size of each payload
	 * @param keys how many keys they have
	 * @param headers the JSON of their headers, if they have any
	 */
	record Backlog(String topic, long events, int payloadBytes, int keys, @Nullable String headers) {

		Backlog withEvents(long other) {
			return new Backlog(this.topic, other, this.payloadBytes, this.keys, this.headers);
		}

	}

}
