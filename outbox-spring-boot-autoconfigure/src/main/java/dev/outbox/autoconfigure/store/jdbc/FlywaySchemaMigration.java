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

package dev.outbox.autoconfigure.store.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxException;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/**
 * Migrates with an instance of Flyway that nobody else sees, and with a history of its
 * own. A bean of type {@link Flyway} would keep Spring Boot from migrating the
 * application's tables.
 */
final class FlywaySchemaMigration implements SchemaMigration {

	private static final int ATTEMPTS = 5;

	private final DataSource dataSource;

	private final List<Flyway> application;

	private final JdbcDialect dialect;

	private final TableNames tables;

	private FlywaySchemaMigration(DataSource dataSource, List<Flyway> application, JdbcDialect dialect,
			TableNames tables) {
		this.dataSource = dataSource;
		this.application = application;
		this.dialect = dialect;
		this.tables = tables;
	}

	static FlywaySchemaMigration create(DataSource dataSource, JdbcDialect dialect, TableNames tables,
			ListableBeanFactory beans) {
		List<Flyway> application = beans.getBeanProvider(Flyway.class)
			.stream()
			.filter((flyway) -> flyway.getConfiguration().getDataSource() != null)
			.toList();
		return new FlywaySchemaMigration(dataSource, application, dialect, tables);
	}

	/**
	 * One for another kind of database does not mean that Flyway knows this one.
	 */
	@Override
	public boolean isUsedByApplication() {
		return find(DatabaseMetaData::getDatabaseProductName) != null;
	}

	/**
	 * Flyway locks the history once it has its first row. Until then an instance that
	 * starts at the same moment finds a table that is neither absent nor usable, which it
	 * reports as a plain failure and has got over a moment later.
	 */
	@Override
	public void migrate() {
		FlywayException first = null;
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			try {
				migrateOnce();
				return;
			}
			catch (FlywayException ex) {
				if (first != null) {
					first.addSuppressed(ex);
				}
				first = (first != null) ? first : ex;
				if (ex instanceof FlywayValidateException || isFinal(ex)) {
					throw first;
				}
			}
		}
		throw Objects.requireNonNull(first);
	}

	/**
	 * A migration that has failed fails again, and a server that was waited for is waited
	 * for again.
	 */
	private static boolean isFinal(FlywayException failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLTransientConnectionException || cause instanceof SQLNonTransientConnectionException
					|| cause.getClass().getSimpleName().equals("FlywayMigrateException")) {
				return true;
			}
		}
		return false;
	}

	private void migrateOnce() {
		try {
			Flyway flyway = configure().load();
			if (this.dialect.resumesMigrations()
					&& Arrays.stream(flyway.info().all()).anyMatch((migration) -> migration.getState().isFailed())) {
				forgetFailures(flyway.getConfiguration());
			}
			flyway.migrate();
		}
		catch (SQLException ex) {
			throw new OutboxException("The outbox's tables could not be migrated (SQL state " + ex.getSQLState()
					+ "); it was not started", ex);
		}
	}

	/**
	 * Lets a migration run again that was broken off, for which Flyway would wait for
	 * somebody to repair a history that nobody knows of. Its statements leave alone what
	 * is there already.
	 */
	private static void forgetFailures(Configuration flyway) throws SQLException {
		try (Connection connection = flyway.getDataSource().getConnection()) {
			String quote = connection.getMetaData().getIdentifierQuoteString();
			// Flyway's names, which it quotes as they are: its user may have another
			// schema.
			String schema = (flyway.getDefaultSchema() != null) ? quote + flyway.getDefaultSchema() + quote + '.' : "";
			try (PreparedStatement statement = connection.prepareStatement("DELETE FROM " + schema + quote
					+ flyway.getTable() + quote + " WHERE " + quote + "success" + quote + " = ?")) {
				statement.setBoolean(1, false);
				statement.executeUpdate();
			}
			if (!connection.getAutoCommit()) {
				connection.commit();
			}
		}
	}

	private FluentConfiguration configure() throws SQLException {
		String schema = this.tables.schema();
		if (schema == null) {
			try (Connection connection = this.dataSource.getConnection()) {
				schema = connection.getSchema();
			}
		}
		// Tables that were created without Flyway must not be created once more.
		String version = new OutboxSchema(this.dialect, this.dataSource, this.tables).version();
		FluentConfiguration configuration = Flyway.configure(getClass().getClassLoader())
			.dataSource(migrating())
			.resourceProvider(new PackagedMigrations(this.dialect))
			.javaMigrationClassProvider(List::of)
			.table(this.tables.prefix() + "schema_history")
			.placeholders(Map.of("prefix", this.tables.prefix()))
			.baselineOnMigrate(true)
			.baselineVersion((version != null) ? version : "0")
			.createSchemas(false)
			.cleanDisabled(true)
			.loggers("slf4j");
		return (schema != null) ? configuration.schemas(schema).defaultSchema(schema) : configuration;
	}

	/**
	 * Returns the data source of the application's Flyway, which may have the right to
	 * create tables where the application has not, if it leads to the same database.
	 */
	private DataSource migrating() {
		DataSource other = find((server) -> server.getURL().replaceFirst("\\?.*", ""));
		return withRoomForTwo((other != null) ? other : this.dataSource);
	}

	/**
	 * Flyway takes a second connection while it holds the first.
	 */
	private static DataSource withRoomForTwo(DataSource dataSource) {
		HikariDataSource pool = DataSourceUnwrapper.unwrap(dataSource, HikariConfigMXBean.class,
				HikariDataSource.class);
		return (pool != null && pool.getMaximumPoolSize() < 2 && pool.getJdbcUrl() != null)
				? DataSourceBuilder.derivedFrom(pool).type(SimpleDriverDataSource.class).build() : dataSource;
	}

	/**
	 * Returns where one of the application's migrates of which a server says the same as
	 * of ours.
	 */
	private @Nullable DataSource find(Fact fact) {
		try {
			String own = this.application.isEmpty() ? "" : ask(this.dataSource, fact);
			for (Flyway flyway : this.application) {
				DataSource other = flyway.getConfiguration().getDataSource();
				if (ask(other, fact).equals(own)) {
					return other;
				}
			}
			return null;
		}
		catch (SQLException ex) {
			throw new OutboxException("A database could not be asked what it is (SQL state " + ex.getSQLState()
					+ "); the outbox was not started, and nothing has been migrated", ex);
		}
	}

	private static String ask(DataSource dataSource, Fact fact) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			return fact.of(connection.getMetaData());
		}
	}

	private interface Fact {

		String of(DatabaseMetaData server) throws SQLException;

	}

}
