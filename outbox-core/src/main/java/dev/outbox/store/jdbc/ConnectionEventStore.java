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
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.OutboxException;
import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/**
 * Writes events on a connection that is in the application's transaction, and that
 * somebody else closes.
 */
public final class ConnectionEventStore implements EventStore {

	/**
	 * Class of the SQL states of transactions that may succeed when they are repeated:
	 * the application recognises them by Spring's exceptions.
	 */
	private static final String ROLLED_BACK = "40";

	private final Connection connection;

	private final EventWriter writer;

	/**
	 * Creates the store.
	 * @param connection a connection in the application's transaction
	 * @param writer what to run on it
	 */
	public ConnectionEventStore(Connection connection, EventWriter writer) {
		this.connection = connection;
		this.writer = writer;
	}

	@Override
	public void append(List<NewEvent> events) {
		List<NewEvent> due = new ArrayList<>(events.size());
		List<NewEvent> scheduled = new ArrayList<>();
		for (NewEvent event : events) {
			((event.deliverAt() != null) ? scheduled : due).add(event);
		}
		run("store " + events.size() + " event(s)", (connection) -> {
			if (!due.isEmpty()) {
				this.writer.append(connection, due);
			}
			if (!scheduled.isEmpty()) {
				this.writer.schedule(connection, scheduled);
			}
			return true;
		});
	}

	@Override
	public Optional<UUID> claim(String idempotencyKey, UUID id) {
		return run("claim an idempotency key", (connection) -> this.writer.claim(connection, idempotencyKey, id));
	}

	@Override
	public Damage damage(RuntimeException failure) {
		return damage(failure, this.writer);
	}

	static Damage damage(RuntimeException failure, EventWriter writer) {
		return (failure.getCause() instanceof SQLException ex) ? writer.damage(ex) : Damage.NONE;
	}

	private <T> T run(String what, JdbcWork.Work<T> work) {
		try {
			return work.run(this.connection);
		}
		catch (SQLException ex) {
			if (ex.getSQLState() != null && ex.getSQLState().startsWith(ROLLED_BACK)) {
				DataAccessException translated = new SQLStateSQLExceptionTranslator().translate(what, null, ex);
				if (translated != null) {
					throw translated;
				}
			}
			throw new OutboxException("Could not " + what + " in the transaction of the calling thread (SQL state "
					+ ex.getSQLState() + "). Nothing has been stored, and the transaction must roll back", ex);
		}
	}

}
