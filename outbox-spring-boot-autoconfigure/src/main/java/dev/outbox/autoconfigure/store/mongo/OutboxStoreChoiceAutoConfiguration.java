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

package dev.outbox.autoconfigure.store.mongo;

import javax.sql.DataSource;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.ConditionalOnOutboxStore;
import dev.outbox.diagnostics.AmbiguousStoreException;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.data.mongodb.MongoTransactionManager;

/**
 * Auto-configuration of a refusal: where an application has transactions in MongoDB and a
 * data source, it has to say which of both stores its events. MongoDB without
 * transactions is no choice.
 */
@AutoConfiguration(after = OutboxMongoStoreAutoConfiguration.class)
@ConditionalOnOutboxEnabled
@ConditionalOnOutboxStore
@Conditional(OnMongoStore.OnSingleOutbox.class)
@ConditionalOnClass({ MongoTransactionManager.class, DataSource.class })
@ConditionalOnBean({ MongoTransactionManager.class, DataSource.class })
@ConditionalOnProperty(name = "outbox.store.type", havingValue = "auto", matchIfMissing = true)
@Import(OutboxStoreChoiceAutoConfiguration.StoreChoice.class)
public final class OutboxStoreChoiceAutoConfiguration {

	/**
	 * Fails before anything is created, and also where beans are lazy.
	 */
	static final class StoreChoice implements BeanFactoryPostProcessor {

		@Override
		public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
			throw new AmbiguousStoreException();
		}

	}

}
