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

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import javax.sql.DataSource;

import dev.outbox.doctor.Examination;
import dev.outbox.doctor.ExaminationSettings;
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
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.ExaminedDatabase;
import dev.outbox.store.jdbc.JdbcArchiveStore;
import dev.outbox.store.jdbc.JdbcAuditStore;
import dev.outbox.store.jdbc.JdbcClusterStore;
import dev.outbox.store.jdbc.JdbcDeadLetterStore;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.JdbcExaminations;
import dev.outbox.store.jdbc.JdbcForwardStore;
import dev.outbox.store.jdbc.JdbcHoldStore;
import dev.outbox.store.jdbc.JdbcSharedBacklogStore;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.SchemaState;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.TransactionMode;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL 14 and newer.
 */
public final class PostgresDialect implements JdbcDialect {

	/**
	 * Rows from another server can carry transaction numbers that this one has not come
	 * to: each read would take them for late ones.
	 */
	private static final String ADOPT = """
			UPDATE ${event} SET xid = DEFAULT
			WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())""";

	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	@Override
	public String name() {
		return "postgresql";
	}

	@Override
	public boolean supports(String productName) {
		return productName.equals("PostgreSQL");
	}

	@Override
	public EventWriter eventWriter(TableNames tables, Duration idempotencyRetention) {
		return new PostgresEventWriter(tables, idempotencyRetention);
	}

	@Override
	public RelayStore relayStore(DataSource dataSource, TableNames tables, boolean archive) {
		return new PostgresRelayStore(dataSource, tables, archive);
	}

	@Override
	public LeaseStore leaseStore(DataSource dataSource, TableNames tables, int partitions) {
		return new PostgresLeaseStore(dataSource, tables, partitions);
	}

	@Override
	public DeadLetterStore deadLetterStore(DataSource dataSource, TableNames tables) {
		return new JdbcDeadLetterStore(dataSource, tables, PostgresSyntax.INSTANCE);
	}

	@Override
	public ArchiveStore archiveStore(DataSource dataSource, TableNames tables) {
		return new JdbcArchiveStore(this, dataSource, tables, PostgresSyntax.INSTANCE);
	}

	@Override
	public HoldStore holdStore(DataSource dataSource, TableNames tables) {
		return new JdbcHoldStore(dataSource, tables, PostgresSyntax.INSTANCE);
	}

	@Override
	public SharedBacklogStore sharedBacklogStore(DataSource dataSource, TableNames tables) {
		return new JdbcSharedBacklogStore(dataSource, tables, PostgresSyntax.INSTANCE);
	}

	@Override
	public AuditStore auditStore(DataSource dataSource, TableNames tables) {
		return new JdbcAuditStore(dataSource, tables, PostgresSyntax.INSTANCE);
	}

	@Override
	public ClusterStore clusterStore(DataSource dataSource, TableNames tables) {
		return new JdbcClusterStore(dataSource, tables, PostgresSyntax.INSTANCE);
	}

	@Override
	public ForwardStore forwardStore(DataSource dataSource, TableNames tables) {
		return new JdbcForwardStore(dataSource, tables, PostgresSyntax.INSTANCE);
	}

	@Override
	public BacklogStore backlogStore(DataSource dataSource, TableNames tables) {
		return new PostgresBacklogStore(dataSource, tables);
	}

	@Override
	public HousekeepingStore housekeepingStore(DataSource dataSource, TableNames tables) {
		return new PostgresHousekeepingStore(dataSource, tables);
	}

	@Override
	public CommitSignals commitSignals(DataSource dataSource, TableNames tables) {
		return new PostgresCommitSignals(dataSource, tables);
	}

	@Override
	public List<Examination> examinations(ExaminedDatabase database) {
		JdbcExaminations common = new JdbcExaminations(this, PostgresSyntax.INSTANCE, Catalogue.MODE, database);
		Catalogue catalogue = new Catalogue(database.dataSource());
		ExaminationSettings settings = database.settings();
		return List.of(common.role("CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END"),
				common.indexes(Catalogue::indexes, false),
				new VacuumExamination(catalogue, database.tables(), OutboxSchema.script(this, database.tables())),
				new SessionExamination(catalogue, settings.maxTransactionAge()),
				new PoolerExamination(database.dataSource(), database.unpooled()), common.clock(),
				new ReplicaExamination(catalogue, settings.maxReplicaLag()));
	}

	@Override
	public List<String> migrations() {
		return List.of("V1__outbox.sql");
	}

	@Override
	public String insertSetting() {
		return "INSERT INTO ${setting} (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING";
	}

	@Override
	public TransactionMode schemaTransaction() {
		return TransactionMode.settings(TransactionSettings.WRITE);
	}

	@Override
	public void lockSchema(Connection connection, TableNames tables) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
			statement.setLong(1, tables.lock("schema"));
			statement.execute();
		}
	}

	@Override
	public boolean isForbidden(SQLException failure) {
		return INSUFFICIENT_PRIVILEGE.equals(failure.getSQLState());
	}

	@Override
	public @Nullable String serverProblem(Connection connection, TableNames tables) throws SQLException {
		return new PostgresSchemaInspection(connection, tables).serverProblem();
	}

	@Override
	public SchemaState inspect(Connection connection, TableNames tables) throws SQLException {
		return new PostgresSchemaInspection(connection, tables).state();
	}

	@Override
	public String useSchema(String schema) {
		return "SET LOCAL search_path TO \"" + schema + '"';
	}

	/**
	 * Otherwise the schema would stay the current one, or never become it.
	 */
	@Override
	public String inSchema(String schema, String script) {
		return "BEGIN;\n" + useSchema(schema) + ";\n\n" + script + "\nCOMMIT;\n";
	}

	@Override
	public int adoptRows(DataSource dataSource, TableNames tables) {
		return new JdbcWork(dataSource).inTransaction(TransactionSettings.WRITE, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(tables.apply(ADOPT))) {
				return statement.executeUpdate();
			}
		});
	}

}
