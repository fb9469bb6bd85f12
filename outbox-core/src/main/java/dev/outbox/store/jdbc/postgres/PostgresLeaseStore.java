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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.Destination;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;

/**
 * Leases in PostgreSQL, on the server's clock.
 */
public final class PostgresLeaseStore implements LeaseStore {

	private final JdbcWork work;

	private final int partitions;

	private final long lock;

	private final String createPartitions;

	private final String join;

	private final String renew;

	private final String expire;

	private final String count;

	private final String owned;

	private final String paused;

	private final String blocked;

	private final String take;

	private final String release;

	private final String releaseAll;

	private final String leave;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections, best ones that nothing else uses
	 * @param tables names of the tables
	 * @param partitions how many partitions there are
	 */
	public PostgresLeaseStore(DataSource dataSource, TableNames tables, int partitions) {
		this.work = new JdbcWork(dataSource);
		this.partitions = partitions;
		this.lock = tables.lock("partitions");
		this.createPartitions = tables.apply("""
				INSERT INTO ${partition} (transport, part)
				SELECT t, p FROM unnest(?::text[]) t, generate_series(0, ? - 1) p ORDER BY 1, 2
				ON CONFLICT DO NOTHING""");
		this.join = tables.apply("""
				INSERT INTO ${instance} (id, name, transports, joined_at, expires_at)
				VALUES (?, ?, ?::text[], clock_timestamp(), clock_timestamp() + ? * interval '1 millisecond')""");
		this.renew = tables.apply("""
				UPDATE ${instance} SET expires_at = clock_timestamp() + ? * interval '1 millisecond'
				WHERE id = ? AND expires_at > clock_timestamp()""");
		// A row that is locked is being renewed.
		this.expire = tables.apply("""
				DELETE FROM ${instance} WHERE id IN (
					SELECT id FROM ${instance} WHERE expires_at < clock_timestamp() FOR UPDATE SKIP LOCKED)""");
		this.count = tables.apply("""
				SELECT t, count(*) FROM ${instance} i, unnest(i.transports) t
				WHERE i.expires_at > clock_timestamp() GROUP BY t""");
		this.owned = tables.apply("SELECT transport, part, epoch FROM ${partition} WHERE owner = ?");
		this.paused = tables.apply("SELECT transport, destination FROM ${destination_state}");
		this.blocked = tables.apply("SELECT transport, destination, event_key FROM ${blocked_key}");
		this.take = tables.apply("""
				WITH free AS (
					SELECT p.part, p.owner FROM ${partition} p
					WHERE p.transport = ?
						AND (p.owner IS NULL OR NOT EXISTS (SELECT 1 FROM ${instance} i WHERE i.id = p.owner))
						AND EXISTS (SELECT 1 FROM ${instance} me WHERE me.id = ?)
					ORDER BY p.part LIMIT ?)
				UPDATE ${partition} p SET owner = ?, epoch = p.epoch + 1
				FROM free WHERE p.transport = ? AND p.part = free.part
				RETURNING p.part, p.epoch, free.owner IS NOT NULL""");
		this.release = tables.apply("""
				UPDATE ${partition} SET owner = NULL WHERE transport = ? AND part = ANY (?::int[]) AND owner = ?""");
		this.releaseAll = tables.apply("UPDATE ${partition} SET owner = NULL WHERE owner = ?");
		this.leave = tables.apply("DELETE FROM ${instance} WHERE id = ?");
	}

	@Override
	public void join(UUID instance, String name, Set<String> transports, Duration ttl) {
		this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			String[] names = transports.toArray(new String[0]);
			try (PreparedStatement statement = connection.prepareStatement(this.createPartitions)) {
				statement.setArray(1, connection.createArrayOf("text", names));
				statement.setInt(2, this.partitions);
				statement.executeUpdate();
			}
			try (PreparedStatement statement = connection.prepareStatement(this.join)) {
				statement.setObject(1, instance);
				statement.setString(2, name);
				statement.setArray(3, connection.createArrayOf("text", names));
				statement.setLong(4, ttl.toMillis());
				return statement.executeUpdate();
			}
		});
	}

	@Override
	public boolean renew(UUID instance, Duration ttl) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			boolean renewed;
			try (PreparedStatement statement = connection.prepareStatement(this.renew)) {
				statement.setLong(1, ttl.toMillis());
				statement.setObject(2, instance);
				renewed = statement.executeUpdate() == 1;
			}
			try (PreparedStatement statement = connection.prepareStatement(this.expire)) {
				statement.executeUpdate();
			}
			return renewed;
		});
	}

	@Override
	public Leases observe(UUID instance) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			Map<String, Integer> instances = new HashMap<>();
			rows(connection, this.count, null, (row) -> instances.put(text(row, 1), row.getInt(2)));
			Map<String, Map<Integer, Long>> mine = new HashMap<>();
			rows(connection, this.owned, instance, (row) -> mine.computeIfAbsent(text(row, 1), (key) -> new HashMap<>())
				.put(row.getInt(2), row.getLong(3)));
			Set<Destination> destinations = new HashSet<>();
			rows(connection, this.paused, null, (row) -> destinations.add(new Destination(text(row, 1), text(row, 2))));
			Set<BlockedKey> keys = new HashSet<>();
			rows(connection, this.blocked, null,
					(row) -> keys.add(new BlockedKey(new Destination(text(row, 1), text(row, 2)), text(row, 3))));
			return new Leases(instances, mine, destinations, keys);
		});
	}

	@Override
	public List<TakenPartition> take(UUID instance, String transport, int count) {
		return this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			// A statement of its own: the next one must not see what was before the lock.
			try (PreparedStatement statement = connection.prepareStatement("SELECT pg_advisory_xact_lock(?)")) {
				statement.setLong(1, this.lock);
				statement.execute();
			}
			try (PreparedStatement statement = connection.prepareStatement(this.expire)) {
				statement.executeUpdate();
			}
			List<TakenPartition> taken = new ArrayList<>();
			try (PreparedStatement statement = connection.prepareStatement(this.take)) {
				statement.setString(1, transport);
				statement.setObject(2, instance);
				statement.setInt(3, count);
				statement.setObject(4, instance);
				statement.setString(5, transport);
				try (ResultSet row = statement.executeQuery()) {
					while (row.next()) {
						taken.add(new TakenPartition(row.getInt(1), row.getLong(2), row.getBoolean(3)));
					}
				}
			}
			return taken;
		});
	}

	@Override
	public void release(UUID instance, String transport, Collection<Integer> parts) {
		this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(this.release)) {
				statement.setString(1, transport);
				statement.setArray(2, connection.createArrayOf("int", parts.toArray()));
				statement.setObject(3, instance);
				return statement.executeUpdate();
			}
		});
	}

	@Override
	public void leave(UUID instance) {
		this.work.inTransaction(TransactionSettings.WRITE, (connection) -> {
			for (String statement : List.of(this.releaseAll, this.leave)) {
				try (PreparedStatement prepared = connection.prepareStatement(statement)) {
					prepared.setObject(1, instance);
					prepared.executeUpdate();
				}
			}
			return true;
		});
	}

	private static void rows(Connection connection, String sql, @Nullable UUID instance, RowReader reader)
			throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			if (instance != null) {
				statement.setObject(1, instance);
			}
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					reader.read(row);
				}
			}
		}
	}

	private static String text(ResultSet row, int column) throws SQLException {
		return Objects.requireNonNull(row.getString(column));
	}

	/**
	 * Reads a row.
	 */
	@FunctionalInterface
	private interface RowReader {

		void read(ResultSet row) throws SQLException;

	}

}
