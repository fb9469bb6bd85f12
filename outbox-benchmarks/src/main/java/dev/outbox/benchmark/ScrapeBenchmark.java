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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.observation.OutboxMeters;
import dev.outbox.observation.OutboxReading;
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.ClusterBacklog;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.SharedBacklogStore;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * What watching costs while millions of events wait and three instances watch: a scrape,
 * and the database.
 */
final class ScrapeBenchmark {

	private static final Duration INTERVAL = Duration.ofSeconds(10);

	private static final Duration WATCHED = Duration.ofSeconds(30);

	/**
	 * As few as most applications have, and as many as are shown.
	 */
	private static final List<Integer> DESTINATIONS = List.of(10, 100);

	private final Servers servers;

	private final Report report;

	ScrapeBenchmark(Servers servers, Report report) {
		this.servers = servers;
		this.report = report;
	}

	void measure(String name, long events) {
		try (EventTable table = new PostgresTable(this.servers.postgres());
				HikariDataSource pool = table.address().pool("monitor", 1)) {
			table.fill(new Backlog("orders", events, 200, 10_000, null));
			BacklogStore store = table.dialect().backlogStore(pool, EventTable.NAMES);
			SharedBacklogStore shared = table.dialect().sharedBacklogStore(pool, EventTable.NAMES);
			List<Double> measurements = Collections.synchronizedList(new ArrayList<>());
			BacklogStore timed = (fromSeq) -> {
				long start = System.nanoTime();
				dev.outbox.store.Backlog backlog = store.measure(fromSeq);
				measurements.add((System.nanoTime() - start) / 1e6);
				return backlog;
			};
			BacklogStore forAll = new ClusterBacklog(timed, shared, INTERVAL);
			try (BacklogMonitor monitor = new BacklogMonitor(forAll, () -> 0, INTERVAL);
					BacklogMonitor second = new BacklogMonitor(forAll, () -> 0, INTERVAL);
					BacklogMonitor third = new BacklogMonitor(forAll, () -> 0, INTERVAL)) {
				long before = transactions(table);
				List.of(monitor, second, third).forEach(BacklogMonitor::start);
				Map<String, Object> fields = new LinkedHashMap<>(Map.of("waiting", events, "instances", 3));
				for (int destinations : DESTINATIONS) {
					PrometheusMeterRegistry registry = registry(monitor, destinations);
					double[] scrapes = scrape(registry);
					String of = "Of" + destinations;
					fields.put("scrapes" + of, scrapes.length);
					fields.put("bytes" + of, body(registry).length);
					fields.put("medianMs" + of, Sample.round(Sample.percentile(scrapes, 0.5)));
					fields.put("p99Ms" + of, Sample.round(Sample.percentile(scrapes, 0.99)));
				}
				fields.put("measurementMs", new Sample(measurements).summary());
				fields.put("transactionsPerSecond", Sample
					.round((transactions(table) - before) / (double) (WATCHED.toSeconds() * DESTINATIONS.size())));
				this.report.line(name, fields);
			}
		}
	}

	/**
	 * Scrapes as fast as it goes: whatever asked the database would be seen there.
	 */
	private static double[] scrape(PrometheusMeterRegistry registry) {
		List<Double> scrapes = new ArrayList<>();
		for (long end = System.nanoTime() + WATCHED.toNanos(); System.nanoTime() < end;) {
			long start = System.nanoTime();
			body(registry);
			scrapes.add((System.nanoTime() - start) / 1e6);
		}
		return scrapes.stream().mapToDouble(Double::doubleValue).sorted().toArray();
	}

	/**
	 * What an endpoint answers.
	 */
	private static byte[] body(PrometheusMeterRegistry registry) {
		ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 18);
		try {
			registry.scrape(body);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return body.toByteArray();
	}

	private static PrometheusMeterRegistry registry(BacklogMonitor monitor, int destinations) {
		AtomicReference<OutboxReading> reading = new AtomicReference<>(reading(monitor, destinations));
		OutboxMeters meters = new OutboxMeters(reading::get, Tags.empty());
		PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		meters.bindTo(registry);
		for (int i = 0; i < destinations; i++) {
			Destination destination = new Destination("kafka", "topic-" + i);
			OutboxRecord event = new OutboxRecord(new UUID(0, i), "key", null, null, "order.placed", 1, destination,
					Map.of(), "application/json", Map.of(), new byte[0], Instant.EPOCH);
			SendResult result = SendResult.acknowledged(event, Instant.EPOCH, null);
			meters.onAnswered(event, result, Duration.ofMillis(1));
			meters.onPublished(event, result);
		}
		monitor.afterEach(() -> {
			reading.set(reading(monitor, destinations));
			meters.refresh();
		});
		return registry;
	}

	/**
	 * What the gauges of an instance share, whose relay has sent to all destinations.
	 */
	private static OutboxReading reading(BacklogMonitor monitor, int count) {
		Map<String, OutboxReading.Availability> destinations = new HashMap<>();
		for (int i = 0; i < count; i++) {
			destinations.put("topic-" + i, OutboxReading.Availability.AVAILABLE);
		}
		OutboxReading.Lane lane = new OutboxReading.Lane(10_000, 5_000, 3, 1, 7, 0, 2, destinations);
		return new OutboxReading(counts(monitor, count),
				new OutboxReading.Relay(true, Duration.ofSeconds(1), Map.of("kafka", lane)));
	}

	private static OutboxReading.Counts counts(BacklogMonitor monitor, int count) {
		dev.outbox.store.Backlog backlog = monitor.latest().backlog();
		if (backlog == null) {
			return new OutboxReading.Counts(0, 0, 0, Duration.ZERO, Map.of(), false);
		}
		Map<Destination, OutboxReading.Waiting> destinations = new HashMap<>();
		for (int i = 0; i < count; i++) {
			destinations.put(new Destination("kafka", "topic-" + i),
					new OutboxReading.Waiting(backlog.waiting() / count, backlog.oldest()));
		}
		return new OutboxReading.Counts(backlog.waiting(), backlog.scheduled(), backlog.dead(), backlog.oldest(),
				destinations, backlog.exact());
	}

	private static long transactions(EventTable table) {
		return table.database()
			.number("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()");
	}

}
