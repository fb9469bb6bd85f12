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

import java.util.Map;

import javax.sql.DataSource;

import dev.outbox.autoconfigure.store.TransactionManagers;
import dev.outbox.diagnostics.NoMatchingTransactionManagerException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.util.ClassUtils;

/**
 * Finds the transaction manager that owns a data source.
 */
final class JdbcTransactionManagers extends TransactionManagers {

	private static final boolean JPA = ClassUtils.isPresent("org.springframework.orm.jpa.JpaTransactionManager",
			JdbcTransactionManagers.class.getClassLoader());

	private final DataSource dataSource;

	/**
	 * Creates the search.
	 * @param dataSource the data source, as transaction managers know it
	 * @param beans where to look for transaction managers
	 */
	JdbcTransactionManagers(DataSource dataSource, ListableBeanFactory beans) {
		super(dataSource, beans);
		this.dataSource = dataSource;
	}

	/**
	 * Managers of several resources, or of sessions, do not tell their data source.
	 */
	@Override
	protected boolean isElsewhere(PlatformTransactionManager manager) {
		return resourceOf(manager) instanceof DataSource other && !this.dataSource.equals(other);
	}

	@Override
	protected @Nullable Object resourceOf(TransactionManager manager) {
		Object resource = (JPA && manager instanceof JpaTransactionManager jpa) ? jpa.getDataSource()
				: super.resourceOf(manager);
		return (resource instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource() : resource;
	}

	@Override
	protected String noun() {
		return "data source";
	}

	@Override
	protected NoMatchingTransactionManagerException none(String type, Map<String, String> found) {
		return new NoMatchingTransactionManagerException(type, found);
	}

}
