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

import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.EntityManagerFactory;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.jpa.EntityManagerFactoryBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

/**
 * Two persistence units on two data sources.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataJpaRepositoriesAutoConfiguration.class)
class TwoUnits {

	@Bean
	@Primary
	DataSource bankData(@Value("${spring.datasource.url}") String url,
			@Value("${spring.datasource.username}") String user) {
		return open(url, user);
	}

	@Bean
	DataSource reportData(@Value("${spring.datasource.url}") String url,
			@Value("${spring.datasource.username}") String user) {
		return open(url, user);
	}

	@Bean
	@Primary
	LocalContainerEntityManagerFactoryBean bankUnit(EntityManagerFactoryBuilder builder, DataSource bankData) {
		return builder.dataSource(bankData).packages(Account.class).persistenceUnit("bank").build();
	}

	@Bean
	LocalContainerEntityManagerFactoryBean reportUnit(EntityManagerFactoryBuilder builder,
			@Qualifier("reportData") DataSource reportData) {
		return builder.dataSource(reportData).packages(Account.class).persistenceUnit("report").build();
	}

	@Bean
	@Primary
	JpaTransactionManager bankTransactions(EntityManagerFactory bankUnit) {
		return new JpaTransactionManager(bankUnit);
	}

	@Bean
	JpaTransactionManager reportTransactions(@Qualifier("reportUnit") EntityManagerFactory reportUnit) {
		return new JpaTransactionManager(reportUnit);
	}

	static HikariDataSource open(String url, String user) {
		HikariDataSource dataSource = new HikariDataSource();
		dataSource.setJdbcUrl(url);
		dataSource.setUsername(user);
		dataSource.setMaximumPoolSize(2);
		return dataSource;
	}

}
