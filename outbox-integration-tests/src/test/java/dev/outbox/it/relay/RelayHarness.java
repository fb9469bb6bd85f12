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
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.it.store.Product;
import dev.outbox.store.NewEvent;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.listener.OutboxListener;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelaySettings;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.relay.RoutePolicy;
import dev.outbox.retry.RetryDecision;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.store.DeadLetterStore;
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

	private final TestDatabase<?> database;

	private final Product product;

	private final TestStores stores;

	private final List<OutboxRelay> relays = new ArrayList<>();

	private OutboxListener listener = new OutboxListener() {
	};

	RelayHarness(TestDatabase<?> database) {
		this.database = database;
		this.product = Product.of(database);
		this.stores = new TestStores(database);
		for (String table : List.of("event", "scheduled", "dead_letter", "archive", "instance", "partition",
				"blocked_key", "destination_state")) {
			database.sql("DELETE FROM outbox_" + table);
		}
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
		this.database.sql("DELETE FROM outbox_instance");
	}

	/**
	 * Makes all partitions belong to an instance that does not exist any more.
	 */
	void abandonAllPartitions() {
		this.database.sql("DELETE FROM outbox_instance");
		UUID ghost = UUID.randomUUID();
		this.stores.leases().join(ghost, Set.of("test"), Duration.ofMinutes(1));
		this.stores.leases().take(ghost, "test", 64);
		this.database.sql("DELETE FROM outbox_instance");
	}

	Set<Integer> partitions(OutboxRelay relay) {
		return status(relay).partitions();
	}

	Set<Integer> partitionsWithEvents() {
		return this.database.query("SELECT DISTINCT part FROM outbox_event")
			.stream()
			.map((row) -> ((Number) Objects.requireNonNull(row.get("part"))).intValue())
			.collect(Collectors.toSet());
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
		Object then = this.database.value("SELECT " + this.product.fromNow(3));
		await()
			.until(() -> this.database.number("SELECT count(*) FROM outbox_instance WHERE expires_at < ?", then) == 0);
	}

	void awaitEmpty() {
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isZero());
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
		this.database.update("INSERT INTO outbox_destination_state (transport, destination, paused_at)"
				+ " VALUES ('test', ?, " + this.product.fromNow(0) + ")", destination);
	}

	void resume(String destination) {
		this.database.update("DELETE FROM outbox_destination_state WHERE destination = ?", destination);
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
		this.database.update("UPDATE outbox_event SET attempts = 1, first_failed_at = " + this.product.fromNow(0)
				+ ", next_attempt_at = " + this.product.fromNow(delay.toMillis() / 1000.0) + " WHERE destination = ?",
				destination);
	}

	void schedule(String key, String destination, String payload, Duration delay) {
		try (OpenTransaction transaction = begin()) {
			transaction.schedule(key, destination, payload, Instant.now().plus(delay));
			transaction.commit();
		}
	}

	OpenTransaction begin() {
		return new OpenTransaction(this.database, this.stores.writer());
	}

	@Override
	public void close() {
		this.relays.forEach(this::stop);
		this.stores.close();
	}

	/**
	 * Settings that make a test quick.
	 */
	static final class Settings {

		private int maxInFlight = 10_000;

		private int batchSize = 1000;

		private long maxInFlightBytes = 64L << 20;

		private Duration sweepInterval = Duration.ofMinutes(5);

		private boolean onlyWhenWoken;

		private Duration publishTimeout = Duration.ofSeconds(30);

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
					Duration.ofMillis(this.onlyWhenWoken ? 60_000 : 200), this.sweepInterval, this.publishTimeout,
					Duration.ofMillis(50), Duration.ofMillis(500), this.routes);
		}

	}

	/**
	 * A transaction that a test keeps open as long as it likes.
	 */
	static final class OpenTransaction implements AutoCloseable {

		private final Connection connection;

		private final EventWriter writer;

		OpenTransaction(TestDatabase<?> database, EventWriter writer) {
			this.writer = writer;
			try {
				this.connection = database.dataSource().getConnection();
				this.connection.setAutoCommit(false);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		void insert(@Nullable String key, String destination, String payload) {
			insert("test", key, destination, payload.getBytes(StandardCharsets.UTF_8));
		}

		void insert(String transport, @Nullable String key, String destination, byte[] payload) {
			append(List.of(event(new Destination(transport, destination), key, payload, null)));
		}

		void schedule(String key, String destination, String payload, Instant due) {
			try {
				this.writer.schedule(this.connection, List.of(event(new Destination("test", destination), key,
						payload.getBytes(StandardCharsets.UTF_8), due)));
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
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
			try {
				this.writer.append(this.connection, events);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static NewEvent event(Destination destination, @Nullable String key, byte[] payload,
				@Nullable Instant due) {
			OutboxRecord event = new OutboxRecord(UUID.randomUUID(), key, null, null, "test", 1, destination, Map.of(),
					"text/plain", Map.of(), payload, Instant.now());
			return new NewEvent(event, PARTITIONS.partitionOf(key, event.id()), due);
		}

		void execute(String sql) {
			try (Statement statement = this.connection.createStatement()) {
				statement.execute(sql);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		void commit() {
			try {
				this.connection.commit();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		@Override
		public void close() {
			try {
				this.connection.rollback();
				this.connection.close();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
