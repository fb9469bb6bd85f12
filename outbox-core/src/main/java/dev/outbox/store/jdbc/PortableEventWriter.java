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

package dev.outbox.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;
import org.jspecify.annotations.Nullable;

/**
 * Writes events by statements of many rows, each as large as every server takes.
 */
final class PortableEventWriter implements EventWriter {

	private static final int MAX_ROWS = 200;

	private static final int MAX_BYTES = 1 << 20;

	private static final int FIXED_BYTES = 500;

	private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

	private static final int LONG_NAME = 700;

	private static final int NAME = 250;

	private static final int TRANSPORT = 100;

	private static final String INDISTINCT = " Nothing has been stored, and the transaction must roll back. Use one that"
			+ " ends otherwise";

	private static final String COLUMNS = EventRows.COLUMNS + ", payload";

	private final JsonValues json = new JsonValues();

	private final List<Long> retentions;

	private final TableNames tables;

	private final String claim;

	private final String holder;

	private final String sign;

	private final SqlSyntax syntax;

	PortableEventWriter(TableNames tables, SqlSyntax syntax, Duration idempotencyRetention) {
		this.syntax = syntax;
		this.tables = tables;
		this.claim = syntax.sql(tables, syntax.claimKey());
		this.retentions = Collections.nCopies((int) this.claim.chars().filter((c) -> c == '?').count() - 2,
				idempotencyRetention.toMillis());
		this.holder = syntax.sql(tables,
				"SELECT id FROM ${idempotency}" + syntax.sharing() + " WHERE idempotency_key = ?" + syntax.forShare());
		this.sign = syntax.sql(tables, "UPDATE ${idempotency} SET id = ? WHERE idempotency_key = ?");
	}

	@Override
	public void append(Connection connection, List<NewEvent> events) throws SQLException {
		write(connection, "${event}", COLUMNS, events);
	}

	@Override
	public void schedule(Connection connection, List<NewEvent> events) throws SQLException {
		write(connection, "${scheduled}", COLUMNS + ", deliver_at", events);
	}

	private void write(Connection connection, String table, String columns, List<NewEvent> events) throws SQLException {
		repeatable(() -> writeAll(connection, table, columns, events));
	}

	private int writeAll(Connection connection, String table, String columns, List<NewEvent> events)
			throws SQLException {
		events.forEach(this::check);
		int maxRows = Math.min(MAX_ROWS, this.syntax.mostParameters() / columns.split(",").length);
		List<NewEvent> portion = new ArrayList<>();
		long bytes = 0;
		for (NewEvent event : events) {
			long size = size(event.event());
			if (!portion.isEmpty() && (portion.size() == maxRows || bytes + size > MAX_BYTES)) {
				insert(connection, table, columns, portion);
				portion.clear();
				bytes = 0;
			}
			portion.add(event);
			bytes += size;
		}
		insert(connection, table, columns, portion);
		return events.size();
	}

	/**
	 * Roughly, in bytes of a statement.
	 */
	private static long size(OutboxRecord row) {
		long size = row.payload().length + FIXED_BYTES;
		for (Map.Entry<String, Object> header : row.headers().entrySet()) {
			size += header.getKey().length() + String.valueOf(header.getValue()).length();
		}
		return size;
	}

	private void insert(Connection connection, String table, String columns, List<NewEvent> events)
			throws SQLException {
		boolean batch = this.syntax.insertsInBatches();
		String sql = this.syntax.sql(this.tables, this.syntax.insertRows(table, columns, batch ? 1 : events.size()));
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			int next = 1;
			for (NewEvent event : events) {
				next = set(statement, batch ? 1 : next, event);
				if (batch) {
					statement.addBatch();
				}
			}
			if (batch) {
				statement.executeBatch();
			}
			else {
				statement.executeUpdate();
			}
		}
	}

	/**
	 * A server that is not strict would cut what is too long, and say nothing.
	 */
	private void check(NewEvent event) {
		OutboxRecord row = event.event();
		if (event.deliverAt() != null && event.deliverAt().isAfter(LATEST)) {
			throw new OutboxException("Event " + row.id() + " is to be delivered at " + event.deliverAt()
					+ ", but this database stores no time after " + LATEST
					+ ". Nothing has been stored, and the transaction must roll back. Use an earlier time");
		}
		checkKey(row, "key", row.key(), LONG_NAME);
		check(row, "aggregate type", row.aggregateType(), LONG_NAME);
		check(row, "aggregate id", row.aggregateId(), LONG_NAME);
		check(row, "event type", row.eventType(), LONG_NAME);
		checkKey(row, "transport", row.destination().transport(), TRANSPORT);
		checkKey(row, "destination", row.destination().name(), NAME);
		check(row, "content type", row.contentType(), NAME);
	}

	private void checkKey(OutboxRecord row, String what, @Nullable String value, int limit) {
		check(row, what, value, limit);
		if (value != null && !this.syntax.distinguishes(value)) {
			throw new OutboxException("The " + what + " of event " + row.id() + indistinct(value));
		}
	}

	private static String indistinct(String value) {
		return (value.isEmpty() ? " is empty, which this database takes for none at all."
				: " ends with a blank, without which this database takes it for the same.") + INDISTINCT;
	}

	private void check(OutboxRecord row, String what, @Nullable String value, int limit) {
		if (value != null && value.isEmpty() && !this.syntax.distinguishes(value)) {
			throw new OutboxException("The " + what + " of event " + row.id() + indistinct(value));
		}
		if (value != null && this.syntax.length(value) > limit) {
			throw new OutboxException("The " + what + " of event " + row.id() + " has " + this.syntax.length(value)
					+ " characters, but this database stores " + limit
					+ ". Nothing has been stored, and the transaction must roll back. Use a shorter one");
		}
	}

	private int set(PreparedStatement statement, int first, NewEvent event) throws SQLException {
		OutboxRecord row = event.event();
		int next = PortableWork.set(statement, first, row.id(), event.part(), row.key(), row.aggregateType(),
				row.aggregateId(), row.eventType(), row.eventVersion(), row.destination().transport(),
				row.destination().name(), this.json.write(row.options()), row.contentType(),
				this.json.write(row.headers()), this.syntax.format().parameter(row.createdAt()), row.payload());
		return (event.deliverAt() != null)
				? PortableWork.set(statement, next, this.syntax.format().parameter(event.deliverAt())) : next;
	}

	/**
	 * Waits for a concurrent transaction that claims the same key, and then asks for what
	 * is committed now, which the snapshot of the application's transaction may not have.
	 */
	@Override
	public Optional<UUID> claim(Connection connection, String idempotencyKey, UUID id) throws SQLException {
		if (!this.syntax.distinguishes(idempotencyKey)) {
			throw new OutboxException("The idempotency key of event " + id + indistinct(idempotencyKey));
		}
		if (this.syntax.length(idempotencyKey) > LONG_NAME) {
			throw new OutboxException("The idempotency key of event " + id + " has more than " + LONG_NAME
					+ " characters, which this database does not store. Nothing has been stored. Use a shorter one");
		}
		return repeatable(() -> claimOrWait(connection, idempotencyKey, id));
	}

	@Override
	public EventStore.Damage damage(SQLException failure) {
		return this.syntax.rollsBack(failure) ? EventStore.Damage.ROLLED_BACK : EventStore.Damage.PARTLY_WRITTEN;
	}

	/**
	 * Lets an application that repeats transactions recognise one that may succeed then.
	 */
	private <T> T repeatable(Statements<T> statements) throws SQLException {
		try {
			return statements.run();
		}
		catch (SQLException ex) {
			throw this.syntax.isConflict(ex)
					? new SQLTransactionRollbackException(ex.getMessage(), "40001", ex.getErrorCode(), ex) : ex;
		}
	}

	private Optional<UUID> claimOrWait(Connection connection, String idempotencyKey, UUID id) throws SQLException {
		// The id may be chosen by the application, and have claimed the key before.
		UUID mark = UUID.randomUUID();
		while (true) {
			claimUnlessHeld(connection, idempotencyKey, mark);
			List<UUID> holder = PortableWork.query(connection, this.holder, (row) -> this.syntax.format().uuid(row, 1),
					idempotencyKey);
			// None if it has been removed between the two statements.
			if (!holder.isEmpty()) {
				if (!holder.get(0).equals(mark)) {
					return Optional.of(holder.get(0));
				}
				PortableWork.update(connection, this.sign, id, idempotencyKey);
				return Optional.empty();
			}
		}
	}

	private void claimUnlessHeld(Connection connection, String idempotencyKey, UUID mark) throws SQLException {
		try {
			PortableWork.update(connection, this.claim, idempotencyKey, mark, this.retentions);
		}
		catch (SQLException ex) {
			if (!this.syntax.isDuplicate(ex)) {
				throw ex;
			}
			// Committed after the statement has looked, which the next one sees unless
			// the transaction must not.
			PortableWork.update(connection, this.claim, idempotencyKey, mark, this.retentions);
		}
	}

	@FunctionalInterface
	private interface Statements<T> {

		T run() throws SQLException;

	}

}
