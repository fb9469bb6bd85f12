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

import java.util.function.Function;

import com.mongodb.client.ClientSession;
import org.bson.BsonNull;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that are tried once, all of them in one session. One whose answer was lost
 * may be open on the server, where whatever else writes the same documents waits for it,
 * or fails, until it is too old. The server ends it as soon as it hears of a later one in
 * the same session.
 */
final class LeaseTransactions implements AutoCloseable {

	private final MongoWork work;

	private @Nullable ClientSession session;

	private boolean unsettled;

	LeaseTransactions(MongoWork work) {
		this.work = work;
	}

	/**
	 * Runs work in a transaction, once.
	 * @return {@code null} if another transaction was in the way: nothing has been
	 * changed
	 */
	synchronized <T> @Nullable T unlessInTheWay(Function<ClientSession, T> work) {
		ClientSession current = this.session;
		if (current == null) {
			current = this.work.sessionOfManyTransactions();
			this.session = current;
		}
		this.unsettled = true;
		T result = MongoWork.unlessInTheWay(current, work);
		this.unsettled = false;
		return result;
	}

	/**
	 * Makes sure that nothing is open any more. To be called before a write that is not
	 * part of a transaction: it would wait.
	 */
	synchronized void settle() {
		if (this.unsettled) {
			// There is no such document; the server hears of a transaction, that is all.
			unlessInTheWay((current) -> MongoWork.all(this.work.collection(CollectionNames.INSTANCE)
				.find(current, MongoWork.is(EventDocuments.ID, BsonNull.VALUE))));
		}
	}

	/**
	 * Gives the session back. The next transaction has another one.
	 */
	@Override
	public synchronized void close() {
		if (this.session != null) {
			this.session.close();
			this.session = null;
		}
	}

}
