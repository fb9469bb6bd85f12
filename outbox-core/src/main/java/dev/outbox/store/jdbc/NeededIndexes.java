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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The indexes that the migrations create, read from the migrations themselves.
 */
final class NeededIndexes {

	private static final String NAME = "[\"`\\[]?(\\w+)[\"`\\]]?";

	private static final Pattern TABLE = Pattern
		.compile("CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?" + NAME + "\\s*\\(");

	private static final Pattern INDEX = Pattern
		.compile("CREATE (?:UNIQUE )?INDEX (?:IF NOT EXISTS )?" + NAME + " ON " + NAME + " \\(([^)]+)\\)[^\\]]*");

	private static final Pattern KEY = Pattern.compile("\\n\\s*(?:UNIQUE )?KEY (\\w+) \\(([^)]+)\\)");

	private NeededIndexes() {
	}

	/**
	 * Finds the indexes in statements.
	 */
	static List<Needed> in(List<String> statements) {
		List<Needed> found = new ArrayList<>();
		for (String statement : statements) {
			Matcher index = INDEX.matcher(statement);
			if (index.find()) {
				found.add(new Needed(index.group(2), index.group(1), columns(index.group(3)), index.group().strip()));
				continue;
			}
			Matcher created = TABLE.matcher(statement);
			if (created.find()) {
				String table = created.group(1);
				if (statement.contains("PRIMARY KEY")) {
					found.add(new Needed(table, Needed.PRIMARY_KEY, List.of(),
							"ALTER TABLE " + table + " ADD PRIMARY KEY, with the columns of the migration"));
				}
				Matcher key = KEY.matcher(statement);
				while (key.find()) {
					found.add(new Needed(table, key.group(1), columns(key.group(2)),
							"CREATE INDEX " + key.group(1) + " ON " + table + " (" + key.group(2) + ")"));
				}
			}
		}
		return found;
	}

	private static List<String> columns(String list) {
		return Arrays.stream(list.split(",")).map((column) -> column.strip().toLowerCase(Locale.ROOT)).toList();
	}

	/**
	 * An index that has to be there.
	 *
	 * @param table name of the table
	 * @param name its name
	 * @param columns its columns
	 * @param statement what creates it
	 */
	record Needed(String table, String name, List<String> columns, String statement) {

		static final String PRIMARY_KEY = "PRIMARY KEY";

		boolean isPrimary() {
			return this.name.equals(PRIMARY_KEY);
		}

		/**
		 * Returns whether another index does as well: one that begins with the same
		 * columns.
		 * @param byName whether statements name the index
		 */
		boolean isMetBy(IndexCatalogue.Index index, boolean byName) {
			if (isPrimary()) {
				return index.primary();
			}
			if (byName && !index.name().equalsIgnoreCase(this.name)) {
				return false;
			}
			List<String> there = index.columns();
			return there.size() >= this.columns.size() && there.subList(0, this.columns.size()).equals(this.columns);
		}

	}

}
