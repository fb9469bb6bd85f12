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

package dev.outbox.autoconfigure.store.mongo;

import dev.outbox.store.StoreTransactions;
import dev.outbox.store.mongo.MongoStoreTransactions;

/**
 * The transactions, as a bean that is no listener itself: Spring Boot adds such beans to
 * all the transaction managers that it configures, also to those of other resources.
 *
 * @param listener sees the transactions of the outbox's database begin and end
 */
record GuardedTransactions(MongoStoreTransactions listener) implements StoreTransactions {

	@Override
	public State state() {
		return this.listener.state();
	}

	@Override
	public void flush() {
		this.listener.flush();
	}

	@Override
	public void checkBeforeCommit(Runnable check) {
		this.listener.checkBeforeCommit(check);
	}

}
