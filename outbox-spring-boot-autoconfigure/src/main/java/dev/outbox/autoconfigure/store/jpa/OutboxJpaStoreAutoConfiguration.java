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

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.store.jdbc.TransactionGuard;
import dev.outbox.store.StoreTransactions;
import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;

/**
 * Auto-configuration of the write side beside JPA: what an entity manager holds back is
 * written before the events are.
 */
@AutoConfiguration(afterName = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
		beforeName = "dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration")
@ConditionalOnOutboxEnabled
@ConditionalOnClass({ EntityManagerFactory.class, EntityManagerFactoryInfo.class })
@ConditionalOnBean({ EntityManagerFactory.class, DataSource.class })
public final class OutboxJpaStoreAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(StoreTransactions.class)
	LateJpaStoreTransactions outboxStoreTransactions(TransactionGuard guard,
			ObjectProvider<EntityManagerFactory> factories) {
		DataSource dataSource = guard.transactions().dataSource();
		return new LateJpaStoreTransactions(guard.transactions(), () -> sharing(dataSource, factories));
	}

	private static List<EntityManagerFactory> sharing(DataSource dataSource,
			ObjectProvider<EntityManagerFactory> factories) {
		return factories.orderedStream()
			.filter((factory) -> factory instanceof EntityManagerFactoryInfo info
					&& dataSource.equals(behindProxy(info.getDataSource())))
			.toList();
	}

	private static @Nullable Object behindProxy(@Nullable DataSource dataSource) {
		return (dataSource instanceof TransactionAwareDataSourceProxy proxy && proxy.getTargetDataSource() != null)
				? proxy.getTargetDataSource() : dataSource;
	}

}
