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

import java.util.List;

import javax.sql.DataSource;

import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;

/**
 * The factories of the application whose entity managers write to the database of the
 * outbox.
 *
 * @param dataSource the data source of the outbox
 * @param all all factories
 */
record OutboxEntityManagerFactories(DataSource dataSource, ObjectProvider<EntityManagerFactory> all) {

	/**
	 * Waits for the factories: not to be called while one of them is being made.
	 */
	List<EntityManagerFactory> sharing() {
		return this.all.orderedStream()
			.filter((factory) -> factory instanceof EntityManagerFactoryInfo info && isShared(info.getDataSource()))
			.toList();
	}

	boolean isShared(@Nullable DataSource other) {
		DataSource bound = (other instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource()
				: other;
		return this.dataSource.equals(bound);
	}

}
