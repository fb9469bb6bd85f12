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

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

import javax.sql.DataSource;

import dev.outbox.store.ClusterStore;

/**
 * What operators see of all instances, on any database.
 */
public final class JdbcClusterStore implements ClusterStore {

	private final OperatorWork work;

	private final String instances;

	private final String partitions;

	private final String paused;

	private final String countBlocked;

	private final String blocked;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @param syntax what the database says differently
	 */
	public JdbcClusterStore(DataSource dataSource, TableNames tables, CommonSyntax syntax) {
		this.work = new OperatorWork(dataSource, tables, syntax);
		this.instances = this.work.sql("SELECT id, name, joined_at, " + syntax.millisBetween(syntax.now(), "expires_at")
				+ ", " + syntax.transports() + " FROM ${instance} WHERE expires_at > " + syntax.now());
		this.partitions = this.work
			.sql("SELECT transport, part, epoch, CASE WHEN owner IS NULL THEN 0 ELSE 1 END, owner"
					+ " FROM ${partition} WHERE epoch > 0 ORDER BY transport, part");
		this.paused = this.work.sql("SELECT transport, destination, paused_at, paused_by FROM ${destination_state}"
				+ " ORDER BY transport, destination");
		this.countBlocked = this.work.sql("SELECT count(*) FROM ${blocked_key}");
		this.blocked = this.work.sql("SELECT transport, destination, event_key, blocked_at, seq FROM ${blocked_key}"
				+ " ORDER BY blocked_at, seq" + syntax.first("?"));
	}

	@Override
	public Cluster observe(int blockedKeys) {
		RowFormat format = this.work.syntax().format();
		return this.work.inSnapshot((connection) -> {
			List<Instance> instances = this.work.query(connection, this.instances,
					(row) -> new Instance(format.uuid(row, 1), OperatorWork.text(row, 2),
							Set.of(OperatorWork.text(row, 5).split("\n")), this.work.time(row, 3),
							Duration.ofMillis(Math.max(0, row.getLong(4)))));
			List<Ownership> partitions = this.work.query(connection, this.partitions,
					(row) -> new Ownership(OperatorWork.text(row, 1), row.getInt(2),
							(row.getInt(4) == 1) ? format.uuid(row, 5) : null, row.getLong(3)));
			List<Paused> paused = this.work.query(connection, this.paused,
					(row) -> new Paused(OperatorWork.destination(row, 1), this.work.time(row, 3),
							OperatorWork.text(row, 4)));
			long count = this.work.query(connection, this.countBlocked, (row) -> row.getLong(1)).get(0);
			// A limit of no rows is refused by some databases.
			List<Blocked> blocked = (blockedKeys == 0) ? List.of()
					: this.work.query(connection, this.blocked, (row) -> new Blocked(OperatorWork.destination(row, 1),
							OperatorWork.text(row, 3), this.work.time(row, 4), row.getLong(5)), blockedKeys);
			return new Cluster(sorted(instances), partitions, paused, count, blocked);
		});
	}

	private static List<Instance> sorted(List<Instance> instances) {
		return instances.stream().sorted(Comparator.comparing(Instance::name).thenComparing(Instance::id)).toList();
	}

}
