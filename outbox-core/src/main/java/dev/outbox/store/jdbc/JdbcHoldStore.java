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

import javax.sql.DataSource;

import dev.outbox.Destination;
import dev.outbox.store.AuditAction;
import dev.outbox.store.HoldStore;
import dev.outbox.store.Operator;

/**
 * What operators hold back, on any database.
 */
public final class JdbcHoldStore implements HoldStore {

	private final OperatorWork work;

	private final AuditWriter audit;

	private final String pause;

	private final String resume;

	private final String unblock;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @param syntax what the database says differently
	 */
	public JdbcHoldStore(DataSource dataSource, TableNames tables, CommonSyntax syntax) {
		this.work = new OperatorWork(dataSource, tables, syntax);
		this.audit = new AuditWriter(this.work);
		this.pause = this.work.sql(syntax.insertIfAbsent()
				+ " ${destination_state} (transport, destination, paused_by, paused_at) VALUES (?, ?, ?, "
				+ syntax.now() + ")" + syntax.ifAbsent());
		this.resume = this.work.sql("DELETE FROM ${destination_state} WHERE transport = ? AND destination = ?");
		this.unblock = this.work.sql(syntax.deleteByIndex("${blocked_key}", "blocked_key_key")
				+ " WHERE transport = ? AND destination = ? AND event_key = ?");
	}

	@Override
	public boolean pause(Destination destination, Operator operator) {
		return this.work.inTransaction((connection) -> {
			if (!insertPause(connection, destination, operator)) {
				return false;
			}
			this.audit.write(connection, operator, AuditAction.PAUSE, destination, null);
			return true;
		});
	}

	private boolean insertPause(Connection connection, Destination destination, Operator operator) throws SQLException {
		try {
			return this.work.update(connection, this.pause, destination.transport(), destination.name(),
					operator.name()) == 1;
		}
		catch (SQLException ex) {
			if (this.work.syntax().isDuplicate(ex)) {
				return false;
			}
			throw ex;
		}
	}

	@Override
	public boolean resume(Destination destination, Operator operator) {
		return this.work.inTransaction((connection) -> {
			if (this.work.update(connection, this.resume, destination.transport(), destination.name()) == 0) {
				return false;
			}
			this.audit.write(connection, operator, AuditAction.RESUME, destination, null);
			return true;
		});
	}

	@Override
	public boolean unblock(Destination destination, String key, Operator operator) {
		return this.work.inTransaction((connection) -> {
			if (this.work.update(connection, this.unblock, destination.transport(), destination.name(), key) == 0) {
				return false;
			}
			this.audit.write(connection, operator, AuditAction.UNBLOCK, destination, key);
			return true;
		});
	}

}
