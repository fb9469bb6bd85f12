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

package dev.outbox.it.boot;

import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.autoconfigure.OutboxDataSource;
import dev.outbox.autoconfigure.OutboxTransactionManager;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;

/**
 * An application with two data sources, and two transaction managers for the second one.
 */
final class TwoDataSources {

	private TwoDataSources() {
	}

	static HikariDataSource open(String url) {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(url);
		dataSource.setUsername("sa");
		dataSource.setPassword("");
		dataSource.setMaximumPoolSize(2);
		return dataSource;
	}

	/**
	 * The first of them is the primary one.
	 */
	abstract static class First {

		@Bean
		@Primary
		HikariDataSource first(Environment environment) {
			return open(environment.getRequiredProperty("spring.datasource.url"));
		}

		@Bean
		@Primary
		Transactions firstTransactions(DataSource first) {
			return new Transactions(first);
		}

	}

	/**
	 * Nothing is marked.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Named extends First {

		@Bean
		HikariDataSource second(Environment environment) {
			return open(environment.getRequiredProperty("second.url"));
		}

		@Bean
		Transactions secondTransactions(@Qualifier("second") DataSource second) {
			return new Transactions(second);
		}

		@Bean
		Transactions otherTransactions(@Qualifier("second") DataSource second) {
			return new Transactions(second);
		}

	}

	/**
	 * The second data source is marked, and the last transaction manager.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Marked extends First {

		@Bean
		@OutboxDataSource
		HikariDataSource second(Environment environment) {
			return open(environment.getRequiredProperty("second.url"));
		}

		@Bean
		Transactions secondTransactions(@OutboxDataSource DataSource second) {
			return new Transactions(second);
		}

		@Bean
		@OutboxTransactionManager
		Transactions otherTransactions(@OutboxDataSource DataSource second) {
			return new Transactions(second);
		}

	}

	/**
	 * The transaction manager of one data source is marked.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class MarkedForOne extends First {

		@Bean
		HikariDataSource second(Environment environment) {
			return open(environment.getRequiredProperty("second.url"));
		}

		@Bean
		@OutboxTransactionManager
		Transactions secondTransactions(@Qualifier("second") DataSource second) {
			return new Transactions(second);
		}

	}

	/**
	 * Counts its transactions.
	 */
	static class Transactions extends JdbcTransactionManager {

		private static final long serialVersionUID = 1L;

		private final AtomicInteger begun = new AtomicInteger();

		Transactions(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
			this.begun.incrementAndGet();
			super.doBegin(transaction, definition);
		}

		int begun() {
			return this.begun.get();
		}

	}

}
