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

import java.io.Serial;
import java.util.List;

/**
 * Tables or columns of the outbox are missing.
 */
public final class MissingSchemaException extends SchemaException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final List<String> missing;

	private final String sql;

	MissingSchemaException(List<String> missing, String sql) {
		super("The outbox's database has no " + String.join(", no ", missing)
				+ ". Nothing has been changed. Let the outbox create what is missing (outbox.schema.mode=create or"
				+ " flyway) or run its SQL");
		this.missing = List.copyOf(missing);
		this.sql = sql;
	}

	/**
	 * Returns what is missing.
	 * @return names, as {@code table} or {@code table.column}
	 */
	public List<String> missing() {
		return this.missing;
	}

	/**
	 * Returns the SQL that creates what is missing.
	 * @return the statements of all migrations that have not been run, with the names of
	 * the tables in place
	 */
	public String sql() {
		return this.sql;
	}

}
