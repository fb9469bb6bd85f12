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

package dev.outbox;

import java.io.Serial;

/**
 * An event was published while no transaction was there that could store it together with
 * the business change. The event has not been stored.
 */
public class TransactionRequiredException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final Reason reason;

	/**
	 * Creates the exception for an event.
	 * @param reason what is wrong with the transaction
	 * @param event names the event, without its payload
	 */
	public TransactionRequiredException(Reason reason, String event) {
		super("Cannot publish " + event + ": " + reason.problem + ". The event has not been stored. " + reason.remedy
				+ ".");
		this.reason = reason;
	}

	/**
	 * Returns what is wrong with the transaction.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * What is wrong with the transaction.
	 */
	public enum Reason {

		/**
		 * There is none.
		 */
		NONE("no transaction is active on the outbox's database",
				"Call publish inside @Transactional or OutboxTemplate.execute, or set"
						+ " outbox.write.require-transaction=false for a transaction of each event's own"),

		/**
		 * It does not call back before it commits.
		 */
		NOT_SYNCHRONIZED("the active transaction does not call back before it commits",
				"Leave the transaction manager's transactionSynchronization at ALWAYS"),

		/**
		 * It is read-only.
		 */
		READ_ONLY("the active transaction is read-only",
				"Remove readOnly = true from the @Transactional that surrounds the call"),

		/**
		 * It belongs to another resource.
		 */
		FOREIGN("a transaction is active, but not on the outbox's database: it is another DataSource's, Kafka's,"
				+ " MongoDB's or JTA's, and its rollback would not remove the event",
				"Name the transaction manager of the outbox's DataSource: @Transactional(\"...\")"),

		/**
		 * It has been committed or rolled back already.
		 */
		ENDED("the transaction is past its before-commit callbacks (the call comes from a callback after commit or"
				+ " after completion, or from the commit itself)",
				"Publish before the commit, or in a transaction of its own:"
						+ " @Transactional(propagation = Propagation.REQUIRES_NEW)");

		private final String problem;

		private final String remedy;

		Reason(String problem, String remedy) {
			this.problem = problem;
			this.remedy = remedy;
		}

	}

}
