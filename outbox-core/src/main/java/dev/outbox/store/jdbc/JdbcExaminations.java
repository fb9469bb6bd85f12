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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.outbox.doctor.ClockExamination;
import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;
import dev.outbox.store.jdbc.NeededIndexes.Needed;
import org.jspecify.annotations.Nullable;

/**
 * What can be wrong with any database.
 */
public final class JdbcExaminations {

	private static final int PATIENCE_SECONDS = 4;

	private final JdbcDialect dialect;

	private final CommonSyntax syntax;

	private final TransactionMode mode;

	private final ExaminedDatabase database;

	private final JdbcWork work;

	/**
	 * Creates the examinations.
	 * @param dialect the kind of the database
	 * @param syntax what it says differently
	 * @param mode how a transaction begins that only reads, also on a server that cannot
	 * be written to
	 * @param database the database
	 */
	public JdbcExaminations(JdbcDialect dialect, CommonSyntax syntax, TransactionMode mode, ExaminedDatabase database) {
		this.dialect = dialect;
		this.syntax = syntax;
		this.mode = mode;
		this.database = database;
		this.work = new JdbcWork(database.dataSource());
	}

	/**
	 * Compares the indexes with those that the migrations create.
	 * @param catalogue tells which there are
	 * @param byName whether statements name an index, so that no other one will do
	 * @return the examination
	 */
	public Examination indexes(IndexCatalogue catalogue, boolean byName) {
		return Examination.of("indexes",
				() -> this.work.inTransaction(this.mode, (connection) -> missing(connection, catalogue, byName)));
	}

	private List<Finding> missing(Connection connection, IndexCatalogue catalogue, boolean byName) throws SQLException {
		TableNames tables = this.database.tables();
		List<Finding> findings = new ArrayList<>();
		MigrationScripts scripts = new MigrationScripts(this.dialect, tables);
		boolean upperCase = connection.getMetaData().storesUpperCaseIdentifiers();
		Map<String, List<IndexCatalogue.Index>> all = new HashMap<>();
		for (Needed needed : NeededIndexes.in(scripts.all())) {
			boolean unquoted = upperCase && !scripts.quotes(needed.table());
			String table = unquoted ? needed.table().toUpperCase(Locale.ROOT) : needed.table();
			if (!all.containsKey(table)) {
				all.put(table, catalogue.indexes(connection, tables, table));
			}
			List<IndexCatalogue.Index> there = Objects.requireNonNull(all.get(table));
			if (there.stream().noneMatch((index) -> needed.isMetBy(index, byName))) {
				findings.add(finding(needed, tables.schema()));
			}
		}
		return findings;
	}

	private static Finding finding(Needed needed, @Nullable String schema) {
		String statement = needed.statement() + ((schema != null) ? " in the schema " + schema : "");
		if (needed.isPrimary()) {
			return Finding.error("missing-index", needed.table(),
					"The table has no primary key. Reading and settling look through the whole table, and"
							+ " nothing keeps its rows apart",
					"Run: " + statement);
		}
		return Finding.warning("missing-index", needed.table() + '.' + needed.name(),
				"The index on (" + String.join(", ", needed.columns())
						+ ") is missing or not usable. What needs it looks"
						+ " through the whole table, which gets slower with each row",
				"Run: " + statement + ". Writers wait while it runs; where the database can build an index"
						+ " beside them (CONCURRENTLY, ONLINE), let it");
	}

	/**
	 * Compares the clock of the database with that of this machine.
	 * @return the examination
	 */
	public Examination clock() {
		return new ClockExamination(this.dialect.name(), this::now, this.database.settings().clock(),
				this.database.settings().maxClockSkew());
	}

	/**
	 * Tells whether this database follows another one.
	 * @param isReplica an expression that is 1 then
	 * @return the examination
	 */
	public Examination role(String isReplica) {
		return Examination.of("database-role", () -> {
			boolean replica = this.work.inTransaction(this.mode, (connection) -> {
				String sql = "SELECT " + isReplica + fromNothing();
				return number(connection, sql) == 1;
			});
			return replica ? List.of(Finding.error("database-is-replica", this.dialect.name(),
					"The relay is connected to a server that cannot be written to. Nothing is delivered until it"
							+ " reaches the primary",
					"After a failover wait for the connections to be made anew. If it stays, let the URL"
							+ " name the primary, for PostgreSQL with targetServerType=primary"))
					: List.of();
		});
	}

	private Instant now() {
		return this.work.inTransaction(this.mode, (connection) -> {
			try (PreparedStatement statement = connection
				.prepareStatement("SELECT " + this.syntax.now() + fromNothing())) {
				statement.setQueryTimeout(PATIENCE_SECONDS);
				try (ResultSet row = statement.executeQuery()) {
					row.next();
					return Objects.requireNonNull(this.syntax.format().time(row, 1));
				}
			}
		});
	}

	private static long number(Connection connection, String sql) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setQueryTimeout(PATIENCE_SECONDS);
			try (ResultSet row = statement.executeQuery()) {
				row.next();
				return row.getLong(1);
			}
		}
	}

	private String fromNothing() {
		return (this.syntax instanceof SqlSyntax sql) ? sql.fromNothing() : "";
	}

}
