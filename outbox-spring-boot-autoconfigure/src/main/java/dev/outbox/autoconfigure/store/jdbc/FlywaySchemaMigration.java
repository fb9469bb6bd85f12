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
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * Migrates with an instance of Flyway that nobody else sees, and with a history of its
 * own. A bean of type {@link Flyway} would keep Spring Boot from migrating the
 * application's tables.
 */
final class FlywaySchemaMigration implements SchemaMigration {

	private static final int ATTEMPTS = 5;

	private final DataSource dataSource;

	private final @Nullable Flyway application;

	private final JdbcDialect dialect;

	private final TableNames tables;

	private FlywaySchemaMigration(DataSource dataSource, @Nullable Flyway application, JdbcDialect dialect,
			TableNames tables) {
		this.dataSource = dataSource;
		this.application = application;
		this.dialect = dialect;
		this.tables = tables;
	}

	static FlywaySchemaMigration create(DataSource dataSource, JdbcDialect dialect, TableNames tables,
			ListableBeanFactory beans) {
		Flyway application = beans.getBeanProvider(Flyway.class).stream().findFirst().orElse(null);
		return new FlywaySchemaMigration(dataSource, application, dialect, tables);
	}

	@Override
	public boolean isUsedByApplication() {
		return this.application != null;
	}

	/**
	 * Flyway locks the history once it has its first row. Until then an instance that
	 * starts at the same moment finds a table that is neither absent nor usable, which it
	 * reports as a plain failure and has got over a moment later.
	 */
	@Override
	public void migrate() {
		FlywayException failure = null;
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			try {
				migrateOnce();
				return;
			}
			catch (FlywayValidateException ex) {
				throw ex;
			}
			catch (FlywayException ex) {
				failure = ex;
			}
		}
		throw Objects.requireNonNull(failure);
	}

	private void migrateOnce() {
		try {
			configure().load().migrate();
		}
		catch (SQLException ex) {
			throw new OutboxException("The outbox's tables could not be migrated (SQL state " + ex.getSQLState()
					+ "); it was not started", ex);
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
			.locations("classpath:" + OutboxSchema.location(this.dialect))
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
	private DataSource migrating() throws SQLException {
		DataSource other = (this.application != null) ? this.application.getConfiguration().getDataSource() : null;
		return (other != null && url(other).equals(url(this.dataSource))) ? other : this.dataSource;
	}

	private static String url(DataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			return connection.getMetaData().getURL().replaceFirst("\\?.*", "");
		}
	}

}
