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

import java.sql.PreparedStatement;

import javax.sql.DataSource;

import dev.outbox.Destination;
import dev.outbox.store.HoldStore;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TableNames;

/**
 * What an operator holds back, in PostgreSQL.
 */
public final class PostgresHoldStore implements HoldStore {

	private final JdbcWork work;

	private final String pause;

	private final String resume;

	private final String unblock;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 */
	public PostgresHoldStore(DataSource dataSource, TableNames tables) {
		this.work = new JdbcWork(dataSource);
		this.pause = tables.apply("""
				INSERT INTO ${destination_state} (transport, destination, paused_at)
				VALUES (?, ?, clock_timestamp()) ON CONFLICT DO NOTHING""");
		this.resume = tables.apply("DELETE FROM ${destination_state} WHERE transport = ? AND destination = ?");
		this.unblock = tables.apply("""
				DELETE FROM ${blocked_key} WHERE transport = ? AND destination = ? AND event_key = ?""");
	}

	@Override
	public boolean pause(Destination destination) {
		return update(this.pause, destination.transport(), destination.name());
	}

	@Override
	public boolean resume(Destination destination) {
		return update(this.resume, destination.transport(), destination.name());
	}

	@Override
	public boolean unblock(Destination destination, String key) {
		return update(this.unblock, destination.transport(), destination.name(), key);
	}

	private boolean update(String sql, String... parameters) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(sql)) {
				for (int i = 0; i < parameters.length; i++) {
					statement.setString(i + 1, parameters[i]);
				}
				return statement.executeUpdate() == 1;
			}
		});
	}

}
