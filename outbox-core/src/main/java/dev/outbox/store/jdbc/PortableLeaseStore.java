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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.store.LeaseStore;

/**
 * Leases on databases without arrays, on the server's clock.
 */
final class PortableLeaseStore implements LeaseStore {

	private static final String SEPARATOR = "\n";

	private final PortableWork work;

	private final int partitions;

	private final String countPartitions;

	private final String createPartition;

	private final String join;

	private final String renew;

	private final String expired;

	private final String expire;

	private final String instances;

	private final String owned;

	private final String paused;

	private final String blocked;

	private final String lock;

	private final String known;

	private final String free;

	private final String take;

	private final String release;

	private final String releaseAll;

	private final String leave;

	PortableLeaseStore(PortableWork work, int partitions) {
		this.work = work;
		this.partitions = partitions;
		SqlSyntax syntax = work.syntax();
		this.countPartitions = work.sql("SELECT count(*) FROM ${partition} WHERE transport = ?");
		this.createPartition = work.sql(syntax.insertIfAbsent() + " ${partition} (transport, part) VALUES (?, ?)");
		this.join = work.sql("INSERT INTO ${instance} (id, name, transports, joined_at, expires_at) VALUES (?, ?, ?, "
				+ syntax.now() + ", " + syntax.fromNow() + ")");
		this.renew = work.sql("UPDATE ${instance} SET expires_at = " + syntax.fromNow()
				+ " WHERE id = ? AND expires_at > " + syntax.now());
		// A row that is locked is being renewed.
		this.expired = work.sql("SELECT id FROM ${instance}" + syntax.lockingUnlessLocked() + " WHERE expires_at < "
				+ syntax.now() + syntax.forUpdateSkipLocked());
		this.expire = work.sql("DELETE FROM ${instance} WHERE id = ?");
		this.instances = work.sql("SELECT transports FROM ${instance} WHERE expires_at > " + syntax.now());
		this.owned = work.sql("SELECT transport, part, epoch FROM ${partition} WHERE owner = ?");
		this.paused = work.sql("SELECT transport, destination FROM ${destination_state}");
		this.blocked = work.sql("SELECT transport, destination, event_key FROM ${blocked_key}");
		this.lock = work.sql("SELECT name FROM ${setting}" + syntax.locking() + " WHERE name = 'lock.partitions'"
				+ syntax.forUpdate());
		this.known = work.sql("SELECT id FROM ${instance} WHERE id = ?");
		// A row that is locked is being released, or its events are being moved.
		this.free = work.sql(syntax.lockFirst("p.part, p.epoch, p.owner", "${partition} p", """
				p.transport = ?
					AND (p.owner IS NULL OR NOT EXISTS (SELECT 1 FROM ${instance} i WHERE i.id = p.owner))
				ORDER BY p.part"""));
		this.take = work.sql("UPDATE ${partition} SET owner = ?, epoch = epoch + 1 WHERE transport = ? AND part = ?");
		this.release = work.sql("UPDATE ${partition} SET owner = NULL WHERE transport = ? AND part = ? AND owner = ?");
		this.releaseAll = work.sql("UPDATE ${partition} SET owner = NULL WHERE owner = ?");
		this.leave = work.sql("DELETE FROM ${instance} WHERE id = ?");
	}

	@Override
	public void join(UUID instance, String name, Set<String> transports, Duration ttl) {
		this.work.inTransaction((connection) -> {
			for (String transport : transports) {
				long there = PortableWork.query(connection, this.countPartitions, (row) -> row.getLong(1), transport)
					.get(0);
				for (int part = 0; there < this.partitions && part < this.partitions; part++) {
					this.work.insertIfAbsent(connection, this.createPartition, transport, part);
				}
			}
			return PortableWork.update(connection, this.join, instance, name, String.join(SEPARATOR, transports),
					ttl.toMillis());
		});
	}

	@Override
	public boolean renew(UUID instance, Duration ttl) {
		return this.work.inTransaction((connection) -> {
			boolean renewed = PortableWork.update(connection, this.renew, ttl.toMillis(), instance) == 1;
			expire(connection);
			return renewed;
		});
	}

	private void expire(Connection connection) throws SQLException {
		for (UUID gone : PortableWork.query(connection, this.expired,
				(row) -> this.work.syntax().format().uuid(row, 1))) {
			PortableWork.update(connection, this.expire, gone);
		}
	}

	@Override
	public Leases observe(UUID instance) {
		return this.work.reading((connection) -> {
			Map<String, Integer> instances = new HashMap<>();
			PortableWork.query(connection, this.instances, (row) -> text(row.getString(1)))
				.forEach((names) -> List.of(names.split(SEPARATOR))
					.forEach((name) -> instances.merge(name, 1, Integer::sum)));
			Map<String, Map<Integer, Long>> mine = new HashMap<>();
			PortableWork.query(connection, this.owned,
					(row) -> mine.computeIfAbsent(text(row.getString(1)), (key) -> new HashMap<>())
						.put(row.getInt(2), row.getLong(3)) == null,
					instance);
			Set<Destination> destinations = new HashSet<>(PortableWork.query(connection, this.paused,
					(row) -> new Destination(text(row.getString(1)), text(row.getString(2)))));
			Set<BlockedKey> keys = new HashSet<>(PortableWork.query(connection, this.blocked,
					(row) -> new BlockedKey(new Destination(text(row.getString(1)), text(row.getString(2))),
							text(row.getString(3)))));
			return new Leases(instances, mine, destinations, keys);
		});
	}

	/**
	 * One instance at a time, and each statement sees what was committed before it.
	 */
	@Override
	public List<TakenPartition> take(UUID instance, String transport, int count) {
		return this.work.inTransaction((connection) -> {
			PortableWork.query(connection, this.lock, (row) -> row.getString(1));
			expire(connection);
			if (PortableWork.query(connection, this.known, (row) -> row.getBytes(1), instance).isEmpty()) {
				return List.of();
			}
			List<TakenPartition> taken = new ArrayList<>(PortableWork.query(connection, this.free,
					(row) -> new TakenPartition(row.getInt(1), row.getLong(2) + 1, row.getBytes(3) != null), transport,
					count));
			for (TakenPartition partition : taken) {
				PortableWork.update(connection, this.take, instance, transport, partition.part());
			}
			return taken;
		});
	}

	@Override
	public void release(UUID instance, String transport, Collection<Integer> parts) {
		this.work.inTransaction((connection) -> {
			int released = 0;
			for (int part : parts.stream().sorted().toList()) {
				released += PortableWork.update(connection, this.release, transport, part, instance);
			}
			return released;
		});
	}

	@Override
	public void leave(UUID instance) {
		this.work.inTransaction((connection) -> {
			PortableWork.update(connection, this.releaseAll, instance);
			return PortableWork.update(connection, this.leave, instance);
		});
	}

	private static String text(String value) {
		return Objects.requireNonNull(value);
	}

}
