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

package dev.outbox.store.jpa;

import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.orm.jpa.EntityManagerFactoryInfo;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaDialect;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.function.SingletonSupplier;

/**
 * The entity managers that take part in the transaction of the calling thread.
 */
final class JoinedEntityManagers {

	private final SingletonSupplier<List<EntityManagerFactory>> factories;

	JoinedEntityManagers(Supplier<? extends Collection<EntityManagerFactory>> factories) {
		this.factories = SingletonSupplier.of(() -> List.copyOf(factories.get()));
	}

	void forEach(BiConsumer<EntityManager, EntityManagerFactory> action) {
		for (EntityManagerFactory factory : this.factories.obtain()) {
			EntityManager entities = joined(factory);
			if (entities != null) {
				action.accept(entities, factory);
			}
		}
	}

	/**
	 * Returns the first one, which is the only one unless the transaction spans several
	 * factories.
	 */
	@Nullable Joined first() {
		for (EntityManagerFactory factory : this.factories.obtain()) {
			EntityManager entities = joined(factory);
			if (entities != null) {
				return new Joined(entities, dialect(factory));
			}
		}
		return null;
	}

	static @Nullable JpaDialect dialect(EntityManagerFactory factory) {
		return (factory instanceof EntityManagerFactoryInfo info) ? info.getJpaDialect() : null;
	}

	/**
	 * One that was opened for a view, or by a transaction of another manager, is bound
	 * too, but is in no transaction.
	 */
	private static @Nullable EntityManager joined(EntityManagerFactory factory) {
		if (TransactionSynchronizationManager.getResource(factory) instanceof EntityManagerHolder holder) {
			EntityManager entities = holder.getEntityManager();
			return (entities.isOpen() && entities.isJoinedToTransaction()) ? entities : null;
		}
		return null;
	}

	/**
	 * One that takes part.
	 *
	 * @param entities the entity manager
	 * @param dialect what knows its mapper, {@code null} if Spring has not created it
	 */
	record Joined(EntityManager entities, @Nullable JpaDialect dialect) {

	}

}
