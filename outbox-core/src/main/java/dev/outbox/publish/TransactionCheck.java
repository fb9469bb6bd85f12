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

import java.util.Set;

import dev.outbox.TransactionRequiredException;
import dev.outbox.TransactionRequiredException.Reason;
import dev.outbox.store.StoreTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/**
 * Finds out whether an event that is published now would be committed together with the
 * caller's business rows.
 */
final class TransactionCheck {

	private static final Set<String> BEFORE_COMMIT = Set.of("triggerBeforeCommit", "triggerBeforeCompletion");

	private final StoreTransactions transactions;

	TransactionCheck(StoreTransactions transactions) {
		this.transactions = transactions;
	}

	/**
	 * Returns whether there is no transaction at all.
	 */
	boolean isOutside() {
		return problem() == Reason.NONE;
	}

	/**
	 * Requires a transaction that takes events.
	 */
	void require(Iterable<?> events) {
		Reason problem = problem();
		if (problem != null) {
			throw new TransactionRequiredException(problem, OutboxRecordFactory.describe(events));
		}
	}

	private @Nullable Reason problem() {
		boolean synchronised = TransactionSynchronizationManager.isSynchronizationActive();
		if (!synchronised && TransactionSynchronizationManager.isActualTransactionActive()) {
			// Spring removes the synchronizations before it calls back after completion.
			return Reason.ENDED;
		}
		return switch (this.transactions.state()) {
			case NONE -> Reason.NONE;
			case READ_ONLY -> Reason.READ_ONLY;
			case FOREIGN -> Reason.FOREIGN;
			case ENDED -> Reason.ENDED;
			case ACTIVE -> synchronised ? null : Reason.NOT_SYNCHRONIZED;
		};
	}

	/**
	 * Returns whether a synchronization that is registered now would not be called before
	 * the commit: the callbacks before the commit are running already, over a snapshot of
	 * the synchronizations. Spring keeps no state that says so. In a new transaction
	 * inside of such a callback the answer is {@code true} as well, which costs a
	 * statement and nothing else.
	 */
	static boolean isBeforeCommitRunning() {
		// The running callback is a synchronization of this transaction.
		return !TransactionSynchronizationManager.getSynchronizations().isEmpty()
				&& StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
					.walk((frames) -> frames
						.anyMatch((frame) -> frame.getDeclaringClass() == TransactionSynchronizationUtils.class
								&& BEFORE_COMMIT.contains(frame.getMethodName())));
	}

}
