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

package dev.outbox.store.jdbc.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import dev.outbox.OutboxRecord;
import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.jdbc.EventRows;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.JsonValues;
import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to PostgreSQL, all of a transaction by one statement. Arrays do not make
 * the speed depend on what the application's JDBC URL says about batches.
 */
final class PostgresEventWriter implements EventWriter {

	private final JsonValues json = new JsonValues();

	private final long retention;

	private final String append;

	private final String appendOne;

	private final String schedule;

	private final String claim;

	private final String holder;

	PostgresEventWriter(TableNames tables, Duration idempotencyRetention) {
		this.retention = idempotencyRetention.toMillis();
		// Numbers are taken in the order of the rows, so the rows must be ordered.
		this.append = tables.apply("""
				INSERT INTO ${event} (%1$s, payload)
				SELECT %1$s, payload FROM unnest(?::uuid[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[],
					?::int[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::bytea[])
					WITH ORDINALITY AS t(%1$s, payload, n)
				ORDER BY n""".formatted(EventRows.COLUMNS));
		// Most transactions have one event: without arrays it costs a third less.
		this.appendOne = tables.apply("""
				INSERT INTO ${event} (%1$s, payload)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz, ?)""".formatted(EventRows.COLUMNS));
		this.schedule = tables.apply("""
				INSERT INTO ${scheduled} (%1$s, payload, deliver_at)
				SELECT %1$s, payload, deliver_at FROM unnest(?::uuid[], ?::int[], ?::text[], ?::text[], ?::text[],
					?::text[], ?::int[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[],
					?::bytea[], ?::timestamptz[])
					WITH ORDINALITY AS t(%1$s, payload, deliver_at, n)
				ORDER BY n""".formatted(EventRows.COLUMNS));
		this.claim = tables.apply("""
				INSERT INTO ${idempotency} AS held (idempotency_key, id, created_at) VALUES (?, ?, clock_timestamp())
				ON CONFLICT (idempotency_key) DO UPDATE SET id = EXCLUDED.id, created_at = EXCLUDED.created_at
				WHERE held.created_at < clock_timestamp() - ? * interval '1 millisecond'""");
		this.holder = tables.apply("SELECT id FROM ${idempotency} WHERE idempotency_key = ?");
	}

	@Override
	public void append(Connection connection, List<NewEvent> events) throws SQLException {
		boolean one = events.size() == 1;
		try (PreparedStatement statement = connection.prepareStatement(one ? this.appendOne : this.append)) {
			if (one) {
				setEvent(statement, events.get(0));
			}
			else {
				setEvents(statement, connection, events);
			}
			statement.executeUpdate();
		}
		catch (SQLException ex) {
			throw PostgresErrors.withoutValues(ex);
		}
	}

	@Override
	public void schedule(Connection connection, List<NewEvent> events) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(this.schedule)) {
			int next = setEvents(statement, connection, events);
			Object[] times = events.stream().map((event) -> time(Objects.requireNonNull(event.deliverAt()))).toArray();
			statement.setArray(next, connection.createArrayOf("timestamptz", times));
			statement.executeUpdate();
		}
		catch (SQLException ex) {
			throw PostgresErrors.withoutValues(ex);
		}
	}

	/**
	 * After a failed statement the server commits nothing, unless the driver has set a
	 * savepoint before it (autosave).
	 */
	@Override
	public EventStore.Damage damage(SQLException failure) {
		return EventStore.Damage.PARTLY_WRITTEN;
	}

	@Override
	public Optional<UUID> claim(Connection connection, String idempotencyKey, UUID id) throws SQLException {
		while (true) {
			try (PreparedStatement statement = connection.prepareStatement(this.claim)) {
				statement.setString(1, idempotencyKey);
				statement.setObject(2, id);
				statement.setLong(3, this.retention);
				if (statement.executeUpdate() == 1) {
					return Optional.empty();
				}
			}
			try (PreparedStatement statement = connection.prepareStatement(this.holder)) {
				statement.setString(1, idempotencyKey);
				try (ResultSet row = statement.executeQuery()) {
					// None if it has been removed between the two statements.
					if (row.next()) {
						return Optional.of(Objects.requireNonNull(row.getObject(1, UUID.class)));
					}
				}
			}
		}
	}

	private void setEvent(PreparedStatement statement, NewEvent event) throws SQLException {
		OutboxRecord row = event.event();
		statement.setObject(1, row.id());
		statement.setInt(2, event.part());
		statement.setString(3, row.key());
		statement.setString(4, row.aggregateType());
		statement.setString(5, row.aggregateId());
		statement.setString(6, row.eventType());
		statement.setInt(7, row.eventVersion());
		statement.setString(8, row.destination().transport());
		statement.setString(9, row.destination().name());
		statement.setString(10, this.json.write(row.options()));
		statement.setString(11, row.contentType());
		statement.setString(12, this.json.write(row.headers()));
		statement.setString(13, time(row.createdAt()));
		statement.setBytes(14, row.payload());
	}

	private int setEvents(PreparedStatement statement, Connection connection, List<NewEvent> events)
			throws SQLException {
		Columns columns = new Columns(statement, connection, events);
		columns.add("uuid", (event) -> event.event().id());
		columns.add("int", NewEvent::part);
		columns.add("text", (event) -> event.event().key());
		columns.add("text", (event) -> event.event().aggregateType());
		columns.add("text", (event) -> event.event().aggregateId());
		columns.add("text", (event) -> event.event().eventType());
		columns.add("int", (event) -> event.event().eventVersion());
		columns.add("text", (event) -> event.event().destination().transport());
		columns.add("text", (event) -> event.event().destination().name());
		columns.add("text", (event) -> this.json.write(event.event().options()));
		columns.add("text", (event) -> event.event().contentType());
		columns.add("text", (event) -> this.json.write(event.event().headers()));
		columns.add("timestamptz", (event) -> time(event.event().createdAt()));
		byte[][] payloads = events.stream().map(NewEvent::event).map(OutboxRecord::payload).toArray(byte[][]::new);
		statement.setArray(columns.next, connection.createArrayOf("bytea", payloads));
		return columns.next + 1;
	}

	/**
	 * Cut, not rounded, to what PostgreSQL stores: an event must not be from the future.
	 */
	private static String time(Instant instant) {
		return instant.truncatedTo(ChronoUnit.MICROS).toString();
	}

	/**
	 * Sets one array parameter after the other.
	 */
	private static final class Columns {

		private final PreparedStatement statement;

		private final Connection connection;

		private final List<NewEvent> events;

		private int next = 1;

		private Columns(PreparedStatement statement, Connection connection, List<NewEvent> events) {
			this.statement = statement;
			this.connection = connection;
			this.events = events;
		}

		private void add(String type, Function<NewEvent, @Nullable Object> value) throws SQLException {
			Object[] values = new Object[this.events.size()];
			for (int i = 0; i < values.length; i++) {
				values[i] = value.apply(this.events.get(i));
			}
			this.statement.setArray(this.next++, this.connection.createArrayOf(type, values));
		}

	}

}
