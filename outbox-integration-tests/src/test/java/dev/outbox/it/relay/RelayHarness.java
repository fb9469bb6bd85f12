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

package dev.outbox.it.relay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.it.relay.TestStores.Row;
import dev.outbox.test.contract.Transaction;
import dev.outbox.listener.OutboxListener;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelaySettings;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.relay.RoutePolicy;
import dev.outbox.retry.RetryDecision;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Operator;
import dev.outbox.store.Partitions;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Relays on one database, as many as a test wants, and ways to write events that do not
 * go through the publisher.
 */
final class RelayHarness implements AutoCloseable {

	static final int MAX_ATTEMPTS = 4;

	private static final Partitions PARTITIONS = new Partitions(64);

	private final TestStores stores;

	private final List<OutboxRelay> relays = new ArrayList<>();

	private OutboxListener listener = new OutboxListener() {
	};

	RelayHarness(TestStores stores) {
		this.stores = stores;
		stores.clear();
	}

	TestStores stores() {
		return this.stores;
	}

	Settings settings() {
		return new Settings();
	}

	void listener(OutboxListener listener) {
		this.listener = listener;
	}

	DeadLetterStore deadLetters() {
		return this.stores.deadLetters();
	}

	OutboxRelay start(TestTransport transport) {
		return start(transport, settings());
	}

	OutboxRelay start(TestTransport transport, Settings settings) {
		OutboxRelay relay = new OutboxRelay(this.stores.relay(), this.stores.leases(),
				this.stores.signals(settings.onlyWhenWoken), List.of(transport), settings.retries, this.listener,
				settings.build());
		this.relays.add(relay);
		relay.start();
		return relay;
	}

	void stop() {
		stop(this.relays.get(this.relays.size() - 1));
	}

	boolean stop(OutboxRelay relay) {
		return relay.stop(Duration.ofSeconds(10));
	}

	/**
	 * Lets the last relay vanish as if its process had been killed: its store does not
	 * let it do anything any more, and its lease is made to expire.
	 */
	void kill() {
		this.stores.cutOff();
		this.relays.remove(this.relays.size() - 1).stop(Duration.ofMillis(100));
		this.stores.connect();
		this.stores.clear("instance");
	}

	/**
	 * Makes all partitions belong to an instance that does not exist any more.
	 */
	void abandonAllPartitions() {
		this.stores.clear("instance");
		UUID ghost = UUID.randomUUID();
		this.stores.leases().join(ghost, "test", Set.of("test"), Duration.ofMinutes(1));
		this.stores.leases().take(ghost, "test", 64);
		this.stores.clear("instance");
	}

	Set<Integer> partitions(OutboxRelay relay) {
		return status(relay).partitions();
	}

	Set<Integer> partitionsWithEvents() {
		return this.stores.events().stream().map(Row::part).collect(Collectors.toSet());
	}

	LaneStatus status() {
		return status(this.relays.get(this.relays.size() - 1));
	}

	LaneStatus status(OutboxRelay relay) {
		return relay.status().lanes().values().iterator().next();
	}

	void wake() {
		this.relays.forEach(OutboxRelay::wake);
	}

	int connectionsInUse() {
		return this.stores.connectionsInUse();
	}

	/**
	 * Waits until every instance has renewed its lease more than once, and so has seen
	 * what is in the database now.
	 */
	void awaitHeartbeats() {
		BooleanSupplier heartbeats = this.stores.heartbeats();
		await().until(heartbeats::getAsBoolean);
	}

	/**
	 * Waits until the tail and what is before it have both been read more than once.
	 */
	void awaitReads() {
		BooleanSupplier reads = this.stores.reads();
		await().until(reads::getAsBoolean);
	}

	void awaitEmpty() {
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(this.stores.count("event")).isZero());
	}

	void insert(@Nullable String key, String destination, String payload) {
		insertFor("test", key, destination, payload);
	}

	void insertFor(String transport, @Nullable String key, String destination, String payload) {
		try (OpenTransaction transaction = begin()) {
			transaction.insert(transport, key, destination, payload.getBytes(StandardCharsets.UTF_8));
			transaction.commit();
		}
		wake();
	}

	void pause(String destination) {
		this.stores.holds().pause(new Destination("test", destination), new Operator("test"));
	}

	void resume(String destination) {
		this.stores.holds().resume(new Destination("test", destination), new Operator("test"));
	}

	void insertKeys(int count, String destination) {
		try (OpenTransaction transaction = begin()) {
			transaction.insertKeys(count, destination);
			transaction.commit();
		}
	}

	/**
	 * Lets all rows of a destination have failed once.
	 */
	void delay(String destination, Duration delay) {
		this.stores.delay(destination, delay);
	}

	void schedule(String key, String destination, String payload, Duration delay) {
		try (OpenTransaction transaction = begin()) {
			transaction.schedule(key, destination, payload, Instant.now().plus(delay));
			transaction.commit();
		}
	}

	OpenTransaction begin() {
		return new OpenTransaction(this.stores.begin());
	}

	/**
	 * Begins a transaction that keeps others from adding events, where that can be done.
	 */
	OpenTransaction beginAlone() {
		return new OpenTransaction(this.stores.beginLocking("event"));
	}

	long count(String table) {
		return this.stores.count(table);
	}

	/**
	 * Returns the only event that waits.
	 */
	Row event() {
		List<Row> events = this.stores.events();
		assertThat(events).hasSize(1);
		return events.get(0);
	}

	/**
	 * Returns the only dead letter.
	 */
	DeadLetter deadLetter() {
		List<DeadLetter> letters = deadLetters().list(DeadLetterFilter.all(), 0, 10);
		assertThat(letters).hasSize(1);
		return deadLetters().find(letters.get(0).number()).orElseThrow();
	}

	@Override
	public void close() {
		this.relays.forEach(this::stop);
		this.stores.close();
	}

	/**
	 * Settings that make a test quick. What no test waits for takes longer than any of
	 * them does, lest it come to the aid of what is broken.
	 */
	static final class Settings {

		private int maxInFlight = 10_000;

		private int batchSize = 1000;

		private long maxInFlightBytes = 64L << 20;

		private Duration sweepInterval = Duration.ofMinutes(5);

		private boolean onlyWhenWoken;

		private Duration publishTimeout = Duration.ofMinutes(5);

		private RoutePolicy routes = RelaySettings.defaults().routes();

		private RetryPolicy retries = (kind, attempts, failingFor) -> switch (kind) {
			case FATAL -> new RetryDecision.GiveUp("fatal");
			case REJECTED -> (attempts >= MAX_ATTEMPTS) ? new RetryDecision.GiveUp("max attempts")
					: new RetryDecision.Retry(Duration.ofMillis(20));
			default -> new RetryDecision.Retry(Duration.ofMillis(20));
		};

		Settings maxInFlight(int maxInFlight) {
			this.maxInFlight = maxInFlight;
			return this;
		}

		Settings maxInFlightBytes(long maxInFlightBytes) {
			this.maxInFlightBytes = maxInFlightBytes;
			return this;
		}

		Settings batchSize(int batchSize) {
			this.batchSize = batchSize;
			return this;
		}

		Settings sweepInterval(Duration sweepInterval) {
			this.sweepInterval = sweepInterval;
			return this;
		}

		/**
		 * Lets the tail be read only when a test wakes the relay.
		 */
		Settings onlyWhenWoken() {
			this.onlyWhenWoken = true;
			return this;
		}

		Settings publishTimeout(Duration publishTimeout) {
			this.publishTimeout = publishTimeout;
			return this;
		}

		Settings routes(RoutePolicy routes) {
			this.routes = routes;
			return this;
		}

		Settings retries(RetryPolicy retries) {
			this.retries = retries;
			return this;
		}

		private RelaySettings build() {
			return new RelaySettings(64, this.batchSize, this.maxInFlight, this.maxInFlightBytes, Duration.ofSeconds(2),
					this.onlyWhenWoken ? Duration.ofHours(1) : Duration.ofMillis(200), this.sweepInterval,
					this.publishTimeout, Duration.ofMillis(50), Duration.ofMillis(500), this.routes, "test", false);
		}

	}

	/**
	 * A transaction that a test keeps open as long as it likes.
	 */
	static final class OpenTransaction implements AutoCloseable {

		private final Transaction transaction;

		OpenTransaction(Transaction transaction) {
			this.transaction = transaction;
		}

		Transaction transaction() {
			return this.transaction;
		}

		void insert(@Nullable String key, String destination, String payload) {
			insert("test", key, destination, payload.getBytes(StandardCharsets.UTF_8));
		}

		void insert(String transport, @Nullable String key, String destination, byte[] payload) {
			append(List.of(event(new Destination(transport, destination), key, payload, null)));
		}

		void schedule(String key, String destination, String payload, Instant due) {
			this.transaction.schedule(List
				.of(event(new Destination("test", destination), key, payload.getBytes(StandardCharsets.UTF_8), due)));
		}

		/**
		 * Writes rows of one key, with the payloads {@code key-0}, {@code key-1}, and so
		 * on.
		 */
		void insertMany(int count, String key, String destination) {
			append(IntStream.range(0, count)
				.mapToObj((n) -> event(new Destination("test", destination), key,
						(key + '-' + n).getBytes(StandardCharsets.UTF_8), null))
				.toList());
		}

		/**
		 * Writes a row of each of the keys {@code k1}, {@code k2}, and so on, with the
		 * key as its payload.
		 */
		void insertKeys(int count, String destination) {
			append(IntStream.rangeClosed(1, count)
				.mapToObj((n) -> event(new Destination("test", destination), "k" + n,
						("k" + n).getBytes(StandardCharsets.UTF_8), null))
				.toList());
		}

		private void append(List<NewEvent> events) {
			this.transaction.append(events);
		}

		private static NewEvent event(Destination destination, @Nullable String key, byte[] payload,
				@Nullable Instant due) {
			OutboxRecord event = new OutboxRecord(UUID.randomUUID(), key, null, null, "test", 1, destination, Map.of(),
					"text/plain", Map.of(), payload, Instant.now());
			return new NewEvent(event, PARTITIONS.partitionOf(key, event.id()), due);
		}

		void commit() {
			this.transaction.commit();
		}

		@Override
		public void close() {
			this.transaction.close();
		}

	}

}
