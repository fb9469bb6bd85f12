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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.outbox.fixtures.jdbc.TestDatabase;

/**
 * What a database knows of the tables in a schema: columns with their types and defaults,
 * indexes, constraints, sequences.
 */
public final class Catalogue {

	private static final String TOOLS = " NOT IN ('orders', 'outbox_schema_history', 'flyway_schema_history',"
			+ " 'databasechangelog', 'DATABASECHANGELOG', 'databasechangeloglock', 'DATABASECHANGELOGLOCK') ";

	private static final List<String> POSTGRESQL = List.of("""
			SELECT table_name, column_name, data_type, is_nullable, column_default,
				is_identity, identity_generation, collation_name, attstorage::text, attcompression::text
			FROM information_schema.columns
				JOIN pg_attribute ON attrelid = format('%I.%I', table_schema, table_name)::regclass
				AND attname = column_name
			WHERE table_schema = ? AND table_name TOOLS ORDER BY table_name, ordinal_position""", """
			SELECT tablename, indexname, replace(indexdef, schemaname || '.', '') AS indexdef
			FROM pg_indexes WHERE schemaname = ? AND tablename TOOLS ORDER BY 1, 2""", """
			SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid)
			FROM pg_constraint JOIN pg_class ON conrelid = pg_class.oid
			WHERE connamespace = ?::regnamespace AND relname TOOLS ORDER BY 1, 2""", """
			SELECT relname, relpersistence::text, reloptions::text
			FROM pg_class WHERE relnamespace = ?::regnamespace AND relkind = 'r' AND relname TOOLS ORDER BY 1""", """
			SELECT sequencename, start_value, increment_by, cycle, cache_size
			FROM pg_sequences WHERE schemaname = ? ORDER BY 1""");

	private static final List<String> MYSQL_FAMILY = List.of("""
			SELECT table_name, engine, table_collation, row_format FROM information_schema.tables
			WHERE table_schema = ? AND table_name TOOLS ORDER BY 1""", """
			SELECT table_name, column_name, column_type, is_nullable, column_default, extra, collation_name,
				generation_expression
			FROM information_schema.columns
			WHERE table_schema = ? AND table_name TOOLS ORDER BY table_name, ordinal_position""", """
			SELECT table_name, index_name, seq_in_index, column_name, non_unique, sub_part
			FROM information_schema.statistics WHERE table_schema = ? AND table_name TOOLS ORDER BY 1, 2, 3""", """
			SELECT constraint_name, check_clause FROM information_schema.check_constraints
			WHERE constraint_schema = ? ORDER BY 1, 2""", """
			SELECT table_name, constraint_name, constraint_type FROM information_schema.table_constraints
			WHERE constraint_schema = ? AND table_name TOOLS ORDER BY 1, 2""");

	private Catalogue() {
	}

	/**
	 * Returns what is there, without what tools for migrations and the tests put beside
	 * it.
	 */
	public static List<List<Map<String, Object>>> of(TestDatabase<?> database, String schema) {
		List<List<Map<String, Object>>> catalogue = new ArrayList<>();
		for (String query : (Product.of(database) == Product.POSTGRESQL) ? POSTGRESQL : MYSQL_FAMILY) {
			catalogue.add(database.query(query.replace("TOOLS", TOOLS), schema));
		}
		return catalogue;
	}

}
