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

import java.time.Duration;

import com.mongodb.MongoException;
import org.jspecify.annotations.Nullable;

import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Opens transactions, and repeats one that another transaction was in the way of, or that
 * has lost its server: MongoDB lets transactions conflict instead of waiting for each
 * other. A transaction that has only joined the caller's is left to the caller, and so is
 * one of which nobody knows whether it was committed.
 */
public final class RepeatedTransactions implements TransactionOperations {

	private final TransactionOperations transactions;

	private final RetryTemplate retries = new RetryTemplate(RetryPolicy.builder()
		.maxRetries(9)
		.delay(Duration.ofMillis(10))
		.jitter(Duration.ofMillis(5))
		.multiplier(2)
		.maxDelay(Duration.ofSeconds(1))
		.predicate(RepeatedTransactions::isTransient)
		.build());

	/**
	 * Creates the operations.
	 * @param transactions opens the transactions
	 */
	public RepeatedTransactions(TransactionOperations transactions) {
		this.transactions = transactions;
	}

	/**
	 * Returns whether a transaction has certainly not been committed, and may be when it
	 * is repeated.
	 * @param failure what it has thrown
	 * @return whether to repeat it
	 */
	public static boolean isTransient(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof MongoException ex) {
				return ex.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL);
			}
		}
		return false;
	}

	@Override
	public <T extends @Nullable Object> T execute(TransactionCallback<T> action) {
		if (TransactionSynchronizationManager.isActualTransactionActive()) {
			return this.transactions.execute(action);
		}
		return this.retries.invoke(() -> this.transactions.execute(action));
	}

}
