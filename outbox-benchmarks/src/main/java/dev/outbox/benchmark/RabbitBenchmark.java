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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

import dev.outbox.benchmark.baseline.ConfirmPipeline;
import dev.outbox.benchmark.baseline.HandWrittenRelay;
import dev.outbox.relay.Ordering;
import dev.outbox.transport.rabbit.RabbitTransport;

/**
 * How fast a backlog is sent to a quorum queue of RabbitMQ: by a pipeline of confirms
 * that is written by hand, with and without a database, and by the relay.
 */
final class RabbitBenchmark {

	private static final int KEYS = 10_000;

	private final Servers servers;

	private final Report report;

	private final Options options;

	RabbitBenchmark(Servers servers, Report report, Options options) {
		this.servers = servers;
		this.report = report;
		this.options = options;
	}

	/**
	 * Measures.
	 * @param name name of the scenario
	 * @param events how many events wait
	 * @param payloadBytes size of each payload
	 * @param headers whether messages have the headers that the publisher adds
	 */
	void drain(String name, long events, int payloadBytes, boolean headers) throws Exception {
		String queue = this.servers.quorumQueue(name);
		Map<String, Object> plain = headers ? DrainBenchmark.defaultHeaders() : Map.of();
		Backlog backlog = new Backlog(RabbitTransport.NAME, queue, events, payloadBytes, KEYS,
				headers ? DrainBenchmark.DEFAULT_HEADERS : null);
		try (EventTable table = new PostgresTable(this.servers.postgres());
				HandWrittenRelay handWritten = new HandWrittenRelay(table.database().dataSource(),
						new ConfirmPipeline(this.servers.rabbitConnections(), plain));
				ConfirmPipeline bare = new ConfirmPipeline(this.servers.rabbitConnections(), plain);
				RelayRig relay = new RelayRig(table.relaySide(false), this.servers.rabbitTransport(), Ordering.STRICT,
						(transport) -> transport)) {
			Contest contest = new Contest(this.servers, this.report)
				.add("confirm pipeline without a database", new Emptied(queue, (count) -> {
				}) {

					@Override
					public void run(long count) throws Exception {
						bare.send(queue, count, payloadBytes);
					}

				})
				.add("hand-written relay", new Emptied(queue, (count) -> table.fill(backlog.withEvents(count))) {

					@Override
					public void run(long count) throws Exception {
						handWritten.drain(count);
					}

				})
				.add("relay", new Emptied(queue, (count) -> table.fill(backlog.withEvents(count))) {

					@Override
					public void run(long count) throws Exception {
						relay.drain(count);
					}

					@Override
					public void finish() {
						relay.stop();
					}

				});
			contest.run(1, this.options.warmUp() / 2);
			contest.forget();
			contest.run(this.options.runs(), events).report(name, parameters(backlog));
		}
	}

	private Map<String, Object> parameters(Backlog backlog) {
		Map<String, Object> parameters = new LinkedHashMap<>();
		parameters.put("events", backlog.events());
		parameters.put("payloadBytes", backlog.payloadBytes());
		parameters.put("keys", backlog.keys());
		parameters.put("headers", backlog.headers() != null);
		parameters.put("queue", "quorum");
		parameters.put("runs", this.options.runs());
		return parameters;
	}

	/**
	 * Begins with an empty queue, and what else is needed.
	 */
	private abstract class Emptied implements Contest.Contender {

		private final String queue;

		private final LongConsumer more;

		Emptied(String queue, LongConsumer more) {
			this.queue = queue;
			this.more = more;
		}

		@Override
		public void prepare(long events) {
			RabbitBenchmark.this.servers.emptyQueue(this.queue);
			this.more.accept(events);
		}

	}

}
