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

package dev.outbox.store;

/**
 * What the write side has to know about the transaction of the calling thread.
 */
public interface StoreTransactions {

	/**
	 * Returns whether events that are written now would commit and roll back together
	 * with the caller's business rows.
	 * @return the state of the calling thread
	 */
	State state();

	/**
	 * Writes changes that an object-relational mapper still holds back, so that their row
	 * locks are held before events take their sequence numbers. Does nothing without such
	 * a mapper.
	 */
	void flush();

	/**
	 * Has something checked at the very end of the calling thread's transaction: when all
	 * callbacks have run, and it is about to commit.
	 * @param check throws what the caller of the transaction is told, and the transaction
	 * rolls back
	 */
	void checkBeforeCommit(Runnable check);

	/**
	 * What the calling thread's transaction means for the store.
	 */
	enum State {

		/**
		 * No transaction is active.
		 */
		NONE,

		/**
		 * A read-write transaction on the store's own resource is active.
		 */
		ACTIVE,

		/**
		 * A transaction on the store's own resource is active, but it is read-only.
		 */
		READ_ONLY,

		/**
		 * A transaction is active, but another resource's: what is written to the store
		 * now would not roll back with it.
		 */
		FOREIGN,

		/**
		 * A transaction on the store's own resource is bound to the calling thread, but
		 * it has been told to commit or roll back: what is written now may never be
		 * committed. Starts no later than the commit itself, so that callbacks which run
		 * after the commit see it; callbacks that run before the commit still see
		 * {@link #ACTIVE}.
		 */
		ENDED

	}

}
