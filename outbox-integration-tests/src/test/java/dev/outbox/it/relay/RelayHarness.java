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
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import dev.outbox.fixtures.postgres.PostgresDatabase;
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

	private final PostgresDatabase database;

	private final TestStores stores;

	private final List<OutboxRelay> relays = new ArrayList<>();

	private OutboxListener listener = new OutboxListener() {
	};

	RelayHarness(PostgresDatabase database) {
		this.database = database;
		this.stores = new TestStores(database);
		database.sql("TRUNCATE outbox_event, outbox_scheduled, outbox_dead_letter, outbox_archive, outbox_instance,"
				+ " outbox_blocked_key, outbox_destination_state", "DELETE FROM outbox_partition");
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
		this.database.sql("DELETE FROM outbox_instance", """
				INSERT INTO outbox_partition (transport, part, owner, epoch)
				SELECT 'test', p, gen_random_uuid(), 1 FROM generate_series(0, 63) p
				ON CONFLICT (transport, part)
				DO UPDATE SET owner = gen_random_uuid(), epoch = outbox_partition.epoch + 1""");
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
		String now = String.valueOf(this.database.value("SELECT clock_timestamp()::text"));
		await().until(() -> this.database.number("""
				SELECT count(*) FROM outbox_instance
				WHERE expires_at < ?::timestamptz + interval '3 seconds'""", now) == 0);
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
				+ " VALUES ('test', ?, now())", destination);
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
		this.database.update("""
				UPDATE outbox_event SET attempts = 1, first_failed_at = clock_timestamp(),
					next_attempt_at = clock_timestamp() + ? * interval '1 millisecond'
				WHERE destination = ?""", delay.toMillis(), destination);
	}

	void schedule(String key, String destination, String payload, Duration delay) {
		this.database.update("""
				INSERT INTO outbox_scheduled (deliver_at, id, part, event_key, event_type, event_version, transport,
					destination, content_type, payload)
				VALUES (clock_timestamp() + ? * interval '1 millisecond', gen_random_uuid(), ?, ?, 'test', 1, 'test', ?,
					'text/plain', convert_to(?, 'UTF8'))""", delay.toMillis(),
				PARTITIONS.partitionOf(key, UUID.randomUUID()), key, destination, payload);
	}

	OpenTransaction begin() {
		return new OpenTransaction(this.database);
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

		OpenTransaction(PostgresDatabase database) {
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
			UUID id = UUID.randomUUID();
			String sql = """
					INSERT INTO outbox_event (id, part, event_key, event_type, event_version, transport, destination,
						content_type, payload, created_at)
					VALUES (?, ?, ?, 'test', 1, ?, ?, 'text/plain', ?, now())""";
			try (PreparedStatement statement = this.connection.prepareStatement(sql)) {
				statement.setObject(1, id);
				statement.setInt(2, PARTITIONS.partitionOf(key, id));
				statement.setString(3, key);
				statement.setString(4, transport);
				statement.setString(5, destination);
				statement.setBytes(6, payload);
				statement.executeUpdate();
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
			execute("""
					INSERT INTO outbox_event (id, part, event_key, event_type, event_version, transport, destination,
						content_type, payload, created_at)
					SELECT gen_random_uuid(), %d, '%s', 'test', 1, 'test', '%s', 'text/plain',
						convert_to('%s-' || n, 'UTF8'), now()
					FROM generate_series(0, %d) n ORDER BY n"""
				.formatted(PARTITIONS.partitionOf(key, UUID.randomUUID()), key, destination, key, count - 1));
		}

		/**
		 * Writes a row of each of the keys {@code k1}, {@code k2}, and so on, with the
		 * key as its payload.
		 */
		void insertKeys(int count, String destination) {
			execute("""
					INSERT INTO outbox_event (id, part, event_key, event_type, event_version, transport, destination,
						content_type, payload)
					SELECT gen_random_uuid(), n %% 64, 'k' || n, 'test', 1, 'test', '%s', 'text/plain',
						convert_to('k' || n, 'UTF8')
					FROM generate_series(1, %d) n ORDER BY n""".formatted(destination, count));
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
