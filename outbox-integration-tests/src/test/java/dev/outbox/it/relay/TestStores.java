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

package dev.outbox.it.relay;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.it.store.Product;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.TableNames;

/**
 * The stores of one database, which a test can cut off to let a relay die.
 */
final class TestStores implements AutoCloseable {

	private static final TableNames TABLES = new TableNames(null, "outbox_");

	private final HikariDataSource pool;

	private final JdbcDialect dialect;

	private AtomicBoolean cut = new AtomicBoolean();

	TestStores(TestDatabase<?> database) {
		HikariConfig config = new HikariConfig();
		config.setJdbcUrl(database.jdbcUrl());
		config.setUsername(database.user());
		config.setPassword(database.password());
		config.setMaximumPoolSize(8);
		this.pool = new HikariDataSource(config);
		this.dialect = Product.of(database).dialect();
		new OutboxSchema(this.dialect, database.dataSource(), TABLES).create();
	}

	EventWriter writer() {
		return this.dialect.eventWriter(TABLES, Duration.ofDays(7));
	}

	RelayStore relay() {
		return cuttable(RelayStore.class, this.dialect.relayStore(this.pool, TABLES, false));
	}

	LeaseStore leases() {
		return cuttable(LeaseStore.class, this.dialect.leaseStore(this.pool, TABLES, 64));
	}

	DeadLetterStore deadLetters() {
		return this.dialect.deadLetterStore(this.pool, TABLES);
	}

	/**
	 * Returns signals that never come.
	 * @param listening whether they claim that they would
	 */
	CommitSignals signals(boolean listening) {
		return new CommitSignals() {

			@Override
			public void listen(Runnable onSignal) {
			}

			@Override
			public boolean isListening() {
				return listening;
			}

			@Override
			public void signal() {
			}

			@Override
			public void close() {
			}

		};
	}

	int connectionsInUse() {
		return this.pool.getHikariPoolMXBean().getActiveConnections();
	}

	/**
	 * Lets all stores handed out so far fail, as if their process were gone.
	 */
	void cutOff() {
		this.cut.set(true);
	}

	void connect() {
		this.cut = new AtomicBoolean();
	}

	private <T> T cuttable(Class<T> type, T store) {
		AtomicBoolean own = this.cut;
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
				if (own.get() && !method.getName().equals("start") && !method.getName().equals("merge")) {
					throw new IllegalStateException("cut off");
				}
				try {
					return method.invoke(store, args);
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

	@Override
	public void close() {
		this.pool.close();
	}

}
