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

package com.example.toyoutbox;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions of a {@link ToyDatabase}.
 */
public final class ToyTransactionManager extends AbstractPlatformTransactionManager {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient ToyDatabase database;

	/**
	 * Creates the manager.
	 * @param database whose transactions it begins
	 */
	public ToyTransactionManager(ToyDatabase database) {
		this.database = database;
	}

	@Override
	protected Object doGetTransaction() {
		ToyTransaction bound = ToyTransaction.find(this.database);
		return (bound != null) ? bound : new ToyTransaction(this.database);
	}

	@Override
	protected boolean isExistingTransaction(Object transaction) {
		return transaction == ToyTransaction.find(this.database);
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
		TransactionSynchronizationManager.bindResource(this.database, transaction);
	}

	@Override
	protected Object doSuspend(Object transaction) {
		return TransactionSynchronizationManager.unbindResource(this.database);
	}

	@Override
	protected void doResume(@Nullable Object transaction, Object suspended) {
		TransactionSynchronizationManager.bindResource(this.database, suspended);
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
		((ToyTransaction) status.getTransaction()).commit();
	}

	@Override
	protected void doRollback(DefaultTransactionStatus status) {
		((ToyTransaction) status.getTransaction()).rollback();
	}

	/**
	 * Spring remembers that the outermost call must roll back.
	 */
	@Override
	protected void doSetRollbackOnly(DefaultTransactionStatus status) {
		((ToyTransaction) status.getTransaction()).checkBeforeCommit(() -> {
			throw new UnexpectedRollbackException("A part has failed before");
		});
	}

	@Override
	protected void doCleanupAfterCompletion(Object transaction) {
		TransactionSynchronizationManager.unbindResourceIfPossible(this.database);
	}

}
