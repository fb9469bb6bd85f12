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

package dev.outbox.it.jpa;

import javax.sql.DataSource;

import dev.outbox.autoconfigure.OutboxDataSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * A data source for the outbox that no persistence unit uses.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataJpaRepositoriesAutoConfiguration.class)
class OutboxElsewhere {

	@Bean
	@Primary
	DataSource bankData(@Value("${spring.datasource.url}") String url,
			@Value("${spring.datasource.username}") String user) {
		return TwoUnits.open(url, user);
	}

	@Bean
	@OutboxDataSource
	DataSource outboxData(@Value("${spring.datasource.url}") String url,
			@Value("${spring.datasource.username}") String user) {
		return TwoUnits.open(url, user);
	}

	@Bean
	JdbcTransactionManager outboxTransactions(@OutboxDataSource DataSource outboxData) {
		return new JdbcTransactionManager(outboxData);
	}

}
