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

import dev.outbox.OutboxPublisher;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A shop that keeps its orders by JDBC.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class JdbcApplication {

	@Bean
	JdbcOrders orders(JdbcClient jdbc, OutboxPublisher outbox, ApplicationEventPublisher events) {
		return new JdbcOrders(jdbc, outbox, events);
	}

	/**
	 * Keeps orders in a table.
	 */
	static class JdbcOrders extends Shop {

		private final JdbcClient jdbc;

		JdbcOrders(JdbcClient jdbc, OutboxPublisher outbox, ApplicationEventPublisher events) {
			super(outbox, events);
			this.jdbc = jdbc;
		}

		@Override
		void insert(String id, int number) {
			this.jdbc.sql("INSERT INTO orders (id, quantity) VALUES (?, ?)").params(id, number).update();
		}

	}

}
