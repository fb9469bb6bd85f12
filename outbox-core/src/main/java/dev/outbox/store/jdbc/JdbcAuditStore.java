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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import javax.sql.DataSource;

import dev.outbox.store.AuditAction;
import dev.outbox.store.AuditEntry;
import dev.outbox.store.AuditStore;

/**
 * What operators have changed, on any database.
 */
public final class JdbcAuditStore implements AuditStore {

	private final OperatorWork work;

	private final String list;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @param syntax what the database says differently
	 */
	public JdbcAuditStore(DataSource dataSource, TableNames tables, CommonSyntax syntax) {
		this.work = new OperatorWork(dataSource, tables, syntax);
		this.list = this.work
			.sql("SELECT number, happened_at, operator, action, transport, destination, event_key, detail,"
					+ " letter, event_id FROM ${audit} WHERE number < ? ORDER BY number DESC" + syntax.first("?"));
	}

	@Override
	public List<AuditEntry> list(long beforeNumber, int limit) {
		return this.work
			.reading((connection) -> this.work.query(connection, this.list, this::entry, beforeNumber, limit));
	}

	private AuditEntry entry(ResultSet row) throws SQLException {
		long letter = row.getLong(9);
		boolean aboutEvent = !row.wasNull();
		return new AuditEntry(row.getLong(1), this.work.time(row, 2), OperatorWork.text(row, 3),
				AuditAction.valueOf(OperatorWork.text(row, 4)), OperatorWork.destination(row, 5), row.getString(7),
				aboutEvent ? this.work.syntax().format().uuid(row, 10) : null, aboutEvent ? letter : null,
				row.getString(8));
	}

}
