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

import dev.outbox.store.StoreTransactions;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What the transaction of a thread means for the store.
 */
public final class ToyStoreTransactions implements StoreTransactions {

	private final ToyDatabase database;

	/**
	 * Creates the check.
	 * @param database where the events are
	 */
	public ToyStoreTransactions(ToyDatabase database) {
		this.database = database;
	}

	@Override
	public State state() {
		if (!TransactionSynchronizationManager.isActualTransactionActive()) {
			return State.NONE;
		}
		ToyTransaction transaction = ToyTransaction.find(this.database);
		if (transaction == null) {
			return State.FOREIGN;
		}
		if (transaction.hasEnded()) {
			return State.ENDED;
		}
		return TransactionSynchronizationManager.isCurrentTransactionReadOnly() ? State.READ_ONLY : State.ACTIVE;
	}

	/**
	 * Nothing is held back.
	 */
	@Override
	public void flush() {
	}

	@Override
	public void checkBeforeCommit(Runnable check) {
		ToyTransaction.current(this.database).checkBeforeCommit(check);
	}

}
