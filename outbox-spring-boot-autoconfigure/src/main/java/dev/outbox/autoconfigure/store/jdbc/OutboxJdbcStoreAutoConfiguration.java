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

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.ConditionalOnOutboxStore;
import dev.outbox.autoconfigure.ConditionalOnRelationalStore;
import dev.outbox.autoconfigure.OutboxDataSource;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.autoconfigure.OutboxTransactionManager;
import dev.outbox.autoconfigure.StoreTransactionOperations;
import dev.outbox.autoconfigure.store.NamedBean;
import dev.outbox.autoconfigure.store.TransactionGuardRegistrar;
import dev.outbox.autoconfigure.store.TransactionManagerCheck;
import dev.outbox.autoconfigure.store.TransactionManagers;
import dev.outbox.store.StoreTransactions;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.JdbcStoreTransactions;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.h2.H2Dialect;
import dev.outbox.store.jdbc.mysql.MariaDbDialect;
import dev.outbox.store.jdbc.mysql.MySqlDialect;
import dev.outbox.store.jdbc.oracle.OracleDialect;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import dev.outbox.store.jdbc.sqlite.SqliteDialect;
import dev.outbox.store.jdbc.sqlserver.SqlServerDialect;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Auto-configuration of the JDBC store.
 */
@AutoConfiguration(afterName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
		"org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration",
		"org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
		"org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
		"org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration" })
@ConditionalOnOutboxEnabled
@ConditionalOnOutboxStore
@ConditionalOnRelationalStore
@ConditionalOnClass({ DataSourceUtils.class, JdbcConnectionDetails.class })
@ConditionalOnBean(DataSource.class)
@EnableConfigurationProperties(OutboxProperties.class)
@Import({ DatabaseInitializationDependencyConfigurer.class, StoreConfiguration.class })
public final class OutboxJdbcStoreAutoConfiguration {

	@Bean
	OutboxDatabase outboxDatabase(ConfigurableListableBeanFactory beans, ObjectProvider<DataSource> all,
			@OutboxDataSource ObjectProvider<DataSource> marked, ObjectProvider<JdbcConnectionDetails> details,
			OutboxProperties properties, Environment environment) {
		String name = properties.store().dataSource();
		return OutboxDatabase.choose(beans, all, marked, details,
				(name != null) ? NamedBean.of("outbox.store.data-source", name, DataSource.class, environment) : null);
	}

	@Bean
	@ConditionalOnMissingBean
	JdbcDialect outboxJdbcDialect(OutboxDatabase database, OutboxProperties properties) {
		return switch (properties.store().database()) {
			case AUTO -> database.dialect();
			case POSTGRESQL -> new PostgresDialect();
			case MARIADB -> new MariaDbDialect();
			case MYSQL -> new MySqlDialect();
			case H2 -> new H2Dialect();
			case SQLITE -> new SqliteDialect();
			case SQLSERVER -> new SqlServerDialect();
			case ORACLE -> new OracleDialect();
		};
	}

	@Bean
	@ConditionalOnMissingBean
	TableNames outboxTableNames(OutboxProperties properties) {
		return new TableNames(properties.store().schema(), properties.store().tablePrefix());
	}

	@Bean
	@ConditionalOnMissingBean
	TransactionGuard outboxTransactionGuard(OutboxDatabase database) {
		return new TransactionGuard(new JdbcStoreTransactions(database.dataSource()));
	}

	@Bean
	static TransactionGuardRegistrar outboxTransactionGuardRegistrar(ObjectProvider<TransactionGuard> guard) {
		return new TransactionGuardRegistrar((manager) -> List.of(guard.getObject().transactions()));
	}

	@Bean
	@ConditionalOnMissingBean(StoreTransactions.class)
	JdbcStoreTransactions outboxStoreTransactions(TransactionGuard guard) {
		return guard.transactions();
	}

	@Bean
	@ConditionalOnMissingBean
	StoreTransactionOperations outboxStoreTransactionOperations(ListableBeanFactory beans, TransactionGuard guard,
			@OutboxTransactionManager ObjectProvider<PlatformTransactionManager> marked, OutboxProperties properties,
			Environment environment) {
		TransactionManagers managers = new JdbcTransactionManagers(guard.transactions().dataSource(), beans);
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

	@Bean
	@ConditionalOnMissingBean
	OutboxSchemaInitializer outboxSchemaInitializer(OutboxDatabase database, JdbcDialect dialect, TableNames tables,
			OutboxProperties properties, ListableBeanFactory beans) {
		OutboxSchema schema = new OutboxSchema(dialect, database.dataSource(), tables);
		return new OutboxSchemaInitializer(database.dataSource(), schema,
				SchemaMigration.of(database.dataSource(), dialect, tables, beans), properties.schema().mode(),
				properties.relay().partitions());
	}

	@Bean
	RelayConnections outboxRelayConnections(OutboxDatabase database, OutboxProperties properties) {
		return RelayConnections.derive(database.dataSource(), database.details(), properties.relay().datasource(),
				properties.relay().lease());
	}

}
