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

import java.util.List;

import javax.sql.DataSource;

import dev.outbox.autoconfigure.OutboxDataSource;
import dev.outbox.diagnostics.AmbiguousDataSourceException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * Finds the data source that the outbox is in: the one that is marked, else the only or
 * primary one.
 */
final class OutboxDataSources {

	private OutboxDataSources() {
	}

	static DataSource choose(ListableBeanFactory beans, ObjectProvider<DataSource> all,
			@OutboxDataSource ObjectProvider<DataSource> marked) {
		DataSource chosen = marked.getIfAvailable(all::getIfUnique);
		if (chosen == null) {
			throw new AmbiguousDataSourceException(
					List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class, true, false)));
		}
		return behindProxy(chosen);
	}

	/**
	 * Returns the data source whose connections transaction managers bind: they look
	 * behind this proxy too.
	 */
	static DataSource behindProxy(DataSource dataSource) {
		@Nullable DataSource target = (dataSource instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource()
				: null;
		return (target != null) ? target : dataSource;
	}

}
