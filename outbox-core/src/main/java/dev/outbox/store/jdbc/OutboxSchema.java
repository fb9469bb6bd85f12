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
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outbox's tables: creates them, or makes sure that they are there and can be used.
 * Any number of instances may do so at the same time.
 */
public final class OutboxSchema {

	private static final Logger logger = LoggerFactory.getLogger(OutboxSchema.class);

	private static final String VERSION = "schema.version";

	private static final String PARTITIONS = "partitions";

	private final JdbcDialect dialect;

	private final DataSource dataSource;

	private final TableNames tables;

	private final JdbcWork work;

	/**
	 * Creates the access to the tables of one outbox.
	 * @param dialect the database
	 * @param dataSource where to get connections; to create tables, ones that may
	 * @param tables names of the tables
	 */
	public OutboxSchema(JdbcDialect dialect, DataSource dataSource, TableNames tables) {
		this.dialect = dialect;
		this.dataSource = dataSource;
		this.tables = tables;
		this.work = new JdbcWork(dataSource);
	}

	/**
	 * Returns where the migrations are.
	 * @param dialect the database
	 * @return a folder on the class path, without a slash at either end; its files have
	 * the placeholder <code>${prefix}</code>
	 */
	public static String location(JdbcDialect dialect) {
		return OutboxSchema.class.getPackageName().replace('.', '/') + "/migration/" + dialect.name();
	}

	/**
	 * Returns whether there is any of the tables, whatever its state.
	 * @return {@code false} on a database that has never seen this outbox
	 */
	public boolean exists() {
		return inTransaction((connection) -> this.dialect.inspect(connection, this.tables).exists());
	}

	/**
	 * Runs the migrations that have not been run, all in one transaction, while no other
	 * instance does. Does nothing if there are none.
	 * @return how many were run
	 */
	public int create() {
		int count = inTransaction((connection) -> {
			this.dialect.lockSchema(connection, this.tables);
			try {
				return migrate(connection);
			}
			finally {
				this.dialect.unlockSchema(connection, this.tables);
			}
		});
		if (count > 0) {
			logger.info("Created the outbox's tables {}* in {} ({} migration(s))", this.tables.prefix(),
					this.dialect.name(), count);
		}
		return count;
	}

	/**
	 * Returns which version the tables are of.
	 * @return the number, {@code null} if there are no tables
	 */
	public @Nullable String version() {
		return this.work.inTransaction(this.dialect.schemaTransaction(), (connection) -> {
			SchemaState state = this.dialect.inspect(connection, this.tables);
			boolean readable = state.exists() && !state.missing().contains(this.tables.prefix() + "setting");
			return Optional.ofNullable(readable ? setting(connection, VERSION) : null);
		}).orElse(null);
	}

	/**
	 * Returns whether the database has refused something because of who asked.
	 * @param failure what {@link #create} has thrown
	 * @return whether another user might succeed
	 */
	public boolean isForbidden(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException sql && this.dialect.isForbidden(sql)) {
				return true;
			}
		}
		return false;
	}

	private int migrate(Connection connection) throws SQLException {
		List<String> pending = pending(connection);
		String catalog = connection.getCatalog();
		try {
			if (!pending.isEmpty() && this.tables.schema() != null) {
				execute(connection, this.dialect.useSchema(this.tables.schema()));
			}
			for (String migration : pending) {
				for (String statement : this.dialect.statements(script(migration))) {
					execute(connection, statement);
				}
			}
		}
		finally {
			// Where a schema is a database, it stays in use, and the next user of this
			// connection may be the application.
			if (catalog != null && !catalog.equals(connection.getCatalog())) {
				connection.setCatalog(catalog);
			}
		}
		return pending.size();
	}

	/**
	 * Makes sure that the tables can be used with a number of partitions, and remembers
	 * that number at the first start. Changes no table.
	 * @param partitions how many partitions there are
	 * @throws MissingSchemaException if tables or columns are missing
	 * @throws UnusableSchemaException if the database or a table must not be used
	 * @throws PartitionCountException if the tables were first used with another number
	 */
	public void validate(int partitions) {
		inTransaction((connection) -> {
			SchemaState state = this.dialect.inspect(connection, this.tables);
			if (!state.missing().isEmpty()) {
				throw new MissingSchemaException(state.missing(), sql(this.dialect.migrations()));
			}
			if (state.problem() != null) {
				throw new UnusableSchemaException(state.problem());
			}
			List<String> pending = pending(connection);
			if (!pending.isEmpty()) {
				throw new MissingSchemaException(pending, sql(pending));
			}
			checkPartitions(connection, partitions);
			return true;
		});
		int adopted = this.dialect.adoptRows(this.dataSource, this.tables);
		if (adopted > 0) {
			logger.info("Adopted {} event(s) in {}event that were written on another server", adopted,
					this.tables.prefix());
		}
	}

	private void checkPartitions(Connection connection, int partitions) throws SQLException {
		String stored = setting(connection, PARTITIONS);
		if (stored == null) {
			String sql = this.dialect.sql(this.tables, this.dialect.insertSetting());
			try (PreparedStatement statement = connection.prepareStatement(sql)) {
				statement.setString(1, PARTITIONS);
				statement.setString(2, Integer.toString(partitions));
				statement.executeUpdate();
			}
			// Another instance may have been first.
			stored = setting(connection, PARTITIONS);
		}
		if (stored == null || Integer.parseInt(stored) != partitions) {
			throw new PartitionCountException((stored != null) ? Integer.parseInt(stored) : 0, partitions);
		}
	}

	private List<String> pending(Connection connection) throws SQLException {
		SchemaState state = this.dialect.inspect(connection, this.tables);
		if (!state.exists()) {
			return this.dialect.migrations();
		}
		if (state.missing().contains(this.tables.prefix() + "setting")) {
			throw new MissingSchemaException(state.missing(), sql(this.dialect.migrations()));
		}
		String stored = setting(connection, VERSION);
		int done = (stored != null) ? Integer.parseInt(stored) : 0;
		return this.dialect.migrations().stream().filter((migration) -> version(migration) > done).toList();
	}

	private String sql(List<String> migrations) {
		StringBuilder sql = new StringBuilder();
		if (this.tables.schema() != null) {
			sql.append(this.dialect.useSchema(this.tables.schema())).append(";\n\n");
		}
		migrations.forEach((migration) -> sql.append(script(migration)).append('\n'));
		return sql.toString();
	}

	private String script(String migration) {
		String path = '/' + location(this.dialect) + '/' + migration;
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

	/**
	 * Returns the number in the name of a migration: 1 for {@code V1__outbox.sql}.
	 */
	private static int version(String migration) {
		return Integer.parseInt(migration.substring(1, migration.indexOf("__")));
	}

	private @Nullable String setting(Connection connection, String name) throws SQLException {
		String sql = this.dialect.sql(this.tables, "SELECT value FROM ${setting} WHERE name = ?");
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			statement.setString(1, name);
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? row.getString(1) : null;
			}
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private <T> T inTransaction(JdbcWork.Work<T> work) {
		return this.work.inTransaction(this.dialect.schemaTransaction(), work);
	}

}
