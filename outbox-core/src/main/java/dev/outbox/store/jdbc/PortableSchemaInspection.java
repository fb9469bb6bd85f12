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
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Compares the tables with what the portable statements need.
 */
final class PortableSchemaInspection {

	private final Connection connection;

	private final TableNames tables;

	private final TableColumns needed;

	PortableSchemaInspection(Connection connection, TableNames tables, TableColumns needed) {
		this.connection = connection;
		this.tables = tables;
		this.needed = needed;
	}

	/**
	 * Returns what is there.
	 * @param problem what else is wrong with the server, {@code null} if nothing is
	 */
	SchemaState state(@Nullable String problem) throws SQLException {
		if (problem != null) {
			return new SchemaState(true, List.of(), problem);
		}
		return this.needed.compare(this.tables.prefix(), this::columnsOf);
	}

	private Set<String> columnsOf(String name) throws SQLException {
		DatabaseMetaData metaData = this.connection.getMetaData();
		TablePlace place = TablePlace.of(this.connection, this.tables);
		String table = this.tables.prefix() + name;
		Set<String> columns = new HashSet<>();
		// What escapes an underscore depends on the mode of the session.
		try (ResultSet row = metaData.getColumns(place.catalog(), place.schema(), table, null)) {
			while (row.next()) {
				if (table.equalsIgnoreCase(row.getString("TABLE_NAME"))) {
					columns.add(row.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
				}
			}
		}
		return columns;
	}

}
