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

package dev.outbox.benchmark;

import java.util.function.LongConsumer;

import dev.outbox.store.EventStore;
import dev.outbox.store.StoreTransactions;

import org.springframework.transaction.support.TransactionOperations;

/**
 * An outbox as the application sees it that writes to it.
 *
 * @param transactions the application's transactions
 * @param events stores events in them
 * @param storeTransactions tells whether one of them is open
 * @param orders writes what the application is there for, given a number that is its own
 * @param connections closes what all of these go through
 */
record ApplicationSide(TransactionOperations transactions, EventStore events, StoreTransactions storeTransactions,
		LongConsumer orders, Runnable connections) implements AutoCloseable {

	@Override
	public void close() {
		this.connections.run();
	}

}
