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

package dev.outbox.autoconfigure.store;

import dev.outbox.autoconfigure.StoreTransactionOperations;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Asks for the transaction manager of the outbox once all beans are there.
 */
public final class TransactionManagerCheck implements SmartInitializingSingleton {

	private final ObjectProvider<StoreTransactionOperations> operations;

	/**
	 * Creates the check.
	 * @param operations fails where no transaction could cover the outbox
	 */
	public TransactionManagerCheck(ObjectProvider<StoreTransactionOperations> operations) {
		this.operations = operations;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.operations.getObject();
	}

}
