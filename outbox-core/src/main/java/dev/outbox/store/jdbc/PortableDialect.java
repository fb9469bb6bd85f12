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
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

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
import dev.outbox.store.PollingSignals;
import dev.outbox.store.RelayStore;
import dev.outbox.store.SharedBacklogStore;
import org.jspecify.annotations.Nullable;

/**
 * A database whose statements are the portable ones: a subclass says what differs in
 * {@link SqlSyntax}, and brings the migrations.
 * <p>
 * What it asks of the database: numbers that ascend in the order in which they are taken,
 * and snapshots of several queries; where several transactions write at a time, also
 * reads that see uncommitted rows, or a way to tell which transactions are running, and
 * {@code FOR UPDATE SKIP LOCKED}.
 */
public abstract class PortableDialect implements JdbcDialect, SqlSyntax {

	@Override
	public final EventWriter eventWriter(TableNames tables, Duration idempotencyRetention) {
		return new PortableEventWriter(tables, this, idempotencyRetention);
	}

	@Override
	public final RelayStore relayStore(DataSource dataSource, TableNames tables, boolean archive) {
		return new PortableRelayStore(new PortableWork(dataSource, tables, this), archive);
	}

	@Override
	public final LeaseStore leaseStore(DataSource dataSource, TableNames tables, int partitions) {
		return new PortableLeaseStore(new PortableWork(dataSource, tables, this), partitions);
	}

	@Override
	public final DeadLetterStore deadLetterStore(DataSource dataSource, TableNames tables) {
		return new JdbcDeadLetterStore(dataSource, tables, this);
	}

	@Override
	public final ArchiveStore archiveStore(DataSource dataSource, TableNames tables) {
		return new JdbcArchiveStore(this, dataSource, tables, this);
	}

	@Override
	public final HoldStore holdStore(DataSource dataSource, TableNames tables) {
		return new JdbcHoldStore(dataSource, tables, this);
	}

	@Override
	public final SharedBacklogStore sharedBacklogStore(DataSource dataSource, TableNames tables) {
		return new JdbcSharedBacklogStore(dataSource, tables, this);
	}

	@Override
	public final AuditStore auditStore(DataSource dataSource, TableNames tables) {
		return new JdbcAuditStore(dataSource, tables, this);
	}

	@Override
	public final ClusterStore clusterStore(DataSource dataSource, TableNames tables) {
		return new JdbcClusterStore(dataSource, tables, this);
	}

	@Override
	public final ForwardStore forwardStore(DataSource dataSource, TableNames tables) {
		return new JdbcForwardStore(dataSource, tables, this);
	}

	@Override
	public final BacklogStore backlogStore(DataSource dataSource, TableNames tables) {
		return new PortableBacklogStore(new PortableWork(dataSource, tables, this));
	}

	@Override
	public final HousekeepingStore housekeepingStore(DataSource dataSource, TableNames tables) {
		return new PortableHousekeepingStore(new PortableWork(dataSource, tables, this));
	}

	@Override
	public final CommitSignals commitSignals(DataSource dataSource, TableNames tables) {
		return new PollingSignals();
	}

	/**
	 * Also what only some of the databases tell can be added.
	 */
	@Override
	public List<Examination> examinations(ExaminedDatabase database) {
		JdbcExaminations examinations = new JdbcExaminations(this, this, reading(), database);
		boolean byName = !useIndex("any").isEmpty();
		return List.of(examinations.indexes(IndexCatalogue.ofDriver(), byName), examinations.clock(),
				examinations.role(isReplica()));
	}

	@Override
	public List<String> migrations() {
		return List.of("V1__outbox.sql");
	}

	@Override
	public String sql(TableNames tables, String statement) {
		return tables.apply(statement, quote());
	}

	@Override
	public final String insertSetting() {
		return insertIfAbsent() + " ${setting} (name, " + value() + ") VALUES (?, ?)";
	}

	@Override
	public final String selectSetting() {
		return "SELECT " + value() + " FROM ${setting} WHERE name = ?";
	}

	@Override
	public boolean isDuplicate(SQLException failure) {
		return false;
	}

	@Override
	public final TransactionMode schemaTransaction() {
		return readCommitted();
	}

	@Override
	public SchemaState inspect(Connection connection, TableNames tables) throws SQLException {
		return new PortableSchemaInspection(connection, tables, columns()).state(problem(connection, tables));
	}

	@Override
	public final @Nullable String serverProblem(Connection connection, TableNames tables) throws SQLException {
		return problem(connection, tables);
	}

	/**
	 * Returns the columns that the tables must have.
	 * @return those of all databases, and what this one needs besides
	 */
	protected abstract TableColumns columns();

	/**
	 * Returns why a server must not be used.
	 * @param connection a connection in a transaction
	 * @param tables names of the tables
	 * @return a sentence that says what to change, {@code null} if it can be used
	 * @throws SQLException if the server does not say
	 */
	protected abstract @Nullable String problem(Connection connection, TableNames tables) throws SQLException;

	/**
	 * Rows carry nothing that is valid on one server only.
	 */
	@Override
	public final int adoptRows(DataSource dataSource, TableNames tables) {
		return 0;
	}

}
