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

package dev.outbox.it.kit.jpa;

import dev.outbox.it.kit.OrderPlaced;
import dev.outbox.it.kit.Orders;
import dev.outbox.test.PublishedEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.rabbitmq.RabbitMQContainer;

import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.core.TopicExchange;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application on PostgreSQL and RabbitMQ in containers.
 */
@EnabledIfSystemProperty(named = "outbox.fixtures", matches = "testcontainers",
		disabledReason = "needs containers: start Docker and run the build with -Doutbox.fixtures=testcontainers")
@SpringBootTest(properties = { "spring.flyway.enabled=false", "spring.jpa.hibernate.ddl-auto=create",
		"outbox.transport=rabbit" })
@Testcontainers
@Import({ PublishedEvents.class, Orders.class })
class ShopWithRabbitIntegrationTests {

	@Container
	@ServiceConnection
	static final PostgreSQLContainer POSTGRES = new PostgreSQLContainer("postgres:18-alpine");

	// tag::rabbit[]
	@Container
	@ServiceConnection
	static final RabbitMQContainer RABBIT = new RabbitMQContainer("rabbitmq:4-management");

	// end::rabbit[]
	@Test
	void anOrderReachesTheQueue(@Autowired Orders orders, @Autowired PublishedEvents events,
			@Autowired RabbitTemplate rabbit) {
		orders.place("o-1", "teapot");
		events.awaitPublished(OrderPlaced.class);
		assertThat(rabbit.receive("kit-orders", 10_000)).isNotNull();
	}

	/**
	 * What nobody has bound a queue to is refused.
	 */
	@TestConfiguration(proxyBeanMethods = false)
	static class Topology {

		@Bean
		Declarables ordersForTheTest() {
			TopicExchange exchange = new TopicExchange("orders");
			Queue queue = new Queue("kit-orders");
			return new Declarables(exchange, queue, BindingBuilder.bind(queue).to(exchange).with("#"));
		}

	}

}
