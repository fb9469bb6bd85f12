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

package dev.outbox.it.instances;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxPublisher;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.Transactional;

/**
 * An application with two databases, and an outbox in each.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class TwoOutboxes {

	@Bean
	@Primary
	DataSource shopData(Environment environment) {
		return open(environment, "spring.datasource");
	}

	@Bean
	DataSource billingData(Environment environment) {
		return open(environment, "billing.datasource");
	}

	@Bean
	@Primary
	JdbcTransactionManager shopTransactions(DataSource shopData) {
		return new JdbcTransactionManager(shopData);
	}

	@Bean
	JdbcTransactionManager billingTransactions(@Qualifier("billingData") DataSource billingData) {
		return new JdbcTransactionManager(billingData);
	}

	@Bean
	Services services(@Qualifier("shop") OutboxPublisher shop, @Qualifier("billing") OutboxPublisher billing) {
		return new Services(shop, billing);
	}

	private static HikariDataSource open(Environment environment, String prefix) {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(environment.getRequiredProperty(prefix + ".url"));
		dataSource.setUsername(environment.getProperty(prefix + ".username"));
		dataSource.setPassword(environment.getProperty(prefix + ".password"));
		dataSource.setMaximumPoolSize(2);
		return dataSource;
	}

	/**
	 * Publishes to both.
	 */
	static class Services {

		private final OutboxPublisher shop;

		private final OutboxPublisher billing;

		Services(OutboxPublisher shop, OutboxPublisher billing) {
			this.shop = shop;
			this.billing = billing;
		}

		@Transactional("shopTransactions")
		void order(String id) {
			this.shop.publish(new Placed(id));
		}

		@Transactional("billingTransactions")
		void bill(String id) {
			this.billing.publish(new Placed(id));
		}

		@Transactional("shopTransactions")
		void billInTheWrongTransaction(String id) {
			this.billing.publish(new Placed(id));
		}

	}

}
