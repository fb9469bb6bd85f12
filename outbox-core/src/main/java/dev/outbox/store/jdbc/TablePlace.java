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
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Where the catalogue of a database has the outbox's tables. Some databases call a schema
 * a catalog.
 *
 * @param catalog the catalog, {@code null} for any
 * @param schema the schema, {@code null} for any
 */
record TablePlace(@Nullable String catalog, @Nullable String schema) {

	static TablePlace of(Connection connection, TableNames tables) throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		boolean catalogs = !metaData.supportsSchemasInTableDefinitions();
		String own = tables.schema();
		return new TablePlace((catalogs && own != null) ? own : connection.getCatalog(),
				catalogs ? null : (own != null) ? own : connection.getSchema());
	}

}
