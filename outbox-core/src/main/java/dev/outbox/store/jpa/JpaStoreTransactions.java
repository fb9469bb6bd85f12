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
import java.util.function.Supplier;

import dev.outbox.store.StoreTransactions;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;

import org.springframework.dao.support.DataAccessUtils;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.JpaDialect;

/**
 * Lets the entity managers of the calling thread's transaction write what they hold back.
 * The mapper's own flush comes too late: it runs with the commit, after the events have
 * taken their sequence numbers, and so their rows would not be locked yet.
 */
public final class JpaStoreTransactions implements StoreTransactions {

	private final StoreTransactions transactions;

	private final JoinedEntityManagers managers;

	/**
	 * Creates the check.
	 * @param transactions tells whether there is a transaction
	 * @param factories the factories whose entity managers use the outbox's data source;
	 * asked for once, in the first transaction: an entity listener may publish events,
	 * and then its factory waits for the publisher
	 */
	public JpaStoreTransactions(StoreTransactions transactions,
			Supplier<? extends Collection<EntityManagerFactory>> factories) {
		this.transactions = transactions;
		this.managers = new JoinedEntityManagers(factories);
	}

	@Override
	public State state() {
		return this.transactions.state();
	}

	@Override
	public void checkBeforeCommit(Runnable check) {
		this.transactions.checkBeforeCommit(check);
	}

	@Override
	public void flush() {
		this.transactions.flush();
		this.managers.forEach(JpaStoreTransactions::flush);
	}

	/**
	 * Reports a failure as the commit would have: an application that retries after a
	 * lost update waits for Spring's exception, not for the mapper's.
	 */
	private static void flush(EntityManager entities, EntityManagerFactory factory) {
		try {
			entities.flush();
		}
		catch (RuntimeException ex) {
			JpaDialect dialect = JoinedEntityManagers.dialect(factory);
			throw DataAccessUtils.translateIfNecessary(ex,
					(dialect != null) ? dialect : EntityManagerFactoryUtils::convertJpaAccessExceptionIfPossible);
		}
	}

}
