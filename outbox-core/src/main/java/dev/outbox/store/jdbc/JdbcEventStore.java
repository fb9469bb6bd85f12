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
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import javax.sql.DataSource;

import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;

import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Writes events on the connection of the calling thread's transaction.
 */
public final class JdbcEventStore implements EventStore {

	private final DataSource dataSource;

	private final EventWriter writer;

	/**
	 * Creates the store.
	 * @param dataSource the data source that the transaction manager binds connections of
	 * @param writer what to run on them
	 */
	public JdbcEventStore(DataSource dataSource, EventWriter writer) {
		this.dataSource = JdbcStoreTransactions.bound(dataSource);
		this.writer = writer;
	}

	@Override
	public void append(List<NewEvent> events) {
		onConnection((store) -> {
			store.append(events);
			return true;
		});
	}

	@Override
	public Optional<UUID> claim(String idempotencyKey, UUID id) {
		return onConnection((store) -> store.claim(idempotencyKey, id));
	}

	@Override
	public Damage damage(RuntimeException failure) {
		return ConnectionEventStore.damage(failure, this.writer);
	}

	private <T> T onConnection(Function<EventStore, T> work) {
		Connection connection = DataSourceUtils.getConnection(this.dataSource);
		try {
			return work.apply(new ConnectionEventStore(connection, this.writer));
		}
		finally {
			DataSourceUtils.releaseConnection(connection, this.dataSource);
		}
	}

}
