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

package dev.outbox.autoconfigure.store.jdbc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.diagnostics.NoMatchingTransactionManagerException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.util.ClassUtils;

/**
 * Finds the transaction manager that owns a data source. There may be none although there
 * are others: Spring Boot makes none for a data source beside Kafka's or MongoDB's.
 */
final class TransactionManagers {

	private static final boolean JPA = ClassUtils.isPresent("org.springframework.orm.jpa.JpaTransactionManager",
			TransactionManagers.class.getClassLoader());

	private final DataSource dataSource;

	private final ListableBeanFactory beans;

	/**
	 * Creates the search.
	 * @param dataSource the data source, as transaction managers know it
	 * @param beans where to look for transaction managers
	 */
	TransactionManagers(DataSource dataSource, ListableBeanFactory beans) {
		this.dataSource = dataSource;
		this.beans = beans;
	}

	/**
	 * Returns a transaction manager that a property names.
	 * @throws InvalidOutboxPropertyException if there is no such bean, or if it owns
	 * another data source
	 */
	PlatformTransactionManager named(NamedBean<PlatformTransactionManager> named) {
		PlatformTransactionManager manager = named.from(this.beans);
		if (isElsewhere(manager)) {
			throw named.invalid("be the name of a transaction manager of the data source that the outbox is in ("
					+ this.dataSource.getClass().getSimpleName() + "), not of another one");
		}
		return manager;
	}

	/**
	 * Returns the marked transaction manager that owns the data source, or that may own
	 * it: not all of them tell. Those of other data sources are marked for other
	 * outboxes. If there is none, returns the one that owns the data source.
	 * @throws NoMatchingTransactionManagerException if none does
	 */
	PlatformTransactionManager choose(List<PlatformTransactionManager> marked) {
		Predicate<PlatformTransactionManager> owns = (manager) -> this.dataSource.equals(resourceOf(manager));
		return Stream.concat(marked.stream().filter(owns), marked.stream().filter((manager) -> !isElsewhere(manager)))
			.findFirst()
			.orElseGet(this::owner);
	}

	private PlatformTransactionManager owner() {
		Map<String, String> found = new LinkedHashMap<>();
		for (Map.Entry<String, TransactionManager> candidate : BeanFactoryUtils
			.beansOfTypeIncludingAncestors(this.beans, TransactionManager.class)
			.entrySet()) {
			Object resource = resourceOf(candidate.getValue());
			if (candidate.getValue() instanceof PlatformTransactionManager manager
					&& this.dataSource.equals(resource)) {
				return manager;
			}
			found.put(candidate.getKey(), candidate.getValue().getClass().getSimpleName()
					+ ((resource != null) ? " of a " + resource.getClass().getSimpleName() : ""));
		}
		throw new NoMatchingTransactionManagerException(this.dataSource.getClass().getSimpleName(), found);
	}

	/**
	 * Managers of several resources, or of sessions, do not tell their data source.
	 */
	private boolean isElsewhere(PlatformTransactionManager manager) {
		return resourceOf(manager) instanceof DataSource other && !this.dataSource.equals(other);
	}

	private static @Nullable Object resourceOf(TransactionManager manager) {
		Object resource = null;
		if (JPA && manager instanceof JpaTransactionManager jpa) {
			resource = jpa.getDataSource();
		}
		else if (manager instanceof ResourceTransactionManager owner) {
			resource = owner.getResourceFactory();
		}
		return (resource instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource() : resource;
	}

}
