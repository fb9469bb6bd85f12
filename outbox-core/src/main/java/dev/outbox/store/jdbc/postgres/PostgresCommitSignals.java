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
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

import javax.sql.DataSource;

import dev.outbox.store.CommitSignals;
import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals by NOTIFY and LISTEN. Never in the business transaction: a NOTIFY there lets
 * all commits of the server wait for each other. Both sides have a thread and a
 * connection of their own, opened with the first use and again whenever it breaks.
 */
public final class PostgresCommitSignals implements CommitSignals {

	private static final Logger logger = LoggerFactory.getLogger(PostgresCommitSignals.class);

	/**
	 * At most one signal in this time: under load a signal for every commit would cost
	 * more than it is worth.
	 */
	private static final long COALESCE = TimeUnit.MILLISECONDS.toNanos(5);

	private static final long MIN_PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long MAX_PAUSE = TimeUnit.SECONDS.toNanos(10);

	/**
	 * How long a listener waits before it makes sure that the server is still there.
	 */
	private static final int PATIENCE_MILLIS = 10_000;

	private final DataSource dataSource;

	private final String channel;

	/**
	 * Tells our own signals from those of others.
	 */
	private final String self = UUID.randomUUID().toString();

	private final AtomicBoolean requested = new AtomicBoolean();

	private volatile boolean closed;

	private volatile boolean listening;

	private @Nullable Side listener;

	private volatile @Nullable Side notifier;

	/**
	 * Creates the signals.
	 * @param dataSource where to get connections: not pooled, for they are held as long
	 * as this object is open, and not through a pooler that shares them between clients
	 * @param tables names of the tables whose commits are signalled
	 */
	public PostgresCommitSignals(DataSource dataSource, TableNames tables) {
		this.dataSource = dataSource;
		this.channel = tables.channel();
	}

	@Override
	public synchronized void listen(Runnable onSignal) {
		if (this.listener == null && !this.closed) {
			this.listener = new Side("outbox-listen", (connection) -> hear(connection, onSignal));
			this.listener.start();
		}
	}

	@Override
	public boolean isListening() {
		return this.listening;
	}

	@Override
	public void signal() {
		if (this.closed || this.requested.getAndSet(true)) {
			return;
		}
		Side current = this.notifier;
		if (current == null) {
			current = startNotifier();
		}
		LockSupport.unpark(current);
	}

	private synchronized Side startNotifier() {
		Side current = this.notifier;
		if (current == null) {
			current = new Side("outbox-notify", this::tell);
			this.notifier = current;
			current.start();
		}
		return current;
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.listener != null) {
			this.listener.end();
		}
		Side current = this.notifier;
		if (current != null) {
			current.end();
		}
	}

	private void hear(Connection connection, Runnable onSignal) throws SQLException {
		PGConnection notifications = connection.unwrap(PGConnection.class);
		try (Statement statement = connection.createStatement()) {
			statement.execute("LISTEN \"" + this.channel + '"');
			this.listening = true;
			// What was signalled before the connection was there has not been heard.
			onSignal.run();
			while (!this.closed) {
				PGNotification[] heard = notifications.getNotifications(PATIENCE_MILLIS);
				if (heard == null || heard.length == 0) {
					statement.execute("SELECT 1");
				}
				else if (isOthers(heard)) {
					onSignal.run();
				}
			}
		}
		finally {
			this.listening = false;
		}
	}

	private boolean isOthers(PGNotification[] heard) {
		for (PGNotification notification : heard) {
			if (!this.self.equals(notification.getParameter())) {
				return true;
			}
		}
		return false;
	}

	private void tell(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("SELECT pg_notify(?, ?)")) {
			statement.setString(1, this.channel);
			statement.setString(2, this.self);
			while (!this.closed) {
				if (this.requested.getAndSet(false)) {
					statement.execute();
					pause(COALESCE);
				}
				else {
					LockSupport.park(this);
				}
			}
		}
	}

	/**
	 * Waits, whatever is requested meanwhile.
	 */
	private void pause(long nanos) {
		long end = System.nanoTime() + nanos;
		for (long left = nanos; left > 0 && !this.closed; left = end - System.nanoTime()) {
			LockSupport.parkNanos(this, left);
		}
	}

	/**
	 * A thread with a connection that it opens again whenever it breaks.
	 */
	private final class Side extends Thread {

		private final Use use;

		private volatile @Nullable Connection connection;

		private Side(String name, Use use) {
			super(name);
			this.use = use;
			setDaemon(true);
		}

		@Override
		public void run() {
			long pause = MIN_PAUSE;
			while (!PostgresCommitSignals.this.closed) {
				long started = System.nanoTime();
				try (Connection opened = PostgresCommitSignals.this.dataSource.getConnection()) {
					this.connection = opened;
					opened.setAutoCommit(true);
					this.use.with(opened);
				}
				catch (SQLException | RuntimeException ex) {
					if (System.nanoTime() - started > MAX_PAUSE) {
						pause = MIN_PAUSE;
					}
					recover(ex, pause);
					pause = Math.min(MAX_PAUSE, pause * 2);
				}
			}
		}

		private void recover(Exception failure, long pause) {
			if (!PostgresCommitSignals.this.closed) {
				logger.warn("{} lost its connection and tries again in {} ms; the relays poll meanwhile: {}", getName(),
						TimeUnit.NANOSECONDS.toMillis(pause), failure.getMessage());
				pause(pause);
			}
		}

		private void end() {
			LockSupport.unpark(this);
			Connection current = this.connection;
			if (current != null) {
				try {
					// A read that waits ends only with its socket.
					current.abort(Runnable::run);
				}
				catch (SQLException ex) {
					logger.debug("{} could not close its connection", getName(), ex);
				}
			}
		}

	}

	/**
	 * What to do with a connection until it breaks.
	 */
	@FunctionalInterface
	private interface Use {

		void with(Connection connection) throws SQLException;

	}

}
