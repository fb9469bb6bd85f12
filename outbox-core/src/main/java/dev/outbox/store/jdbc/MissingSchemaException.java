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

	private static final int LONGEST_MESSAGE = 1000;

	private final List<String> missing;

	private final String sql;

	private final String command;

	MissingSchemaException(List<String> missing, String sql, String command) {
		super("The outbox's database has no " + String.join(", no ", missing)
				+ ". Nothing has been changed. Let the outbox create what is missing (outbox.schema.mode=create or"
				+ " flyway) or run its SQL: " + excerpt(sql, command, LONGEST_MESSAGE));
		this.missing = List.copyOf(missing);
		this.sql = sql;
		this.command = command;
	}

	private static String excerpt(String sql, String command, int length) {
		if (sql.length() <= length) {
			return sql;
		}
		int end = sql.lastIndexOf(";\n", length);
		// Behind a block.
		int whole = sql.startsWith("/\n", end + 2) ? end + 4 : end + 2;
		return ((end > 0) ? sql.substring(0, whole) + "-- and so on\n" : "") + "The whole of it is printed by: "
				+ command;
	}

	/**
	 * Returns what is missing.
	 * @return names, as {@code table} or {@code table.column}, or of migrations
	 */
	public List<String> missing() {
		return this.missing;
	}

	/**
	 * Returns the SQL that creates what is missing.
	 * @return the statements that create the missing tables and columns, and those of all
	 * migrations that have not been run, with the names of the tables in place
	 */
	public String sql() {
		return this.sql;
	}

	/**
	 * Returns as much of the SQL as fits, and how to get all of it.
	 * @param length about how many characters there may be
	 * @return whole statements, followed by a command that prints the rest if there is
	 * one
	 */
	public String excerpt(int length) {
		return excerpt(this.sql, this.command, length);
	}

}
