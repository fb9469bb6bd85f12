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

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.benchmark.Report.Figures;
import dev.outbox.relay.Ordering;
import dev.outbox.relay.RelaySettings;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.kafka.KafkaTransport;
import dev.outbox.transport.rabbit.RabbitTransport;
import org.springframework.core.Ordered;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * How long it takes from the commit to the broker's acknowledgement, at a given rate. The
 * schedule is fixed beforehand: when a transaction is late, those after it do not wait
 * for it, and their own delay counts from when they should have begun.
 */
final class LatencyBenchmark {

	private static final int WRITERS = 4;

	private static final int PAYLOAD = 200;

	private static final int KEYS = 10_000;

	private static final long WARM_UP_SECONDS = 10;

	private final Servers servers;

	private final Report report;

	private final Options options;

	LatencyBenchmark(Servers servers, Report report, Options options) {
		this.servers = servers;
		this.report = report;
		this.options = options;
	}

	void onPostgres(String name, int perSecond) throws Exception {
		toKafka(name, perSecond, postgres());
	}

	void onMariaDb(String name, int perSecond) throws Exception {
		toKafka(name, perSecond, () -> new MariaDbTable(this.servers.mariadb()));
	}

	void onMongo(String name, int perSecond) throws Exception {
		toKafka(name, perSecond, () -> new MongoCollections(this.servers.mongo(), name));
	}

	private void toKafka(String name, int perSecond, Supplier<MeasuredOutbox> outboxes) throws Exception {
		measure(name, perSecond, this.servers.topic(name), KafkaTransport.NAME, outboxes,
				this.servers.kafkaTransport());
	}

	void toRabbit(String name, int perSecond) throws Exception {
		measure(name, perSecond, this.servers.quorumQueue(name), RabbitTransport.NAME, postgres(),
				this.servers.rabbitTransport());
	}

	private Supplier<MeasuredOutbox> postgres() {
		return () -> new PostgresTable(this.servers.postgres());
	}

	private void measure(String name, int perSecond, String topic, String transportName,
			Supplier<MeasuredOutbox> outboxes, Function<RelaySettings, OutboxTransport> transport) throws Exception {
		Probe probe = new Probe();
		Figures figures = new Figures();
		try (MeasuredOutbox outbox = outboxes.get();
				RelayRig relay = new RelayRig(outbox.relaySide(false), transport, Ordering.STRICT, probe::around);
				PublisherRig publisher = new PublisherRig(outbox.applicationSide(WRITERS + 1), transportName,
						relay.relay())) {
			outbox.fill(new Backlog(transportName, topic, this.options.warmUp(), PAYLOAD, KEYS, null));
			relay.drain(this.options.warmUp());
			run(probe, publisher, topic, perSecond, WARM_UP_SECONDS, 0);
			for (int round = 1; round <= this.options.runs(); round++) {
				Servers.Cpu start = this.servers.cpu();
				Times times = run(probe, publisher, topic, perSecond, this.options.seconds(), round);
				Servers.Cpu used = this.servers.cpu().since(start);
				times.addTo(figures);
				figures.add("processorsTakenByOthers", used.others() / this.options.seconds());
			}
		}
		Map<String, Object> line = new LinkedHashMap<>();
		line.put("eventsPerSecond", perSecond);
		line.put("writers", WRITERS);
		line.put("payloadBytes", PAYLOAD);
		line.put("secondsPerRun", this.options.seconds());
		line.put("runs", this.options.runs());
		line.putAll(figures.summary());
		this.report.line(name, line);
	}

	private static Times run(Probe probe, PublisherRig publisher, String topic, int perSecond, long seconds, int round)
			throws Exception {
		Times times = new Times((int) (perSecond * seconds));
		probe.times = times;
		long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
		ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
		try {
			List<Future<?>> ends = new ArrayList<>();
			for (int writer = 0; writer < WRITERS; writer++) {
				int first = writer;
				ends.add(writers.submit(() -> {
					for (int i = first; i < times.events; i += WRITERS) {
						long due = start + TimeUnit.SECONDS.toNanos(i) / perSecond;
						waitUntil(due);
						times.scheduled[i] = due;
						publish(times, publisher, topic, i, (long) round * 10_000_000 + i);
					}
				}));
			}
			for (Future<?> end : ends) {
				end.get();
			}
		}
		finally {
			writers.shutdown();
		}
		if (!times.done.await(60, TimeUnit.SECONDS)) {
			throw new IllegalStateException(
					times.done.getCount() + " of " + times.events + " events were not delivered");
		}
		return times;
	}

	private static void waitUntil(long due) {
		for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	private static void publish(Times times, PublisherRig publisher, String topic, int index, long order) {
		byte[] payload = new byte[PAYLOAD];
		ByteBuffer.wrap(payload).putInt(index);
		String key = "key-" + order % KEYS;
		publisher.transactions().executeWithoutResult((status) -> {
			TransactionSynchronizationManager.registerSynchronization(new CommitTime(times, index));
			publisher.placeOrder(order);
			publisher.publisher()
				.publish(OutboxMessage.builder()
					.aggregateType("order")
					.aggregateId(key)
					.eventType("order.placed")
					.destination(topic)
					.payload(payload)
					.build());
		});
	}

	/**
	 * Notes when the database has confirmed the commit, before anybody else is told.
	 */
	private record CommitTime(Times times, int index) implements TransactionSynchronization {

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

		@Override
		public void afterCommit() {
			this.times.committed[this.index] = System.nanoTime();
		}

	}

	/**
	 * Notes when the broker has acknowledged, before the relay is told.
	 */
	private static final class Probe {

		private volatile Times times = new Times(0);

		OutboxTransport around(OutboxTransport transport) {
			return new OutboxTransport() {

				@Override
				public String name() {
					return transport.name();
				}

				@Override
				public void send(List<? extends Delivery> batch) {
					transport.send(batch.stream().map(Timed::new).toList());
				}

				@Override
				public void close() {
					transport.close();
				}

			};
		}

		private final class Timed implements Delivery {

			private final Delivery delivery;

			Timed(Delivery delivery) {
				this.delivery = delivery;
			}

			@Override
			public OutboxRecord record() {
				return this.delivery.record();
			}

			@Override
			public void complete(SendResult result) {
				if (result.isAcknowledged()) {
					Probe.this.times.acknowledged(record().payload());
				}
				this.delivery.complete(result);
			}

		}

	}

	private static final class Times {

		private final int events;

		private final long[] scheduled;

		private final long[] committed;

		private final AtomicLongArray acknowledged;

		private final CountDownLatch done;

		Times(int events) {
			this.events = events;
			this.scheduled = new long[events];
			this.committed = new long[events];
			this.acknowledged = new AtomicLongArray(events);
			this.done = new CountDownLatch(events);
		}

		void acknowledged(byte[] payload) {
			int index = ByteBuffer.wrap(payload).getInt();
			if (index >= 0 && index < this.events && this.acknowledged.compareAndSet(index, 0, System.nanoTime())) {
				this.done.countDown();
			}
		}

		void addTo(Figures figures) {
			double[] sinceCommit = new double[this.events];
			double[] sinceSchedule = new double[this.events];
			for (int i = 0; i < this.events; i++) {
				sinceCommit[i] = (this.acknowledged.get(i) - this.committed[i]) / 1e6;
				sinceSchedule[i] = (this.acknowledged.get(i) - this.scheduled[i]) / 1e6;
			}
			add(figures, "commitToAckMs", sinceCommit);
			add(figures, "scheduleToAckMs", sinceSchedule);
		}

		private static void add(Figures figures, String name, double[] values) {
			Arrays.sort(values);
			figures.add(name + ".p50", Sample.percentile(values, 0.5));
			figures.add(name + ".p99", Sample.percentile(values, 0.99));
			figures.add(name + ".p999", Sample.percentile(values, 0.999));
		}

	}

}
