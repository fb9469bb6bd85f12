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

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The columns that the outbox needs in its tables, and what is missing of them.
 */
public final class TableColumns {

	private static final String EVENT = EventRows.COLUMNS + ", payload, ";

	private final Map<String, List<String>> columns = new LinkedHashMap<>();

	/**
	 * Creates the list.
	 * @param more what one database needs besides, by table
	 */
	public TableColumns(Map<String, String> more) {
		add("event", EVENT + "seq, waiting_since, attempts, crashes, first_failed_at, next_attempt_at, last_error");
		add("scheduled", EVENT + "number, deliver_at");
		add("dead_letter", EVENT + "number, seq, attempts, first_failed_at, died_at, error, fingerprint, stack_trace, "
				+ "forward_at, forward_attempts");
		add("archive", EVENT + "number, seq, archived_at");
		add("replay", "name, selection, replayed_to, last_number, event_count, started_at");
		add("idempotency", "idempotency_key, id, created_at");
		add("instance", "id, name, transports, joined_at, expires_at");
		add("partition", "transport, part, owner, epoch");
		add("blocked_key", "transport, destination, event_key, blocked_at, seq, id");
		add("destination_state", "transport, destination, paused_at, paused_by");
		add("audit",
				"number, happened_at, operator, action, transport, destination, event_key, event_id, letter, detail");
		add("backlog", "number, claimed_at, measured_at, content");
		add("setting", "name, value");
		more.forEach(this::add);
	}

	private void add(String table, String names) {
		this.columns.computeIfAbsent(table, (key) -> new ArrayList<>()).addAll(List.of(names.split(", ")));
	}

	/**
	 * Compares the list with what is there.
	 * @param prefix first part of the names of the tables
	 * @param actual asks for the columns of a table, none if there is no such table
	 * @return what is there and what is not; without a problem
	 * @throws SQLException if the database refuses
	 */
	public SchemaState compare(String prefix, Actual actual) throws SQLException {
		List<String> missing = new ArrayList<>();
		boolean exists = false;
		for (Map.Entry<String, List<String>> table : this.columns.entrySet()) {
			String name = prefix + table.getKey();
			Set<String> found = actual.columnsOf(table.getKey());
			exists |= !found.isEmpty();
			if (found.isEmpty()) {
				missing.add(name);
				continue;
			}
			table.getValue()
				.stream()
				.filter((column) -> !found.contains(column))
				.forEach((column) -> missing.add(name + '.' + column));
		}
		return new SchemaState(exists, missing, null);
	}

	/**
	 * Asks for the columns of a table.
	 */
	@FunctionalInterface
	public interface Actual {

		/**
		 * Returns the names of columns.
		 * @param table the table, without the prefix
		 * @return the names in lower case, none if there is no such table
		 * @throws SQLException if the database refuses
		 */
		Set<String> columnsOf(String table) throws SQLException;

	}

}
