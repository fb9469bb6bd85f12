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

	private static final List<String> H2 = List.of("""
			SELECT table_name, column_name, data_type, character_maximum_length, datetime_precision, is_nullable,
				column_default, is_identity, identity_generation, identity_increment, identity_cache
			FROM information_schema.columns
			WHERE lower(table_schema) = lower(?) AND table_name TOOLS ORDER BY table_name, ordinal_position""", """
					SELECT table_name, column_name, ordinal_position, is_unique FROM information_schema.index_columns
					WHERE lower(table_schema) = lower(?) AND table_name TOOLS
			ORDER BY table_name, index_name, ordinal_position""", """
			SELECT constraint_name, check_clause FROM information_schema.check_constraints
			WHERE lower(constraint_schema) = lower(?) ORDER BY 1""", """
			SELECT table_name, constraint_type FROM information_schema.table_constraints
			WHERE lower(table_schema) = lower(?) AND table_name TOOLS ORDER BY 1, 2""");

	private static final List<String> SQLITE = List.of("""
			SELECT m.name AS t, c.name, c.type, c."notnull", c.dflt_value, c.pk
			FROM sqlite_schema m JOIN pragma_table_info(m.name) c
			WHERE m.type = 'table' AND m.name TOOLS AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid""", """
			SELECT m.tbl_name AS t, m.name AS i, c.name, c.seqno
			FROM sqlite_schema m JOIN pragma_index_info(m.name) c
			WHERE m.type = 'index' AND m.tbl_name TOOLS ORDER BY 1, 2, 4""");

	private Catalogue() {
	}

	/**
	 * Returns what is there, without what tools for migrations and the tests put beside
	 * it.
	 */
	public static List<List<Map<String, Object>>> of(TestDatabase<?> database, String schema) {
		List<List<Map<String, Object>>> catalogue = new ArrayList<>();
		switch (Product.of(database)) {
			case POSTGRESQL -> POSTGRESQL.forEach((query) -> catalogue.add(database.query(tables(query), schema)));
			case MARIADB, MYSQL ->
				MYSQL_FAMILY.forEach((query) -> catalogue.add(database.query(tables(query), schema)));
			case H2 -> H2.forEach((query) -> catalogue.add(database.query(tables(query), schema)));
			case SQLITE -> SQLITE.forEach((query) -> catalogue.add(database.query(tables(query))));
		}
		return catalogue;
	}

	private static String tables(String query) {
		return query.replace("TOOLS", TOOLS);
	}

}
