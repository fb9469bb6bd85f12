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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.diagnostics.NoMatchingTransactionManagerException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * Finds the transaction manager that owns what the outbox is in. There may be none
 * although there are others: Spring Boot makes none for a data source beside Kafka's or
 * MongoDB's, and none for MongoDB at all.
 */
public abstract class TransactionManagers {

	private final Object resource;

	private final ListableBeanFactory beans;

	/**
	 * Creates the search.
	 * @param resource what the outbox is in, as transaction managers know it
	 * @param beans where to look for transaction managers
	 */
	protected TransactionManagers(Object resource, ListableBeanFactory beans) {
		this.resource = resource;
		this.beans = beans;
	}

	/**
	 * Returns a transaction manager that a property names.
	 * @param named the property
	 * @return the transaction manager
	 * @throws InvalidOutboxPropertyException if there is no such bean, or if it owns
	 * something else
	 */
	public final PlatformTransactionManager named(NamedBean<PlatformTransactionManager> named) {
		PlatformTransactionManager manager = named.from(this.beans);
		if (isElsewhere(manager)) {
			throw named.invalid("be the name of a transaction manager of the " + noun() + " that the outbox is in ("
					+ this.resource.getClass().getSimpleName() + "), not of another one");
		}
		return manager;
	}

	/**
	 * Returns the marked transaction manager that owns what the outbox is in, or that may
	 * own it: not all of them tell. Those of others are marked for other outboxes. If
	 * there is none, returns the one that owns it.
	 * @param marked the transaction managers that are marked
	 * @return the transaction manager
	 * @throws NoMatchingTransactionManagerException if none does
	 */
	public final PlatformTransactionManager choose(List<PlatformTransactionManager> marked) {
		Predicate<PlatformTransactionManager> owns = this::isOwner;
		return Stream.concat(marked.stream().filter(owns), marked.stream().filter((manager) -> !isElsewhere(manager)))
			.findFirst()
			.orElseGet(this::owner);
	}

	private PlatformTransactionManager owner() {
		Map<String, String> found = new LinkedHashMap<>();
		for (Map.Entry<String, TransactionManager> candidate : BeanFactoryUtils
			.beansOfTypeIncludingAncestors(this.beans, TransactionManager.class)
			.entrySet()) {
			if (candidate.getValue() instanceof PlatformTransactionManager manager && isOwner(manager)) {
				return manager;
			}
			Object other = resourceOf(candidate.getValue());
			found.put(candidate.getKey(), candidate.getValue().getClass().getSimpleName()
					+ ((other != null) ? " of a " + other.getClass().getSimpleName() : ""));
		}
		throw none(this.resource.getClass().getSimpleName(), found);
	}

	/**
	 * Returns whether a transaction manager owns what the outbox is in.
	 * @param manager the transaction manager
	 * @return whether its transactions cover the outbox
	 */
	public final boolean isOwner(TransactionManager manager) {
		return this.resource.equals(resourceOf(manager));
	}

	/**
	 * Returns whether the transactions of a manager certainly do not cover the outbox.
	 * @param manager the transaction manager
	 * @return whether it must not be used
	 */
	protected abstract boolean isElsewhere(PlatformTransactionManager manager);

	/**
	 * Returns what a transaction manager owns.
	 * @param manager the transaction manager
	 * @return the resource, {@code null} if it does not tell
	 */
	protected @Nullable Object resourceOf(TransactionManager manager) {
		return (manager instanceof ResourceTransactionManager owner) ? owner.getResourceFactory() : null;
	}

	/**
	 * Returns what the outbox is in.
	 * @return a noun
	 */
	protected abstract String noun();

	/**
	 * Returns the failure of having found none.
	 * @param type type of what nobody owns
	 * @param found what is there: descriptions of transaction managers by bean name
	 * @return the failure
	 */
	protected abstract NoMatchingTransactionManagerException none(String type, Map<String, String> found);

}
