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

import java.sql.Timestamp;
import java.util.Map;
import java.util.UUID;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.store.Partitions;
import dev.outbox.store.jdbc.JsonValues;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * What an event costs the transaction that publishes it. No relay runs.
 */
final class WriteBenchmark {

	private static final int KEYS = 10_000;

	private static final String INSERT = """
			INSERT INTO outbox_event (id, part, event_key, aggregate_type, aggregate_id, event_type, event_version,
				transport, destination, content_type, headers, created_at, payload)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

	private final Partitions partitions = new Partitions(64);

	private final Servers servers;

	private final Report report;

	private final Options options;

	WriteBenchmark(Servers servers, Report report, Options options) {
		this.servers = servers;
		this.report = report;
		this.options = options;
	}

	void measure(String name, int threads, long transactions) throws Exception {
		try (EventTable table = new PostgresTable(this.servers.postgres());
				HikariDataSource pool = table.address().pool("application", threads);
				PublisherRig rig = new PublisherRig(table.applicationSide(pool), (events) -> {
				})) {
			JdbcTemplate jdbc = new JdbcTemplate(pool);
			// The headers are the same as ours, and written beforehand: bare is bare.
			OutboxRecord sample = rig.records().create(message(0, new byte[200]), Map.of()).orElseThrow().record();
			String headers = new JsonValues().write(sample.headers());
			Contest contest = new Contest(this.servers, this.report)
				.add("business INSERT and bare INSERT", new Writers(table, threads, rig.transactions(), (order) -> {
					rig.placeOrder(order);
					insert(jdbc, sample, headers, order);
				}))
				.add("business INSERT and publish", new Writers(table, threads, rig.transactions(), (order) -> {
					rig.placeOrder(order);
					rig.publisher().publish(message(order, new byte[200]));
				}))
				.add("business INSERT alone", new Writers(table, threads, rig.transactions(), rig::placeOrder));
			contest.run(1, transactions).forget();
			contest.run(this.options.runs(), transactions)
				.report(name, Map.of("threads", threads, "transactions", transactions, "payloadBytes", 200, "runs",
						this.options.runs()));
		}
	}

	static OutboxMessage message(long order, byte[] payload) {
		return OutboxMessage.builder()
			.aggregateType("order")
			.aggregateId("key-" + order % KEYS)
			.eventType("order.placed")
			.destination("orders")
			.payload(payload)
			.build();
	}

	private void insert(JdbcTemplate jdbc, OutboxRecord sample, @Nullable String headers, long order) {
		UUID id = UUID.randomUUID();
		String key = "key-" + order % KEYS;
		jdbc.update(INSERT, id, this.partitions.partitionOf(key, id), key, "order", key, sample.eventType(),
				sample.eventVersion(), "kafka", "orders", sample.contentType(), headers,
				Timestamp.from(sample.createdAt()), new byte[200]);
	}

}
