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

import java.sql.Connection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import dev.outbox.benchmark.baseline.BareProducer;
import dev.outbox.benchmark.baseline.HandWrittenRelay;
import dev.outbox.relay.Ordering;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * How fast a backlog is sent: by the relay, by a hand-written one, and what the producer
 * could do.
 */
final class DrainBenchmark {

	private static final int KEYS = 10_000;

	/**
	 * What the publisher adds to each event unless told otherwise.
	 */
	static final String DEFAULT_HEADERS = """
			{"ce_specversion":"1.0","ce_id":"01936d5e-7c1a-7a43-9d5f-2b6c8e1f0a37","ce_type":"order.placed",\
			"ce_source":"shop","ce_subject":"key-4711","ce_time":"2026-11-21T06:00:00.123456Z","event_version":1,\
			"aggregate_type":"order","aggregate_id":"key-4711"}""";

	private final Servers servers;

	private final Report report;

	private final Options options;

	DrainBenchmark(Servers servers, Report report, Options options) {
		this.servers = servers;
		this.report = report;
		this.options = options;
	}

	/**
	 * The same as a client takes them.
	 */
	static Map<String, Object> defaultHeaders() {
		Map<String, Object> headers = new LinkedHashMap<>();
		JsonMapper.builder()
			.build()
			.readTree(DEFAULT_HEADERS)
			.properties()
			.forEach((header) -> headers.put(header.getKey(), header.getValue().asString()));
		return headers;
	}

	static Map<String, Object> producer(Servers servers) {
		return Map.of("bootstrap.servers", servers.kafka().bootstrapServers(), "acks", "all", "enable.idempotence",
				true, "batch.size", 131_072, "key.serializer", ByteArraySerializer.class, "value.serializer",
				ByteArraySerializer.class);
	}

	/**
	 * The relay beside the hand-written one and the bare producer.
	 * @param name name of the scenario
	 * @param events how many events wait
	 * @param payloadBytes size of each payload
	 * @param headers whether events have the headers that the publisher adds
	 */
	void drain(String name, long events, int payloadBytes, boolean headers) throws Exception {
		Backlog backlog = new Backlog(this.servers.topic(name), events, payloadBytes, KEYS,
				headers ? DEFAULT_HEADERS : null);
		try (EventTable table = new PostgresTable(this.servers.postgres());
				HandWrittenRelay handWritten = new HandWrittenRelay(table.database().dataSource(),
						producer(this.servers));
				RelayRig relay = relay(table, Ordering.STRICT, false);
				BareProducer bare = new BareProducer(producer(this.servers))) {
			Contest contest = contest(table, backlog, handWritten, relay).add("bare producer",
					(count) -> bare.send(backlog.topic(), count, payloadBytes, KEYS));
			contest.run(this.options.runs(), events).report(name, parameters(backlog));
		}
	}

	private Contest contest(EventTable table, Backlog backlog, HandWrittenRelay handWritten, RelayRig relay)
			throws Exception {
		Contest.Contender hand = new Contest.Contender() {

			@Override
			public void prepare(long events) {
				table.fill(backlog.withEvents(events));
			}

			@Override
			public void run(long events) throws Exception {
				handWritten.drain(events);
			}

		};
		Contest.Contender ours = new RelayContender(table, backlog, relay, null);
		warmUp(hand, ours);
		return new Contest(this.servers, this.report).add("hand-written relay", hand).add("relay", ours);
	}

	private void warmUp(Contest.Contender... contenders) throws Exception {
		Contest warmUp = new Contest(this.servers, this.report);
		for (int i = 0; i < contenders.length; i++) {
			warmUp.add("warm-up " + i, contenders[i]);
		}
		warmUp.run(1, this.options.warmUp());
	}

	private RelayRig relay(MeasuredOutbox outbox, Ordering ordering, boolean archive) {
		return new RelayRig(outbox.relaySide(archive), this.servers.kafkaTransport(), ordering, (kafka) -> kafka);
	}

	/**
	 * The relay on PostgreSQL beside the relay on another database.
	 * @param name name of the scenario
	 * @param other the other database
	 * @param outbox creates an outbox there
	 * @param events how many events wait
	 * @param payloadBytes size of each payload
	 */
	void databases(String name, String other, Supplier<MeasuredOutbox> outbox, long events, int payloadBytes)
			throws Exception {
		Backlog backlog = new Backlog(this.servers.topic(name), events, payloadBytes, KEYS, DEFAULT_HEADERS);
		try (EventTable first = new PostgresTable(this.servers.postgres());
				RelayRig onFirst = relay(first, Ordering.STRICT, false);
				MeasuredOutbox second = outbox.get();
				RelayRig onSecond = relay(second, Ordering.STRICT, false)) {
			Contest.Contender postgres = new RelayContender(first, backlog, onFirst, null);
			Contest.Contender beside = new RelayContender(second, backlog, onSecond, null);
			warmUp(postgres, beside);
			new Contest(this.servers, this.report).add("relay on PostgreSQL", postgres)
				.add("relay on " + other, beside)
				.run(this.options.runs(), events)
				.report(name, parameters(backlog));
		}
	}

	/**
	 * The relay with and without another session that holds a snapshot.
	 */
	void held(String name, long events, int payloadBytes) throws Exception {
		Backlog backlog = new Backlog(this.servers.topic(name), events, payloadBytes, KEYS, null);
		try (EventTable table = new PostgresTable(this.servers.postgres());
				RelayRig relay = relay(table, Ordering.STRICT, false);
				Connection session = table.database().dataSource().getConnection()) {
			session.setAutoCommit(false);
			session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			Contest.Contender free = new RelayContender(table, backlog, relay, null);
			warmUp(free);
			Contest contest = new Contest(this.servers, this.report).add("no snapshot held", free)
				.add("snapshot held", new RelayContender(table, backlog, relay, session));
			contest.run(this.options.runs(), events).report(name, parameters(backlog));
		}
	}

	/**
	 * The relay that archives what it has delivered, into an archive that is empty and
	 * into one that is not.
	 * @param name name of the scenario
	 * @param tables creates tables in a database of their own
	 * @param events how many events wait
	 * @param archived how many events the full archive has before the first run
	 */
	void archived(String name, Supplier<EventTable> tables, long events, long archived) throws Exception {
		Backlog backlog = new Backlog(this.servers.topic(name), events, 200, KEYS, null);
		try (EventTable empty = tables.get();
				EventTable full = tables.get();
				RelayRig intoEmpty = relay(empty, Ordering.STRICT, true);
				RelayRig intoFull = relay(full, Ordering.STRICT, true)) {
			Contest.Contender first = new RelayContender(empty, backlog, intoEmpty, null) {

				@Override
				public void prepare(long events) throws Exception {
					empty.archive(backlog.withEvents(0));
					super.prepare(events);
				}

			};
			Contest.Contender second = new RelayContender(full, backlog, intoFull, null);
			warmUp(first, second);
			full.archive(backlog.withEvents(archived));
			Map<String, Object> parameters = parameters(backlog);
			parameters.put("archived", archived);
			new Contest(this.servers, this.report).add("empty archive", first)
				.add("full archive", second)
				.run(this.options.runs(), events)
				.report(name, parameters);
		}
	}

	/**
	 * All events have the same key.
	 */
	void hotKey(String name, Ordering ordering, long events) throws Exception {
		Backlog backlog = new Backlog(this.servers.topic(name), events, 200, 1, null);
		try (EventTable table = new PostgresTable(this.servers.postgres());
				RelayRig relay = relay(table, ordering, false)) {
			warmUp(new RelayContender(table, new Backlog(backlog.topic(), 0, 200, KEYS, null), relay, null));
			new Contest(this.servers, this.report).add("relay", new RelayContender(table, backlog, relay, null))
				.run(this.options.runs(), events)
				.report(name, parameters(backlog));
		}
	}

	private Map<String, Object> parameters(Backlog backlog) {
		Map<String, Object> parameters = new LinkedHashMap<>();
		parameters.put("events", backlog.events());
		parameters.put("payloadBytes", backlog.payloadBytes());
		parameters.put("keys", backlog.keys());
		parameters.put("headers", backlog.headers() != null);
		parameters.put("runs", this.options.runs());
		return parameters;
	}

	/**
	 * Our relay, started on a table that is full.
	 */
	private static class RelayContender implements Contest.Contender {

		private final MeasuredOutbox table;

		private final Backlog backlog;

		private final RelayRig relay;

		private final @Nullable Connection session;

		RelayContender(MeasuredOutbox table, Backlog backlog, RelayRig relay, @Nullable Connection session) {
			this.table = table;
			this.backlog = backlog;
			this.relay = relay;
			this.session = session;
		}

		@Override
		public void prepare(long events) throws Exception {
			this.table.fill(this.backlog.withEvents(events));
			if (this.session != null) {
				this.session.createStatement().execute("SELECT 1");
			}
		}

		@Override
		public void run(long events) throws Exception {
			this.relay.drain(events);
		}

		@Override
		public void finish() throws Exception {
			this.relay.stop();
			if (this.session != null) {
				this.session.rollback();
			}
		}

	}

}
