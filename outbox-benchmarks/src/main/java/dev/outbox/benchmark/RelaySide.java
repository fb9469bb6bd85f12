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

package dev.outbox.benchmark;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.relay.RelaySettings;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.JdbcDialect;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * An outbox as a relay sees it that nothing was set for.
 *
 * @param store the events
 * @param leases the leases
 * @param signals tells of commits
 * @param connections closes what these go through
 */
record RelaySide(RelayStore store, LeaseStore leases, CommitSignals signals,
		Runnable connections) implements AutoCloseable {

	static final int PARTITIONS = RelaySettings.defaults().partitions();

	/**
	 * Connect to tables.
	 */
	static RelaySide of(JdbcDialect dialect, JdbcAddress address, boolean archive) {
		HikariDataSource work = address.pool("outbox-relay", 2);
		HikariDataSource heartbeat = address.pool("outbox-lease", 1);
		CommitSignals signals = dialect.commitSignals(new DriverManagerDataSource(address.url(), address.user(), ""),
				EventTable.NAMES);
		return new RelaySide(dialect.relayStore(work, EventTable.NAMES, archive),
				dialect.leaseStore(heartbeat, EventTable.NAMES, PARTITIONS), signals, () -> {
					heartbeat.close();
					work.close();
				});
	}

	@Override
	public void close() {
		this.signals.close();
		this.connections.run();
	}

}
