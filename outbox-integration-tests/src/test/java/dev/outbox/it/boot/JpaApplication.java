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
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.annotation.Transactional;

/**
 * A shop that keeps its orders by JPA.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class JpaApplication {

	@Bean
	Orders orders(EntityManager entities, OutboxPublisher outbox) {
		return new Orders(entities, outbox);
	}

	/**
	 * An order.
	 */
	@Entity
	@Table(name = "orders")
	static class PlacedOrder {

		@Id
		private String id;

		@Column(name = "quantity")
		private int number;

		protected PlacedOrder() {
		}

		PlacedOrder(String id, int number) {
			this.id = id;
			this.number = number;
		}

		String id() {
			return this.id;
		}

		int number() {
			return this.number;
		}

	}

	/**
	 * Places orders.
	 */
	static class Orders {

		private final EntityManager entities;

		private final OutboxPublisher outbox;

		Orders(EntityManager entities, OutboxPublisher outbox) {
			this.entities = entities;
			this.outbox = outbox;
		}

		@Transactional
		void place(String id, int number) {
			this.entities.persist(new PlacedOrder(id, number));
			this.outbox.publish(new OrderPlaced(id, number));
		}

		@Transactional
		void placeAndFail(String id) {
			place(id, 1);
			throw new IllegalStateException("after publishing");
		}

	}

}
