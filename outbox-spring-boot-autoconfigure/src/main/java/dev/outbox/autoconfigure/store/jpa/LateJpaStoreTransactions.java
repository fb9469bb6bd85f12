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

package dev.outbox.autoconfigure.store.jpa;

import java.util.Collection;
import java.util.function.Supplier;

import dev.outbox.store.StoreTransactions;
import dev.outbox.store.jpa.JpaStoreTransactions;
import jakarta.persistence.EntityManagerFactory;

import org.springframework.util.function.SingletonSupplier;

/**
 * Asks for the entity manager factories when the first transaction commits: an entity
 * listener may publish events, and then its factory waits for the publisher.
 */
final class LateJpaStoreTransactions implements StoreTransactions {

	private final StoreTransactions transactions;

	private final SingletonSupplier<JpaStoreTransactions> flushing;

	LateJpaStoreTransactions(StoreTransactions transactions,
			Supplier<? extends Collection<EntityManagerFactory>> factories) {
		this.transactions = transactions;
		this.flushing = SingletonSupplier.of(() -> new JpaStoreTransactions(transactions, factories.get()));
	}

	@Override
	public State state() {
		return this.transactions.state();
	}

	@Override
	public void flush() {
		this.flushing.obtain().flush();
	}

}
