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

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import dev.outbox.store.jdbc.IndexCatalogue.Index;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.TransactionMode;
import org.jspecify.annotations.Nullable;

/**
 * Asks the system catalogue, in transactions that change nothing and end soon.
 */
final class Catalogue {

	/**
	 * Also on a standby.
	 */
	static final TransactionMode MODE = TransactionMode
		.settings("SET TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY; SET LOCAL statement_timeout = '4s'");

	private final JdbcWork work;

	Catalogue(DataSource dataSource) {
		this.work = new JdbcWork(dataSource);
	}

	<T> List<T> query(String sql, Row<T> reader, @Nullable Object... parameters) {
		return this.work.inTransaction(MODE, (connection) -> query(connection, sql, reader, parameters));
	}

	static <T> List<T> query(Connection connection, String sql, Row<T> reader, @Nullable Object... parameters)
			throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setObject(i + 1, parameters[i]);
			}
			try (ResultSet row = statement.executeQuery()) {
				List<T> found = new ArrayList<>();
				while (row.next()) {
					found.add(reader.read(row));
				}
				return found;
			}
		}
	}

	/**
	 * Returns the indexes that can be used: one whose CREATE INDEX CONCURRENTLY has
	 * failed is there, and no query uses it.
	 */
	static List<Index> indexes(Connection connection, TableNames tables, String table) throws SQLException {
		Map<String, List<String>> columns = new LinkedHashMap<>();
		List<String> primary = new ArrayList<>();
		String name = tables.apply("${" + table.substring(tables.prefix().length()) + "}");
		query(connection, """
				SELECT i.relname, a.attname, x.indisprimary
				FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
				CROSS JOIN LATERAL unnest(x.indkey::smallint[]) WITH ORDINALITY k(attnum, position)
				JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum
				WHERE x.indrelid = to_regclass(?) AND x.indisvalid ORDER BY i.relname, k.position""", (row) -> {
			columns.computeIfAbsent(row.getString(1), (index) -> new ArrayList<>()).add(row.getString(2));
			return row.getBoolean(3) && primary.add(row.getString(1));
		}, name);
		List<Index> indexes = new ArrayList<>();
		columns.forEach((index, ordered) -> indexes.add(new Index(index, primary.contains(index), ordered)));
		return indexes;
	}

	/**
	 * Reads a row.
	 *
	 * @param <T> what it is
	 */
	@FunctionalInterface
	interface Row<T> {

		T read(ResultSet row) throws SQLException;

	}

}
