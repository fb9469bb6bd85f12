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

import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.KeyRead;
import dev.outbox.store.Position;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.EventRows;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TableNames;

/**
 * The relay's view of the outbox on PostgreSQL.
 */
public final class PostgresRelayStore implements RelayStore {

	private final JdbcWork work;

	private final RelayStatements sql;

	private final PostgresScan scan;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @param archive whether delivered events are archived instead of deleted
	 */
	public PostgresRelayStore(DataSource dataSource, TableNames tables, boolean archive) {
		this.work = new JdbcWork(dataSource);
		this.sql = new RelayStatements(tables, archive);
		this.scan = new PostgresScan(this.work, this.sql);
	}

	@Override
	public Position start() {
		return PostgresPosition.START;
	}

	@Override
	public ReadResult read(ReadRequest request) {
		return this.scan.read(request);
	}

	@Override
	public Position merge(Position main, Position joining) {
		PostgresPosition one = (PostgresPosition) main;
		PostgresPosition other = (PostgresPosition) joining;
		PostgresPosition.Snapshot first = Objects.requireNonNull(one.seen());
		PostgresPosition.Snapshot second = Objects.requireNonNull(other.seen());
		// A pass that has not ended starts again from the snapshot before it.
		return new PostgresPosition(Math.max(one.cursor(), other.cursor()), first.and(second), null);
	}

	@Override
	public KeyRows readKey(KeyRead read) {
		return this.work.inTransaction(TransactionSettings.READ, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.sql.readKey(read.key() != null))) {
				statement.setLong(1, read.fromSeq());
				statement.setString(2, read.key());
				statement.setInt(3, read.part());
				statement.setString(4, read.destination().transport());
				statement.setString(5, read.destination().name());
				statement.setInt(6, read.maxRows());
				try (ResultSet result = statement.executeQuery()) {
					return new EventRows(PostgresFormat.INSTANCE).keyRows(result, read);
				}
			}
		});
	}

	@Override
	public Map<Long, byte[]> payloads(Collection<EventRef> wanted) {
		return this.work.inTransaction(TransactionSettings.READ, (connection) -> {
			Map<Long, byte[]> payloads = new HashMap<>();
			try (PreparedStatement statement = connection.prepareStatement(this.sql.payloads())) {
				statement.setArray(1, seqs(connection, wanted));
				statement.setArray(2, ids(connection, wanted));
				try (ResultSet result = statement.executeQuery()) {
					while (result.next()) {
						payloads.put(result.getLong(1), Objects.requireNonNull(result.getBytes(2)));
					}
				}
			}
			return payloads;
		});
	}

	@Override
	public void settle(Collection<EventRef> acknowledged) {
		this.work.inTransaction(TransactionSettings.SETTLE, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.sql.settle())) {
				statement.setArray(1, seqs(connection, acknowledged));
				statement.setArray(2, ids(connection, acknowledged));
				return statement.executeUpdate();
			}
		});
	}

	private static Array seqs(Connection connection, Collection<EventRef> rows) throws SQLException {
		Long[] seqs = new Long[rows.size()];
		int index = 0;
		for (EventRef row : rows) {
			seqs[index++] = row.seq();
		}
		return connection.createArrayOf("bigint", seqs);
	}

	private static Array ids(Connection connection, Collection<EventRef> rows) throws SQLException {
		byte[][] ids = new byte[rows.size()][];
		int index = 0;
		for (EventRef row : rows) {
			ids[index++] = ByteBuffer.allocate(2 * Long.BYTES)
				.putLong(row.id().getMostSignificantBits())
				.putLong(row.id().getLeastSignificantBits())
				.array();
		}
		return connection.createArrayOf("bytea", ids);
	}

	@Override
	public boolean recordFailure(Claim claim, EventRef row, String error, Duration retryIn) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.sql.recordFailure())) {
				statement.setLong(1, retryIn.toMillis());
				statement.setString(2, error);
				setClaim(statement, 3, claim, row);
				return statement.executeUpdate() == 1;
			}
		});
	}

	@Override
	public boolean recordCarefulSend(Claim claim, EventRef row) {
		return countCarefulSend(claim, row, 1);
	}

	@Override
	public boolean withdrawCarefulSend(Claim claim, EventRef row) {
		return countCarefulSend(claim, row, -1);
	}

	private boolean countCarefulSend(Claim claim, EventRef row, int change) {
		// It is this process that may die, not the server.
		return this.work.inTransaction(TransactionSettings.WRITE_WITHOUT_FLUSH, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.sql.countCarefulSend())) {
				statement.setInt(1, change);
				setClaim(statement, 2, claim, row);
				return statement.executeUpdate() == 1;
			}
		});
	}

	@Override
	public boolean deadLetter(Claim claim, EventRef row, GivenUp givenUp) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.sql.deadLetter())) {
				statement.setInt(1, givenUp.attemptFailed() ? 1 : 0);
				statement.setString(2, givenUp.error());
				statement.setBoolean(3, givenUp.blockKey());
				statement.setString(4, givenUp.fingerprint());
				statement.setString(5, givenUp.stackTrace());
				statement.setBoolean(6, givenUp.forward());
				setClaim(statement, 7, claim, row);
				return statement.executeUpdate() == 1;
			}
		});
	}

	private static void setClaim(PreparedStatement statement, int first, Claim claim, EventRef row)
			throws SQLException {
		statement.setLong(first, row.seq());
		statement.setObject(first + 1, row.id());
		statement.setString(first + 2, claim.transport());
		statement.setInt(first + 3, claim.part());
		statement.setObject(first + 4, claim.owner());
		statement.setLong(first + 5, claim.epoch());
	}

	@Override
	public DueMove moveDue(UUID owner, String transport, Collection<Integer> parts, int limit) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			int moved;
			try (PreparedStatement statement = connection.prepareStatement(this.sql.moveDue())) {
				statement.setString(1, transport);
				statement.setArray(2, connection.createArrayOf("int", parts.toArray()));
				statement.setObject(3, owner);
				statement.setInt(4, limit);
				moved = statement.executeUpdate();
			}
			try (PreparedStatement statement = connection.prepareStatement(this.sql.nextDue())) {
				statement.setArray(1, connection.createArrayOf("int", parts.toArray()));
				statement.setString(2, transport);
				try (ResultSet result = statement.executeQuery()) {
					result.next();
					long millis = result.getLong(1);
					return new DueMove(moved, result.wasNull() ? null : Duration.ofMillis(Math.max(0, millis)));
				}
			}
		});
	}

}
