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

import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.ConditionalOnOutboxStore;
import dev.outbox.autoconfigure.OutboxDataSource;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.autoconfigure.OutboxTransactionManager;
import dev.outbox.autoconfigure.StoreTransactionOperations;
import dev.outbox.autoconfigure.store.NamedBean;
import dev.outbox.autoconfigure.store.TransactionGuardRegistrar;
import dev.outbox.autoconfigure.store.TransactionManagerCheck;
import dev.outbox.store.StoreTransactions;
import dev.outbox.store.mongo.CollectionNames;
import dev.outbox.store.mongo.MongoSchema;
import dev.outbox.store.mongo.MongoStoreTransactions;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/**
 * Auto-configuration of the MongoDB store.
 */
@AutoConfiguration(afterName = { "org.springframework.boot.data.mongodb.autoconfigure.DataMongoAutoConfiguration",
		"org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
		"dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration" })
@ConditionalOnOutboxEnabled
@ConditionalOnOutboxStore
@ConditionalOnClass({ MongoDatabaseFactory.class, MongoClient.class, MongoClientSettingsBuilderCustomizer.class })
@ConditionalOnBean(MongoDatabaseFactory.class)
@Conditional(OnMongoStore.class)
@EnableConfigurationProperties(OutboxProperties.class)
@Import(MongoStoreConfiguration.class)
public final class OutboxMongoStoreAutoConfiguration {

	@Bean
	OutboxMongoDatabase outboxMongoDatabase(ConfigurableListableBeanFactory beans,
			ObjectProvider<MongoDatabaseFactory> all, @OutboxDataSource ObjectProvider<MongoDatabaseFactory> marked,
			OutboxProperties properties, Environment environment) {
		MongoSettings.check(properties);
		String name = properties.store().dataSource();
		return OutboxMongoDatabase.choose(beans, all, marked, (name != null)
				? NamedBean.of("outbox.store.data-source", name, MongoDatabaseFactory.class, environment) : null,
				properties.mongodb().database());
	}

	@Bean
	@ConditionalOnMissingBean
	CollectionNames outboxCollectionNames(OutboxProperties properties) {
		return new CollectionNames(properties.store().tablePrefix());
	}

	@Bean
	@ConditionalOnMissingBean(StoreTransactions.class)
	GuardedTransactions outboxStoreTransactions(OutboxMongoDatabase database) {
		return new GuardedTransactions(new MongoStoreTransactions(database.factory()));
	}

	/**
	 * Only the transaction managers of the outbox's database are listened to: a session
	 * that is bound under another one's transaction ends after that one has.
	 */
	@Bean
	static TransactionGuardRegistrar outboxTransactionGuardRegistrar(ObjectProvider<GuardedTransactions> transactions,
			ListableBeanFactory beans) {
		return new TransactionGuardRegistrar((manager) -> {
			GuardedTransactions guarded = transactions.getIfAvailable();
			return (guarded != null
					&& new MongoTransactionManagers(guarded.listener().factory(), beans).isOwner(manager))
							? List.of(guarded.listener()) : List.of();
		});
	}

	@Bean
	@ConditionalOnMissingBean
	StoreTransactionOperations outboxStoreTransactionOperations(ListableBeanFactory beans, OutboxMongoDatabase database,
			@OutboxTransactionManager ObjectProvider<PlatformTransactionManager> marked, OutboxProperties properties,
			Environment environment) {
		MongoTransactionManagers managers = new MongoTransactionManagers(database.factory(), beans);
		String name = properties.store().transactionManager();
		PlatformTransactionManager manager = (name != null)
				? managers.named(NamedBean.of("outbox.store.transaction-manager", name,
						PlatformTransactionManager.class, environment))
				: managers.choose(marked.orderedStream().toList());
		return new StoreTransactionOperations(new TransactionTemplate(manager));
	}

	/**
	 * Fails the start, also where beans are lazy, if no transaction could cover the
	 * outbox.
	 */
	@Bean
	TransactionManagerCheck outboxTransactionManagerCheck(ObjectProvider<StoreTransactionOperations> operations) {
		return new TransactionManagerCheck(operations);
	}

	/**
	 * Not lazy where other beans are: a server that cannot be used fails the start.
	 */
	@Bean(MongoStoreConfiguration.SCHEMA)
	@Lazy(false)
	MongoSchemaInitializer outboxMongoSchemaInitializer(OutboxMongoDatabase database, CollectionNames names,
			OutboxProperties properties) {
		DataSize archive = properties.mongodb().archiveMaxSize();
		return new MongoSchemaInitializer(
				new MongoSchema(database.client(), database.name(), names,
						(archive != null) ? archive.toBytes() : null),
				properties.schema().mode(), properties.relay().partitions(), properties.mongodb().keyOrder());
	}

	@Bean
	RelayClients outboxRelayClients(OutboxMongoDatabase database, ObjectProvider<MongoClientSettings> settings,
			ObjectProvider<MongoClientSettingsBuilderCustomizer> customizers, OutboxProperties properties,
			Environment environment) {
		return RelayClients.derive(database, settings.getIfUnique(), customizers.orderedStream().toList(),
				properties.relay(), environment.getProperty("spring.application.name"));
	}

}
