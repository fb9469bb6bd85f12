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

package dev.outbox.publish;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.StoreTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A database in memory with transactions and savepoints, for what happens between the
 * publisher and Spring's callbacks. What a real database does is tested on a real one.
 */
class TestDatabase extends AbstractPlatformTransactionManager implements EventStore, StoreTransactions {

	private static final long serialVersionUID = 1L;

	final transient List<NewEvent> committed = new ArrayList<>();

	final transient List<String> log = new ArrayList<>();

	transient Runnable onFlush = () -> {
	};

	transient @Nullable RuntimeException failure;

	transient Damage damage = Damage.NONE;

	transient String refusedKey = "";

	transient @Nullable State forced;

	TestDatabase() {
		setNestedTransactionAllowed(true);
		addListener(new TransactionExecutionListener() {

			@Override
			public void beforeCommit(TransactionExecution transaction) {
				if (transaction.isNewTransaction()) {
					current().ended = true;
					current().check.run();
				}
			}

		});
	}

	@Override
	public void append(List<NewEvent> events) {
		this.log.add("append " + events.size());
		if (this.failure != null) {
			throw this.failure;
		}
		current().rows.addAll(events);
	}

	@Override
	public Optional<UUID> claim(String idempotencyKey, UUID id) {
		if (this.failure != null) {
			throw this.failure;
		}
		if (idempotencyKey.equals(this.refusedKey)) {
			throw new IllegalStateException("too long");
		}
		return Optional.ofNullable(current().claims.putIfAbsent(idempotencyKey, id));
	}

	@Override
	public Damage damage(RuntimeException failure) {
		return this.damage;
	}

	@Override
	public State state() {
		if (this.forced != null) {
			return this.forced;
		}
		if (!TransactionSynchronizationManager.hasResource(this)) {
			return State.NONE;
		}
		Transaction transaction = current();
		if (transaction.ended) {
			return State.ENDED;
		}
		return transaction.readOnly ? State.READ_ONLY : State.ACTIVE;
	}

	@Override
	public void flush() {
		this.log.add("flush");
		this.onFlush.run();
	}

	@Override
	public void checkBeforeCommit(Runnable check) {
		current().check = check;
	}

	private Transaction current() {
		Object transaction = TransactionSynchronizationManager.getResource(this);
		if (transaction == null) {
			throw new IllegalStateException("no transaction");
		}
		return (Transaction) transaction;
	}

	@Override
	protected Object doGetTransaction() {
		return new Handle();
	}

	@Override
	protected boolean isExistingTransaction(Object transaction) {
		return TransactionSynchronizationManager.hasResource(this);
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		TransactionSynchronizationManager.bindResource(this, new Transaction(definition.isReadOnly()));
	}

	@Override
	protected Object doSuspend(Object transaction) {
		return TransactionSynchronizationManager.unbindResource(this);
	}

	@Override
	protected void doResume(@Nullable Object transaction, Object suspended) {
		TransactionSynchronizationManager.bindResource(this, suspended);
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
		this.log.add("commit");
		this.committed.addAll(current().rows);
	}

	@Override
	protected void doRollback(DefaultTransactionStatus status) {
		this.log.add("rollback");
	}

	@Override
	protected void doSetRollbackOnly(DefaultTransactionStatus status) {
	}

	@Override
	protected void doCleanupAfterCompletion(Object transaction) {
		TransactionSynchronizationManager.unbindResource(this);
	}

	private final class Handle implements SavepointManager {

		@Override
		public Object createSavepoint() {
			Transaction transaction = current();
			return new Savepoint(new ArrayList<>(transaction.rows), new HashMap<>(transaction.claims));
		}

		@Override
		public void rollbackToSavepoint(Object savepoint) {
			Savepoint state = (Savepoint) savepoint;
			current().rows = new ArrayList<>(state.rows());
			current().claims = new HashMap<>(state.claims());
		}

		@Override
		public void releaseSavepoint(Object savepoint) {
		}

	}

	private record Savepoint(List<NewEvent> rows, Map<String, UUID> claims) {

	}

	private static final class Transaction {

		private final boolean readOnly;

		private Runnable check = () -> {
		};

		private List<NewEvent> rows = new ArrayList<>();

		private Map<String, UUID> claims = new HashMap<>();

		private boolean ended;

		Transaction(boolean readOnly) {
			this.readOnly = readOnly;
		}

	}

}
