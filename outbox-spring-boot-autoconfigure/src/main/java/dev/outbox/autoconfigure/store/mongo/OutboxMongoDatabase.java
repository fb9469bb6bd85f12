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

import java.util.List;

import com.mongodb.client.MongoClient;
import dev.outbox.OutboxException;
import dev.outbox.autoconfigure.store.NamedBean;
import dev.outbox.autoconfigure.store.SpringBootBeans;
import dev.outbox.diagnostics.AmbiguousDataSourceException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.data.mongodb.MongoClusterCapable;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/**
 * The database that the outbox is in: that of the factory that is named or marked, else
 * of the only or primary one.
 *
 * @param factory the application's databases
 * @param name name of the outbox's database
 * @param client the client that it uses
 * @param isAutoConfigured whether Spring Boot has made the client
 */
record OutboxMongoDatabase(MongoDatabaseFactory factory, String name, MongoClient client, boolean isAutoConfigured) {

	private static final String SPRING_BOOT = "org.springframework.boot.mongodb.autoconfigure.";

	static OutboxMongoDatabase choose(ConfigurableListableBeanFactory beans, ObjectProvider<MongoDatabaseFactory> all,
			ObjectProvider<MongoDatabaseFactory> marked, @Nullable NamedBean<MongoDatabaseFactory> named,
			@Nullable String name) {
		MongoDatabaseFactory chosen = (named != null) ? named.from(beans) : marked.getIfAvailable(all::getIfUnique);
		if (chosen == null) {
			throw AmbiguousDataSourceException.ofMongo(List.of(names(beans, MongoDatabaseFactory.class)));
		}
		MongoClient client = client(beans, chosen);
		boolean auto = false;
		for (String bean : names(beans, MongoClient.class)) {
			auto |= SpringBootBeans.isConfiguredBy(beans, bean, SPRING_BOOT) && beans.getBean(bean) == client;
		}
		return new OutboxMongoDatabase(chosen, (name != null) ? name : chosen.getMongoDatabase().getName(), client,
				auto);
	}

	private static MongoClient client(ConfigurableListableBeanFactory beans, MongoDatabaseFactory factory) {
		if (factory instanceof MongoClusterCapable capable && capable.getMongoCluster() instanceof MongoClient client) {
			return client;
		}
		MongoClient only = beans.getBeanProvider(MongoClient.class).getIfUnique();
		if (only == null) {
			throw new OutboxException("The MongoDatabaseFactory of the outbox (" + factory.getClass().getName()
					+ ") does not tell its client, and there is not exactly one MongoClient bean. The outbox was"
					+ " not started. Let the factory implement MongoClusterCapable, or mark its client as @Primary");
		}
		return only;
	}

	private static String[] names(ConfigurableListableBeanFactory beans, Class<?> type) {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, type, true, false);
	}

}
