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

package dev.outbox.autoconfigure.store.jdbc;

import java.time.Duration;

import javax.sql.DataSource;

import dev.outbox.autoconfigure.OutboxProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.util.ClassUtils;

/**
 * The database connections of the relay: a small pool of its own and one connection aside
 * to listen on, so that an application whose pool is exhausted still delivers, and the
 * relay never takes a connection that the application waits for.
 * <p>
 * Not a {@link DataSource} and not exposing one as a bean: that would change which beans
 * the application gets.
 */
final class RelayConnections implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RelayConnections.class);

	private static final boolean HIKARI = ClassUtils.isPresent("com.zaxxer.hikari.HikariDataSource",
			RelayConnections.class.getClassLoader());

	/**
	 * Statements take milliseconds; a read behind a long row of dead index entries may
	 * take much longer, and must come to its end.
	 */
	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final DataSource work;

	private final DataSource heartbeat;

	private final @Nullable DataSource listening;

	private final @Nullable Runnable closing;

	private RelayConnections(DataSource work, DataSource heartbeat, @Nullable DataSource listening,
			@Nullable Runnable closing) {
		this.work = work;
		this.heartbeat = heartbeat;
		this.listening = listening;
		this.closing = closing;
	}

	/**
	 * Derives the relay's connections from the application's.
	 * @param application data source of the application
	 * @param details what Spring Boot has built that data source from, if it has
	 * @param properties what the application has set
	 * @param lease how long a lease lasts: a heartbeat must fail in time to be tried
	 * again
	 * @return the connections; none has been opened yet
	 */
	static RelayConnections derive(DataSource application, @Nullable JdbcConnectionDetails details,
			OutboxProperties.RelayDataSource properties, Duration lease) {
		if (!properties.ownPool()) {
			return borrow(application, "outbox.relay.datasource.own-pool=false");
		}
		if (!HIKARI) {
			return borrow(application, "HikariCP is not on the class path");
		}
		RelayPool work = RelayPool.derive("outbox-relay", properties.maximumPoolSize() - 1, application, details,
				properties, PATIENCE);
		RelayPool heartbeat = RelayPool.derive("outbox-lease", 1, application, details, properties, lease.dividedBy(2));
		if (work == null || heartbeat == null) {
			return borrow(application, "they cannot be derived from a " + application.getClass().getName()
					+ "; set outbox.relay.datasource.url, username and password");
		}
		DataSource listening = properties.listen() ? work.unpooled() : null;
		if (properties.listen() && listening == null) {
			logger.info("The relay does not listen for commits of other instances: the pool names no JDBC URL. "
					+ "It finds their events by polling. Set outbox.relay.datasource.url to change that.");
		}
		return new RelayConnections(work.dataSource(), heartbeat.dataSource(), listening, () -> {
			work.close();
			heartbeat.close();
		});
	}

	private static RelayConnections borrow(DataSource application, String reason) {
		logger.info("The relay has no connections of its own because {}. It borrows the application's, one "
				+ "statement at a time, and finds events of other instances by polling.", reason);
		return new RelayConnections(application, application, null, null);
	}

	/**
	 * Returns where the relay reads and settles.
	 */
	DataSource work() {
		return this.work;
	}

	/**
	 * Returns where the relay renews its lease: no amount of work keeps it from doing so.
	 */
	DataSource heartbeat() {
		return this.heartbeat;
	}

	/**
	 * Returns where the connection comes from that the relay listens on. Each one is new,
	 * and belongs to the caller.
	 * @return the source, {@code null} if the relay is not to listen
	 */
	@Nullable DataSource listening() {
		return this.listening;
	}

	/**
	 * Returns whether the connections are the application's, to which they return as they
	 * came.
	 */
	boolean isBorrowed() {
		return this.closing == null;
	}

	@Override
	public void close() {
		if (this.closing != null) {
			this.closing.run();
		}
	}

}
