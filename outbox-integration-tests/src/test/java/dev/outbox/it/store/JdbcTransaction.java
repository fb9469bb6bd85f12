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

package dev.outbox.it.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.store.NewEvent;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.test.contract.Transaction;

/**
 * A transaction on a connection of its own.
 */
public final class JdbcTransaction extends Transaction {

	private final Connection connection;

	private final EventWriter writer;

	public JdbcTransaction(DataSource dataSource, EventWriter writer) {
		this.writer = writer;
		try {
			this.connection = dataSource.getConnection();
			this.connection.setAutoCommit(false);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	Connection connection() {
		return this.connection;
	}

	@Override
	public JdbcTransaction insert(String key, String payload) {
		super.insert(key, payload);
		return this;
	}

	@Override
	public JdbcTransaction insertMany(int count, String key) {
		super.insertMany(count, key);
		return this;
	}

	@Override
	public void append(List<NewEvent> events) {
		perform(() -> this.writer.append(this.connection, events));
	}

	@Override
	public void schedule(List<NewEvent> events) {
		perform(() -> this.writer.schedule(this.connection, events));
	}

	@Override
	public Optional<UUID> claim(String key, UUID id) {
		try {
			return this.writer.claim(this.connection, key, id);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Sets the isolation of the session, before the first statement.
	 */
	public JdbcTransaction readCommitted() {
		perform(() -> this.connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED));
		return this;
	}

	public JdbcTransaction sql(String sql) {
		perform(() -> {
			try (Statement statement = this.connection.createStatement()) {
				statement.execute(sql);
			}
		});
		return this;
	}

	@Override
	public JdbcTransaction savepoint(String name) {
		return sql(product().savepoint(name));
	}

	@Override
	public JdbcTransaction rollBackTo(String savepoint) {
		return sql(product().rollBackTo(savepoint));
	}

	@Override
	public JdbcTransaction release(String savepoint) {
		return sql(product().release(savepoint));
	}

	private Product product() {
		try {
			return Product.of(this.connection.getMetaData().getURL());
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void commit() {
		perform(this.connection::commit);
	}

	@Override
	public void close() {
		perform(() -> {
			this.connection.rollback();
			this.connection.close();
		});
	}

	private static void perform(Operation operation) {
		try {
			operation.perform();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Something that the driver may refuse.
	 */
	private interface Operation {

		void perform() throws SQLException;

	}

}
