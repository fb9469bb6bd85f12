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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;
import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the server removes the rows of delivered events, and does so soon.
 */
final class VacuumExamination implements Examination {

	private static final String SCALE = "autovacuum_vacuum_scale_factor";

	private static final String THRESHOLD = "autovacuum_vacuum_threshold";

	private static final String DELAY = "autovacuum_vacuum_cost_delay";

	/**
	 * How many rows wait at a bad time.
	 */
	private static final double BACKLOG = 1_000_000;

	/**
	 * How many times as many dead rows as the migrations have in mind are too many.
	 */
	private static final double TOLERANCE = 5;

	/**
	 * The server's own pause, with which vacuum keeps up with most outboxes.
	 */
	private static final double LONGEST_DELAY = 2;

	private static final Pattern TABLE = Pattern.compile("CREATE (?:UNLOGGED )?TABLE \"(\\w+)\"");

	private static final Pattern OPTIONS = Pattern.compile("\\) WITH \\(([^)]*)\\)");

	private final Catalogue catalogue;

	private final TableNames tables;

	private final Set<String> names = new TreeSet<>();

	private final Map<String, String> wanted = new LinkedHashMap<>();

	/**
	 * Creates the examination.
	 * @param script what creates the tables
	 */
	VacuumExamination(Catalogue catalogue, TableNames tables, String script) {
		this.catalogue = catalogue;
		this.tables = tables;
		Matcher table = TABLE.matcher(script);
		while (table.find()) {
			this.names.add(tables.apply("${" + table.group(1).substring(tables.prefix().length()) + "}"));
		}
		Matcher options = OPTIONS.matcher(script);
		if (options.find()) {
			for (String option : options.group(1).split(",")) {
				String[] parts = option.strip().split("\\s*=\\s*");
				this.wanted.put(parts[0], parts[1]);
			}
		}
	}

	@Override
	public String name() {
		return "autovacuum";
	}

	@Override
	public List<Finding> examine() {
		List<Finding> findings = new ArrayList<>();
		Map<String, String> server = new HashMap<>();
		this.catalogue.query("""
				SELECT name, setting FROM pg_settings
				WHERE name IN ('autovacuum', 'track_counts', 'vacuum_cost_delay')
				OR name LIKE 'autovacuum\\_vacuum\\_%'""", (row) -> server.put(row.getString(1), row.getString(2)));
		for (String name : List.of("autovacuum", "track_counts")) {
			if ("off".equals(server.get(name))) {
				findings.add(Finding.error("autovacuum-off", name,
						"It is off on the server, so that nothing removes the rows of delivered"
								+ " events. Reads get slower without end, and the disk fills",
						"Set " + name + "=on in postgresql.conf and reload it, or undo ALTER DATABASE"
								+ " or ALTER ROLE"));
			}
		}
		findings.addAll(this.catalogue.query("""
				SELECT c.oid::regclass::text FROM pg_class c
				WHERE (c.oid = ANY (SELECT to_regclass(name) FROM unnest(string_to_array(?, ' ')) name)
						OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass(?)))
					AND EXISTS (SELECT FROM unnest(c.reloptions) o
						WHERE split_part(o, '=', 1) = 'autovacuum_enabled' AND NOT split_part(o, '=', 2)::boolean)
				ORDER BY 1""",
				(row) -> Finding.error("autovacuum-off", row.getString(1),
						"Autovacuum is off for this table. What was deleted stays, and reads get"
								+ " slower without end",
						"Run: ALTER TABLE " + row.getString(1) + " RESET (autovacuum_enabled)"),
				String.join(" ", this.names), this.tables.apply("${archive}")));
		Finding lazy = lazy(server);
		if (lazy != null) {
			findings.add(lazy);
		}
		return findings;
	}

	private @Nullable Finding lazy(Map<String, String> server) {
		String event = this.tables.apply("${event}");
		Map<String, String> there = new HashMap<>(server);
		if (number(there, DELAY) < 0) {
			there.put(DELAY, there.getOrDefault("vacuum_cost_delay", "0"));
		}
		this.catalogue.query("""
				SELECT split_part(o, '=', 1), split_part(o, '=', 2)
				FROM pg_class c CROSS JOIN LATERAL unnest(c.reloptions) o WHERE c.oid = to_regclass(?)""",
				(row) -> there.put(row.getString(1), row.getString(2)), event);
		double rows = rows(there);
		double delay = number(there, DELAY);
		if (rows <= TOLERANCE * rows(this.wanted) && delay <= LONGEST_DELAY) {
			return null;
		}
		List<String> all = this.wanted.entrySet()
			.stream()
			.map((option) -> option.toString().replace("=", " = "))
			.toList();
		return Finding.warning("autovacuum-lazy", this.tables.prefix() + "event",
				"With a million waiting events autovacuum waits for " + (long) rows + " deleted ones, and pauses "
						+ delay + " ms each time it has done a little. Meanwhile the relay steps over them"
						+ " with each read",
				"Run: ALTER TABLE " + event + " SET (" + String.join(", ", all) + ")");
	}

	private static double rows(Map<String, String> options) {
		return number(options, THRESHOLD) + number(options, SCALE) * BACKLOG;
	}

	private static double number(Map<String, String> options, String name) {
		return Double.parseDouble(options.getOrDefault(name, "0"));
	}

}
