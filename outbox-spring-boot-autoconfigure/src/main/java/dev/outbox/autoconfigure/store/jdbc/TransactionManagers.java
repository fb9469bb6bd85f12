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
import java.util.Map;

import javax.sql.DataSource;

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

	private TransactionManagers() {
	}

	/**
	 * Returns the transaction manager that owns a data source.
	 * @param dataSource the data source
	 * @param beans where to look for transaction managers
	 * @return the first one that owns it
	 * @throws NoMatchingTransactionManagerException if none does
	 */
	static PlatformTransactionManager ownerOf(DataSource dataSource, ListableBeanFactory beans) {
		Map<String, String> found = new LinkedHashMap<>();
		for (Map.Entry<String, TransactionManager> candidate : BeanFactoryUtils
			.beansOfTypeIncludingAncestors(beans, TransactionManager.class)
			.entrySet()) {
			Object resource = resourceOf(candidate.getValue());
			if (candidate.getValue() instanceof PlatformTransactionManager manager && dataSource.equals(resource)) {
				return manager;
			}
			found.put(candidate.getKey(), candidate.getValue().getClass().getSimpleName()
					+ ((resource != null) ? " of a " + resource.getClass().getSimpleName() : ""));
		}
		throw new NoMatchingTransactionManagerException(dataSource.getClass().getSimpleName(), found);
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
