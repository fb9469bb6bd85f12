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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells which indexes of a table there are and can be used.
 */
@FunctionalInterface
public interface IndexCatalogue {

	/**
	 * Reads the indexes of a table.
	 * @param connection a connection in a transaction
	 * @param tables names of the tables
	 * @param table name of the table, with the prefix
	 * @return the indexes, among them the primary key
	 * @throws SQLException if the database refuses
	 */
	List<Index> indexes(Connection connection, TableNames tables, String table) throws SQLException;

	/**
	 * Returns what drivers say, which is the same on most databases.
	 * @return the catalogue
	 */
	static IndexCatalogue ofDriver() {
		return (connection, tables, table) -> {
			DatabaseMetaData metaData = connection.getMetaData();
			TablePlace place = TablePlace.of(connection, tables);
			Map<String, Map<Integer, String>> columns = new LinkedHashMap<>();
			// Approximate: the database must not count the rows for this.
			try (ResultSet row = metaData.getIndexInfo(place.catalog(), place.schema(), table, false, true)) {
				while (row.next()) {
					String index = row.getString("INDEX_NAME");
					String column = row.getString("COLUMN_NAME");
					if (index != null && column != null) {
						columns.computeIfAbsent(index, (name) -> new TreeMap<>())
							.put(row.getInt("ORDINAL_POSITION"), column.toLowerCase(Locale.ROOT));
					}
				}
			}
			List<Index> indexes = new ArrayList<>();
			columns.forEach((index, ordered) -> indexes.add(new Index(index, false, List.copyOf(ordered.values()))));
			List<String> key = new ArrayList<>();
			try (ResultSet row = metaData.getPrimaryKeys(place.catalog(), place.schema(), table)) {
				while (row.next()) {
					key.add(row.getString("COLUMN_NAME").toLowerCase(Locale.ROOT));
				}
			}
			if (!key.isEmpty()) {
				indexes.add(new Index("PRIMARY KEY", true, key));
			}
			return indexes;
		};
	}

	/**
	 * An index.
	 *
	 * @param name its name
	 * @param primary whether it is the primary key
	 * @param columns its columns, the leading one first
	 */
	record Index(String name, boolean primary, List<String> columns) {

		public Index {
			columns = List.copyOf(columns);
		}

	}

}
