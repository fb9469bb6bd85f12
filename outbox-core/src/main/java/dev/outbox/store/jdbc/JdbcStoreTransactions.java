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

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;

import javax.sql.DataSource;

import dev.outbox.store.StoreTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells whether the calling thread is in a transaction of the outbox's data source. Has
 * to be added, as a listener, to every transaction manager that can begin one: also under
 * another resource's transaction a connection is bound to the thread and looks as if it
 * were in a transaction, and only the manager that has begun one knows better.
 */
public final class JdbcStoreTransactions implements StoreTransactions, TransactionExecutionListener {

	private final DataSource dataSource;

	/**
	 * The connections on which a transaction has begun, and whether it is ending.
	 */
	private final Map<Object, Boolean> begun = Collections.synchronizedMap(new WeakHashMap<>());

	/**
	 * What the transactions on these connections are checked for.
	 */
	private final Map<Object, Runnable> checks = Collections.synchronizedMap(new WeakHashMap<>());

	/**
	 * Creates the check.
	 * @param dataSource the outbox's data source
	 */
	public JdbcStoreTransactions(DataSource dataSource) {
		this.dataSource = bound(dataSource);
	}

	/**
	 * Returns the data source that transaction managers bind connections of: the same as
	 * they find when they are given this one.
	 */
	static DataSource bound(DataSource dataSource) {
		DataSource bound = dataSource;
		while (bound instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null) {
			bound = proxy.getTargetDataSource();
		}
		return bound;
	}

	/**
	 * Returns the data source that a transaction manager must have for its transactions
	 * to be recognised.
	 * @return the data source, without a proxy that only joins transactions
	 */
	public DataSource dataSource() {
		return this.dataSource;
	}

	@Override
	public State state() {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			return State.NONE;
		}
		Object holder = TransactionSynchronizationManager.getResource(this.dataSource);
		Boolean ending = (holder != null) ? this.begun.get(holder) : null;
		if (ending == null) {
			return State.FOREIGN;
		}
		if (ending) {
			return State.ENDED;
		}
		return TransactionSynchronizationManager.isCurrentTransactionReadOnly() ? State.READ_ONLY : State.ACTIVE;
	}

	/**
	 * JDBC holds nothing back.
	 */
	@Override
	public void flush() {
	}

	@Override
	public void checkBeforeCommit(Runnable check) {
		Object holder = TransactionSynchronizationManager.getResource(this.dataSource);
		this.checks.merge(Objects.requireNonNull(holder), check, (first, second) -> () -> {
			first.run();
			second.run();
		});
	}

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
		if (beginFailure == null) {
			this.checks.remove(mark(transaction, false));
		}
	}

	@Override
	public void beforeCommit(TransactionExecution transaction) {
		Runnable check = this.checks.remove(mark(transaction, true));
		if (check != null) {
			check.run();
		}
	}

	@Override
	public void beforeRollback(TransactionExecution transaction) {
		mark(transaction, true);
	}

	private @Nullable ConnectionHolder mark(TransactionExecution transaction, boolean ending) {
		ConnectionHolder holder = holder(transaction);
		if (holder == null || holder != TransactionSynchronizationManager.getResource(this.dataSource)) {
			return null;
		}
		this.begun.put(holder, ending);
		return holder;
	}

	/**
	 * Returns the connection that a new transaction was begun on, and none for a nested
	 * one, which ends with the one around it.
	 */
	private static @Nullable ConnectionHolder holder(TransactionExecution transaction) {
		if (transaction.isNewTransaction() && transaction instanceof DefaultTransactionStatus status
				&& status.hasTransaction() && status.getTransaction() instanceof JdbcTransactionObjectSupport jdbc
				&& jdbc.hasConnectionHolder()) {
			return jdbc.getConnectionHolder();
		}
		return null;
	}

}
