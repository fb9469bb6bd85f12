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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.outbox.OutboxException;

/**
 * The SQL of the migrations with the names of the tables in place, whole and in parts.
 */
final class MigrationScripts {

	private static final String KEYS = "(PRIMARY KEY|UNIQUE|KEY|CONSTRAINT|CHECK)\\b.*";

	/**
	 * A statement in a block that leaves alone what is there already.
	 */
	private static final Pattern BLOCK = Pattern.compile("(?s)^BEGIN EXECUTE IMMEDIATE q'\\[\\s*(.*?)\\s*]'.*");

	private final JdbcDialect dialect;

	private final TableNames tables;

	MigrationScripts(JdbcDialect dialect, TableNames tables) {
		this.dialect = dialect;
		this.tables = tables;
	}

	/**
	 * Returns the number in the name of a migration: 1 for {@code V1__outbox.sql}.
	 */
	static int version(String migration) {
		return Integer.parseInt(migration.substring(1, migration.indexOf("__")));
	}

	List<String> statements(String migration) {
		String schema = this.tables.schema();
		boolean named = schema != null && this.dialect.useSchema(schema) == null;
		return this.dialect.statements(named ? inSchema(script(migration)) : script(migration));
	}

	/**
	 * Returns the statements of all migrations, without the schema.
	 */
	List<String> all() {
		return this.dialect.migrations()
			.stream()
			.flatMap((migration) -> this.dialect.statements(script(migration)).stream())
			.toList();
	}

	/**
	 * Returns whether the migrations quote the name of a table, so that its case counts.
	 */
	boolean quotes(String table) {
		return all().stream().anyMatch((statement) -> statement.matches("(?s).*[\"`\\[]" + table + "[\"`\\]].*"));
	}

	/**
	 * Returns the migrations as they are to be run by hand.
	 */
	String of(List<String> migrations) {
		return inSchema(String.join("\n", migrations.stream().map(this::script).toList()));
	}

	/**
	 * Returns what has to be run where something is missing.
	 * @param done migrations that have been run
	 * @param missing tables and columns that are missing nevertheless
	 * @param pending migrations that have not been run
	 */
	String repair(List<String> done, List<String> missing, List<String> pending) {
		Set<String> parts = new LinkedHashSet<>();
		List<String> statements = done.stream()
			.flatMap((migration) -> this.dialect.statements(script(migration)).stream())
			.toList();
		for (String name : missing) {
			int dot = name.indexOf('.');
			parts.addAll((dot < 0) ? about(name, statements)
					: column(name.substring(0, dot), name.substring(dot + 1), statements));
		}
		StringBuilder sql = new StringBuilder();
		parts.forEach((part) -> sql.append(part).append(part.startsWith("--") ? "" : this.dialect.end()).append('\n'));
		pending.forEach((migration) -> sql.append(script(migration)).append('\n'));
		return inSchema(sql.toString());
	}

	private static List<String> about(String table, List<String> statements) {
		Pattern name = quoted(table);
		return statements.stream().filter((statement) -> name.matcher(statement).find()).toList();
	}

	private static Pattern quoted(String table) {
		return Pattern.compile("[\"`\\[]?\\b" + Pattern.quote(table) + "\\b[\"`\\]]?");
	}

	/**
	 * Takes the definition of the column from the statement that creates its table, and
	 * adds the statements that need the column.
	 */
	private static List<String> column(String table, String column, List<String> statements) {
		Pattern word = Pattern.compile("\\b" + Pattern.quote(column) + "\\b", Pattern.CASE_INSENSITIVE);
		List<String> parts = new ArrayList<>();
		List<String> keys = new ArrayList<>();
		for (String part : about(table, statements)) {
			String statement = BLOCK.matcher(part).replaceFirst("$1");
			if (!statement.startsWith("CREATE ") || !statement.contains(" TABLE ")) {
				Optional.of(part).filter((text) -> word.matcher(text).find()).ifPresent(parts::add);
				continue;
			}
			// A partition has the columns of its table, and no list of its own.
			Matcher name = quoted(table).matcher(statement.substring(0, Math.max(0, statement.indexOf('('))));
			for (String line : name.find() ? statement.lines().skip(1).map(String::strip).toList()
					: List.<String>of()) {
				if (line.matches(KEYS) && word.matcher(line).find()) {
					keys.add("-- " + table + " has, besides: " + line);
				}
				else if (line.matches("(?i)[\"`\\[]?" + Pattern.quote(column) + "[\"`\\]]?\\s.*")) {
					parts.add("ALTER TABLE " + name.group() + " ADD "
							+ line.replaceAll(",$", "").replaceAll("\\s+", " "));
				}
			}
		}
		parts.addAll(keys);
		return parts;
	}

	private String inSchema(String script) {
		return (this.tables.schema() != null) ? this.dialect.inSchema(this.tables.schema(), script) : script;
	}

	/**
	 * Returns a command for a shell that prints all migrations.
	 */
	String command() {
		String print = "unzip -p outbox-core-*.jar '" + OutboxSchema.location(this.dialect)
				+ "/*.sql' | sed 's/${prefix}/" + this.tables.prefix() + "/g'";
		String[] around = inSchema("[").split("\\[", 2);
		if (around[0].isEmpty() && around[1].isEmpty()) {
			return print;
		}
		if (around[0].isEmpty()) {
			// The schema stands with each table.
			return print + " | sed 's/\\[/" + '[' + around[1] + "/g'";
		}
		return "{ echo '" + around[0].strip() + "'; " + print
				+ (around[1].isBlank() ? "" : "; echo '" + around[1].strip() + "'") + "; }";
	}

	private String script(String migration) {
		String path = '/' + OutboxSchema.location(this.dialect) + '/' + migration;
		try (InputStream script = OutboxSchema.class.getResourceAsStream(path)) {
			if (script == null) {
				throw new OutboxException("The migration " + path + " is not on the class path. It is part of the"
						+ " outbox's jar; when that is repackaged, keep its resources");
			}
			return new String(script.readAllBytes(), StandardCharsets.UTF_8).replace("${prefix}", this.tables.prefix());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot read the migration " + path, ex);
		}
	}

}
