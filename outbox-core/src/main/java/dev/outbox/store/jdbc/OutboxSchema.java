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
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

import javax.sql.DataSource;

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

	private final MigrationScripts scripts;

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
		this.scripts = new MigrationScripts(dialect, tables);
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
	 * Returns the SQL that creates the tables: all migrations, with the names in place.
	 * @param dialect the database
	 * @param tables names of the tables
	 * @return a script for an empty database, the same that all other ways run
	 */
	public static String script(JdbcDialect dialect, TableNames tables) {
		return new MigrationScripts(dialect, tables).of(dialect.migrations());
	}

	/**
	 * Returns whether there is any of the tables, whatever its state.
	 * @return {@code false} on a database that has never seen this outbox
	 */
	public boolean exists() {
		return inTransaction((connection) -> inspect(connection).exists());
	}

	/**
	 * Returns whether somebody has begun to create the tables and not come to the end:
	 * another instance is at it, or was stopped. {@link #create()} completes them.
	 * @return {@code false} where tables are created all at once
	 */
	public boolean isUnfinished() {
		return inTransaction((connection) -> {
			SchemaState state = inspect(connection);
			return state.exists() && isUnfinished(state)
					&& (isMissingSettings(state) || setting(connection, VERSION) == null);
		});
	}

	private boolean isUnfinished(SchemaState state) {
		return this.dialect.resumesMigrations() && state.missing().stream().noneMatch((name) -> name.contains("."));
	}

	private boolean isMissingSettings(SchemaState state) {
		return state.missing().stream().anyMatch((name) -> name.matches(this.tables.prefix() + "setting(\\..*)?"));
	}

	/**
	 * Runs the migrations that have not been run, all in one transaction, while no other
	 * instance does. Does nothing if there are none.
	 * @return how many were run
	 */
	public int create() {
		if (this.tables.schema() != null) {
			// Fails without the schema. In a transaction of its own: what the next one
			// sees, it must see under the lock.
			inTransaction(this::inspect);
		}
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
			SchemaState state = usable(inspect(connection));
			boolean readable = state.exists() && !isMissingSettings(state);
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
		String schema = connection.getSchema();
		try {
			String use = (this.tables.schema() != null) ? this.dialect.useSchema(this.tables.schema()) : null;
			if (!pending.isEmpty() && use != null) {
				execute(connection, use);
			}
			for (String migration : pending) {
				for (String statement : this.scripts.statements(migration)) {
					execute(connection, statement);
				}
			}
		}
		finally {
			if (this.tables.schema() != null) {
				this.dialect.leaveSchema(connection, catalog, schema);
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
			SchemaState state = inspect(connection);
			if (!state.missing().isEmpty()) {
				throw missing(connection, state);
			}
			usable(state);
			int version = storedVersion(connection);
			List<String> pending = after(version);
			if (!pending.isEmpty()) {
				throw new MissingSchemaException(pending, this.scripts.of(pending), this.scripts.command());
			}
			warnOfNewer(version);
			checkPartitions(connection, partitions);
			return true;
		});
		int adopted = this.dialect.adoptRows(this.dataSource, this.tables);
		if (adopted > 0) {
			logger.info("Adopted {} event(s) in {}event that were written on another server", adopted,
					this.tables.prefix());
		}
	}

	/**
	 * Refuses a server on which events could be lost or change their order. Looks at no
	 * table, and changes nothing.
	 * @throws UnusableSchemaException if it must not be used
	 */
	public void validateServer() {
		inTransaction((connection) -> {
			String problem = this.dialect.serverProblem(connection, this.tables);
			if (problem != null) {
				throw new UnusableSchemaException(problem);
			}
			return true;
		});
	}

	private SchemaState inspect(Connection connection) throws SQLException {
		SchemaState state = this.dialect.inspect(connection, this.tables);
		if (!state.exists()) {
			requireSchema(connection);
		}
		return state;
	}

	private void requireSchema(Connection connection) throws SQLException {
		String schema = this.tables.schema();
		if (schema != null && !this.dialect.hasSchema(connection, schema)) {
			throw new UnusableSchemaException("there is no schema '" + schema + "', which outbox.store.schema names,"
					+ " or this user may not know of it. Create it, in the same case, and let this user create tables"
					+ " in it, or create them; or correct the property");
		}
	}

	private static SchemaState usable(SchemaState state) {
		if (state.problem() != null) {
			throw new UnusableSchemaException(state.problem());
		}
		return state;
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
			catch (SQLException ex) {
				if (!this.dialect.isDuplicate(ex)) {
					throw ex;
				}
			}
			// Another instance may have been first.
			stored = setting(connection, PARTITIONS);
		}
		if (stored == null || Integer.parseInt(stored) != partitions) {
			throw new PartitionCountException((stored != null) ? Integer.parseInt(stored) : 0, partitions);
		}
	}

	private List<String> pending(Connection connection) throws SQLException {
		SchemaState state = usable(inspect(connection));
		if (!state.exists()) {
			return this.dialect.migrations();
		}
		if (isMissingSettings(state)) {
			if (isUnfinished(state)) {
				return this.dialect.migrations();
			}
			throw missing(connection, state);
		}
		return after(storedVersion(connection));
	}

	private int storedVersion(Connection connection) throws SQLException {
		String stored = setting(connection, VERSION);
		return (stored != null) ? Integer.parseInt(stored) : 0;
	}

	private List<String> after(int version) {
		return this.dialect.migrations()
			.stream()
			.filter((migration) -> MigrationScripts.version(migration) > version)
			.toList();
	}

	/**
	 * What of the migrations that have been run is missing is repaired; the table with
	 * their number is made by the first one.
	 */
	private MissingSchemaException missing(Connection connection, SchemaState state) throws SQLException {
		List<String> all = this.dialect.migrations();
		String sql = this.scripts.of(all);
		if (state.exists()) {
			List<String> pending = after(
					isMissingSettings(state) ? MigrationScripts.version(all.get(0)) : storedVersion(connection));
			List<String> done = all.subList(0, all.size() - pending.size());
			sql = this.scripts.repair(done, state.missing(), pending);
		}
		return new MissingSchemaException(state.missing(), sql, this.scripts.command());
	}

	/**
	 * In the middle of a rolling deployment the first instance of the next version has
	 * migrated already.
	 */
	private void warnOfNewer(int version) {
		List<String> all = this.dialect.migrations();
		int newest = MigrationScripts.version(all.get(all.size() - 1));
		if (version > newest) {
			logger.warn("The tables {}* are of schema version {}, which is newer than the {} that this version of the"
					+ " outbox knows. All that it needs is there, so it works with them. Expected during a rolling"
					+ " deployment; after one, look for instances that were not updated", this.tables.prefix(), version,
					newest);
		}
	}

	private @Nullable String setting(Connection connection, String name) throws SQLException {
		String sql = this.dialect.sql(this.tables, this.dialect.selectSetting());
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
