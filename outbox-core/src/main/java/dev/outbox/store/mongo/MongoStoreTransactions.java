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

package dev.outbox.store.mongo;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;

import dev.outbox.store.StoreTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells whether the calling thread is in a transaction of the outbox's database. Has to
 * be added, as a listener, to the transaction managers of that database, and to no
 * others: also under another resource's transaction a session can be bound to the thread,
 * which commits only after that one has.
 */
public final class MongoStoreTransactions implements StoreTransactions, TransactionExecutionListener {

	private final MongoDatabaseFactory factory;

	/**
	 * The sessions in which a transaction has begun, and whether it is ending.
	 */
	private final Map<Object, Boolean> begun = Collections.synchronizedMap(new WeakHashMap<>());

	/**
	 * What the transactions of these sessions are checked for.
	 */
	private final Map<Object, Runnable> checks = Collections.synchronizedMap(new WeakHashMap<>());

	/**
	 * Creates the check.
	 * @param factory the outbox's database
	 */
	public MongoStoreTransactions(MongoDatabaseFactory factory) {
		this.factory = factory;
	}

	/**
	 * Returns the database that a transaction manager must have for its transactions to
	 * be recognised.
	 * @return the factory
	 */
	public MongoDatabaseFactory factory() {
		return this.factory;
	}

	@Override
	public State state() {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			return State.NONE;
		}
		Object holder = TransactionSynchronizationManager.getResource(this.factory);
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
	 * Spring Data MongoDB holds nothing back.
	 */
	@Override
	public void flush() {
	}

	@Override
	public void checkBeforeCommit(Runnable check) {
		Object holder = TransactionSynchronizationManager.getResource(this.factory);
		this.checks.merge(Objects.requireNonNull(holder), check, (first, second) -> () -> {
			first.run();
			second.run();
		});
	}

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
		if (beginFailure == null) {
			Object holder = mark(transaction, false);
			if (holder != null) {
				this.checks.remove(holder);
			}
		}
	}

	@Override
	public void beforeCommit(TransactionExecution transaction) {
		Object holder = mark(transaction, true);
		Runnable check = (holder != null) ? this.checks.remove(holder) : null;
		if (check != null) {
			check.run();
		}
	}

	@Override
	public void beforeRollback(TransactionExecution transaction) {
		mark(transaction, true);
	}

	/**
	 * A transaction that has only joined another one ends with that.
	 */
	private @Nullable Object mark(TransactionExecution transaction, boolean ending) {
		Object holder = TransactionSynchronizationManager.getResource(this.factory);
		if (!transaction.isNewTransaction() || holder == null) {
			return null;
		}
		this.begun.put(holder, ending);
		return holder;
	}

}
