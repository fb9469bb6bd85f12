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
	 * @param all the transaction managers by bean name
	 * @param dataSource the data source
	 * @return the first one that owns it
	 * @throws NoMatchingTransactionManagerException if none does
	 */
	static PlatformTransactionManager ownerOf(DataSource dataSource, Map<String, TransactionManager> all) {
		for (TransactionManager candidate : all.values()) {
			if (candidate instanceof PlatformTransactionManager manager && dataSource.equals(resourceOf(manager))) {
				return manager;
			}
		}
		Map<String, String> found = new LinkedHashMap<>();
		all.forEach((name, manager) -> found.put(name, describe(manager)));
		throw new NoMatchingTransactionManagerException(name(dataSource), found);
	}

	private static @Nullable Object resourceOf(TransactionManager manager) {
		Object resource = (JPA && manager instanceof JpaTransactionManager jpa) ? jpa.getDataSource()
				: (manager instanceof ResourceTransactionManager owner) ? owner.getResourceFactory() : null;
		return (resource instanceof DataSource dataSource) ? OutboxDataSources.behindProxy(dataSource) : resource;
	}

	private static String describe(TransactionManager manager) {
		Object resource = resourceOf(manager);
		return manager.getClass().getSimpleName() + ((resource != null) ? " of " + name(resource) : "");
	}

	private static String name(Object resource) {
		return resource.getClass().getSimpleName() + '@' + Integer.toHexString(System.identityHashCode(resource));
	}

}
