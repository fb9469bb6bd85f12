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
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.store.AuditAction;
import dev.outbox.store.Operator;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what operators do, in the transaction in which it is done.
 */
final class AuditWriter {

	private final OperatorWork work;

	AuditWriter(OperatorWork work) {
		this.work = work;
	}

	void write(Connection connection, Operator operator, AuditAction action, Destination destination,
			@Nullable String key) throws SQLException {
		write(connection, operator, action, destination, key, null, null);
	}

	/**
	 * What there is not is left out: a parameter without a value has a type, which not
	 * all databases take for an id.
	 */
	void write(Connection connection, Operator operator, AuditAction action, Destination destination,
			@Nullable String key, @Nullable Letter letter, @Nullable String detail) throws SQLException {
		StringBuilder columns = new StringBuilder("operator, action, transport, destination");
		List<Object> values = new ArrayList<>(
				List.of(operator.name(), action.name(), destination.transport(), destination.name()));
		add(columns, values, "event_key", key);
		add(columns, values, "event_id", (letter != null) ? letter.id() : null);
		add(columns, values, "letter", (letter != null) ? letter.number() : null);
		add(columns, values, "detail", detail);
		this.work.update(connection, this.work.sql("INSERT INTO ${audit} (" + columns + ", happened_at) VALUES ("
				+ "?, ".repeat(values.size()) + this.work.syntax().now() + ")"), values.toArray());
	}

	private static void add(StringBuilder columns, List<Object> values, String column, @Nullable Object value) {
		if (value != null) {
			columns.append(", ").append(column);
			values.add(value);
		}
	}

	/**
	 * Names a dead letter.
	 *
	 * @param number its number
	 * @param id id of its event
	 */
	record Letter(long number, UUID id) {

	}

}
