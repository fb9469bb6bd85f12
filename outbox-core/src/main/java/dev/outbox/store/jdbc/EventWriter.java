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
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;

/**
 * Writes events to one kind of database, on a connection that is in the application's
 * transaction: neither commits nor changes a setting.
 */
public interface EventWriter {

	/**
	 * Writes events that are due, by one statement. Sequence numbers ascend in the order
	 * of the list and are taken inside the statement.
	 * @param connection the application's connection
	 * @param events the events, not empty
	 * @throws SQLException if the database refuses
	 */
	void append(Connection connection, List<NewEvent> events) throws SQLException;

	/**
	 * Writes events that are not due yet, by one statement.
	 * @param connection the application's connection
	 * @param events the events, not empty, each with a time
	 * @throws SQLException if the database refuses
	 */
	void schedule(Connection connection, List<NewEvent> events) throws SQLException;

	/**
	 * Claims an idempotency key. Waits for a concurrent transaction that has claimed it.
	 * @param connection the application's connection
	 * @param idempotencyKey the key
	 * @param id who claims it
	 * @return empty if the key was free or had expired, else who holds it
	 * @throws SQLException if the database refuses
	 */
	Optional<UUID> claim(Connection connection, String idempotencyKey, UUID id) throws SQLException;

	/**
	 * Returns what a failure of a statement has done to the application's transaction.
	 * @param failure what the driver has thrown
	 * @return what the database would commit, if it were asked to
	 */
	EventStore.Damage damage(SQLException failure);

}
