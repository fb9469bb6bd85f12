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
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import javax.sql.DataSource;

import dev.outbox.doctor.Examination;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.AuditStore;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.ClusterStore;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.store.SharedBacklogStore;
import org.jspecify.annotations.Nullable;

/**
 * All that differs between databases: the stores, whose statements are written for one
 * database, and its schema. Creating a store touches no database.
 */
public interface JdbcDialect {

	/**
	 * Returns the name of the database.
	 * @return the name, in lower case; also the folder of the migrations
	 */
	String name();

	/**
	 * Returns whether this dialect is for a database.
	 * @param productName what the driver calls the database
	 * @return whether it is
	 */
	boolean supports(String productName);

	/**
	 * Returns the write side.
	 * @param tables names of the tables
	 * @param idempotencyRetention how long an idempotency key is held
	 * @return the writer
	 */
	EventWriter eventWriter(TableNames tables, Duration idempotencyRetention);

	/**
	 * Returns the relay's view.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @param archive whether delivered events are archived instead of deleted
	 * @return the store
	 */
	RelayStore relayStore(DataSource dataSource, TableNames tables, boolean archive);

	/**
	 * Returns the leases.
	 * @param dataSource where to get connections, best ones that nothing else uses
	 * @param tables names of the tables
	 * @param partitions how many partitions there are
	 * @return the store
	 */
	LeaseStore leaseStore(DataSource dataSource, TableNames tables, int partitions);

	/**
	 * Returns the dead letters.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @return the store
	 */
	DeadLetterStore deadLetterStore(DataSource dataSource, TableNames tables);

	/**
	 * Returns the archive.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @return the store
	 */
	ArchiveStore archiveStore(DataSource dataSource, TableNames tables);

	/**
	 * Returns what operators hold back.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @return the store
	 */
	HoldStore holdStore(DataSource dataSource, TableNames tables);

	/**
	 * Returns what operators have changed.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @return the store
	 */
	AuditStore auditStore(DataSource dataSource, TableNames tables);

	/**
	 * Creates the access to what the instances have measured.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @return the store
	 */
	SharedBacklogStore sharedBacklogStore(DataSource dataSource, TableNames tables);

	/**
	 * Returns what operators see of all instances.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @return the store
	 */
	ClusterStore clusterStore(DataSource dataSource, TableNames tables);

	/**
	 * Returns dead letters that are to be forwarded.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @return the store
	 */
	ForwardStore forwardStore(DataSource dataSource, TableNames tables);

	/**
	 * Returns the measure of the backlog.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @return the store
	 */
	BacklogStore backlogStore(DataSource dataSource, TableNames tables);

	/**
	 * Returns what removes what is kept for a time only.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @return the store
	 */
	HousekeepingStore housekeepingStore(DataSource dataSource, TableNames tables);

	/**
	 * Returns the signals between instances.
	 * @param dataSource where to get connections that are not pooled
	 * @param tables names of the tables
	 * @return the signals, which the caller closes
	 */
	CommitSignals commitSignals(DataSource dataSource, TableNames tables);

	/**
	 * Returns what can be wrong with the database.
	 * @param database the database
	 * @return the examinations, none of which has been made
	 */
	List<Examination> examinations(ExaminedDatabase database);

	/**
	 * Returns the migrations, oldest first.
	 * @return the names of the files in the folder of this database, whose numbers are
	 * the versions of the schema
	 */
	List<String> migrations();

	/**
	 * Puts the names of tables into a statement.
	 * @param tables names of the tables
	 * @param statement a statement
	 * @return the statement with the names quoted as this database wants it
	 */
	default String sql(TableNames tables, String statement) {
		return tables.apply(statement);
	}

	/**
	 * Returns the statement that adds a setting unless it is there already.
	 * @return a statement with two parameters, the name and the value
	 */
	String insertSetting();

	/**
	 * Returns whether adding a setting has failed because it is there already.
	 * @param failure what the driver has thrown
	 * @return whether it has
	 */
	default boolean isDuplicate(SQLException failure) {
		return false;
	}

	/**
	 * Returns the query for a setting.
	 * @return a statement with one parameter, the name
	 */
	default String selectSetting() {
		return "SELECT value FROM ${setting} WHERE name = ?";
	}

	/**
	 * Returns what a transaction that looks at the tables, or creates them, begins with.
	 * @return the mode
	 */
	TransactionMode schemaTransaction();

	/**
	 * Returns what of a migration is to be run at once.
	 * @param script the text of a migration
	 * @return the statements, by default one by one
	 */
	default List<String> statements(String script) {
		return SqlStatements.split(script);
	}

	/**
	 * Returns what ends a statement of a script that is run by hand.
	 * @return by default a semicolon
	 */
	default String end() {
		return ";";
	}

	/**
	 * Returns whether a migration that was broken off leaves a part of its tables behind,
	 * and can simply be run once more.
	 * @return {@code false} by default: a migration is run in a transaction
	 */
	default boolean resumesMigrations() {
		return false;
	}

	/**
	 * Lets this transaction wait until no other one is creating the same tables.
	 * @param connection a connection in a transaction
	 * @param tables names of the tables
	 * @throws SQLException if the database refuses
	 */
	void lockSchema(Connection connection, TableNames tables) throws SQLException;

	/**
	 * Ends what {@link #lockSchema} began, where the end of the transaction does not.
	 * @param connection the same connection
	 * @param tables names of the tables
	 * @throws SQLException if the database refuses
	 */
	default void unlockSchema(Connection connection, TableNames tables) throws SQLException {
	}

	/**
	 * Returns whether a failure is that the user may not do something.
	 * @param failure what the driver has thrown
	 * @return whether it is
	 */
	boolean isForbidden(SQLException failure);

	/**
	 * Returns whether there is a schema of a name, exactly as it is written, that this
	 * user may know of.
	 * @param connection a connection in a transaction
	 * @param schema the name
	 * @return whether there is
	 * @throws SQLException if the database refuses
	 */
	default boolean hasSchema(Connection connection, String schema) throws SQLException {
		DatabaseMetaData metaData = connection.getMetaData();
		// Some databases call a schema a catalog, whose case may not matter.
		boolean catalogs = !metaData.supportsSchemasInTableDefinitions();
		try (ResultSet row = catalogs ? metaData.getCatalogs() : metaData.getSchemas()) {
			while (row.next()) {
				String name = row.getString(1);
				if (catalogs ? schema.equalsIgnoreCase(name) : schema.equals(name)) {
					return true;
				}
			}
		}
		return false;
	}

	/**
	 * Returns why a server must not be used, whatever tables there are.
	 * @param connection a connection in a transaction
	 * @param tables names of the tables
	 * @return a sentence that says what to change, {@code null} if it can be used
	 * @throws SQLException if the server does not say
	 */
	@Nullable String serverProblem(Connection connection, TableNames tables) throws SQLException;

	/**
	 * Looks at the tables.
	 * @param connection a connection in a transaction
	 * @param tables names of the tables
	 * @return what is there
	 * @throws SQLException if the database refuses
	 */
	SchemaState inspect(Connection connection, TableNames tables) throws SQLException;

	/**
	 * Returns a statement that makes a schema the one in which a migration creates its
	 * tables, for the current transaction.
	 * @param schema name of the schema
	 * @return the statement; {@code null} if there is none, and {@link #inSchema} names
	 * the schema with each table instead
	 */
	@Nullable String useSchema(String schema);

	/**
	 * Returns a script that runs in a schema: when somebody runs it by hand, or where no
	 * statement says so.
	 * @param schema name of the schema
	 * @param script the statements
	 * @return the script
	 */
	default String inSchema(String schema, String script) {
		return Objects.requireNonNull(useSchema(schema)) + end() + "\n\n" + script;
	}

	/**
	 * Ends what {@link #useSchema} began, where the end of the transaction does not: the
	 * next user of the connection may be the application.
	 * @param connection the connection
	 * @param catalog the catalog that was in use before
	 * @param schema the schema that was in use before
	 * @throws SQLException if the database refuses
	 */
	default void leaveSchema(Connection connection, @Nullable String catalog, @Nullable String schema)
			throws SQLException {
	}

	/**
	 * Puts rows in order that come from another server, for example from a dump. Does
	 * nothing on all other starts. In a transaction of its own; idempotent.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @return how many rows were changed
	 */
	int adoptRows(DataSource dataSource, TableNames tables);

}
