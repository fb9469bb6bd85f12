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

import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The names of the outbox's tables. Checked before they become part of a statement.
 */
public final class TableNames {

	private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,39}");

	private final @Nullable String schema;

	private final String prefix;

	/**
	 * Creates names.
	 * @param schema schema of the tables, {@code null} for the connection's
	 * @param prefix first part of each name, for example {@code outbox_}
	 * @throws IllegalArgumentException if one of them is not a plain identifier
	 */
	public TableNames(@Nullable String schema, String prefix) {
		this.schema = (schema != null) ? check("outbox.store.schema", schema) : null;
		this.prefix = check("outbox.store.table-prefix", prefix);
	}

	private static String check(String property, String value) {
		if (!IDENTIFIER.matcher(value).matches()) {
			throw new IllegalArgumentException(property + " must consist of letters, digits and underscores, start"
					+ " with a letter or an underscore, and have at most 40 characters, but is '" + value
					+ "'. Nothing was sent to the database");
		}
		return value;
	}

	/**
	 * Returns the schema.
	 * @return the schema, {@code null} for the connection's
	 */
	public @Nullable String schema() {
		return this.schema;
	}

	/**
	 * Returns the first part of each name.
	 * @return the prefix
	 */
	public String prefix() {
		return this.prefix;
	}

	/**
	 * Puts the names of tables into a statement: <code>${name}</code> becomes the quoted,
	 * qualified name of the table with the prefix.
	 * @param statement a statement
	 * @return the statement for these tables
	 */
	public String apply(String statement) {
		return apply(statement, '"');
	}

	/**
	 * Puts the names of tables into a statement, as {@link #apply(String)} does.
	 * @param statement a statement
	 * @param quote what the database puts around identifiers
	 * @return the statement for these tables
	 */
	public String apply(String statement, char quote) {
		return apply(statement, (name) -> quote + name + quote);
	}

	/**
	 * Puts the names of tables into a statement, as {@link #apply(String)} does.
	 * @param statement a statement
	 * @param identifier turns a name into an identifier
	 * @return the statement for these tables
	 */
	public String apply(String statement, UnaryOperator<String> identifier) {
		String start = (this.schema != null) ? identifier.apply(this.schema) + '.' : "";
		return Pattern.compile("\\$\\{(\\w+)}")
			.matcher(statement)
			.replaceAll((match) -> Matcher.quoteReplacement(start + identifier.apply(this.prefix + match.group(1))));
	}

	/**
	 * Returns the name of the channel on which commits are announced. Tables that are not
	 * the same may share one: they wake each other for nothing.
	 * @return a plain identifier of at most 60 characters
	 */
	public String channel() {
		String name = (((this.schema != null) ? this.schema + "_" : "") + this.prefix).toLowerCase(Locale.ROOT);
		return name.substring(0, Math.min(50, name.length())) + "commit";
	}

	/**
	 * Returns the number of an advisory lock. Tables that are not the same may share one:
	 * they wait for each other for nothing.
	 * @param purpose what is locked
	 * @return the number
	 */
	public long lock(String purpose) {
		String name = "dev.outbox:" + purpose + ':' + ((this.schema != null) ? this.schema : "") + ':' + this.prefix;
		return ((long) "dev.outbox".hashCode() << 32) | (name.hashCode() & 0xffffffffL);
	}

}
