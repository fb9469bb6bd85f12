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

package dev.outbox.sample.orders;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Orders in the table {@code orders}.
 */
@Repository
@Profile("!mongo")
class JdbcOrderRepository implements OrderRepository {

	private final JdbcClient jdbc;

	JdbcOrderRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public Order insert(PlaceOrder command) {
		String id = UUID.randomUUID().toString();
		OffsetDateTime placedAt = this.jdbc.sql("""
				INSERT INTO orders (id, customer, item, quantity)
				VALUES (:id, :customer, :item, :quantity)
				RETURNING placed_at
				""")
			.param("id", id)
			.param("customer", command.customer())
			.param("item", command.item())
			.param("quantity", command.quantity())
			.query(OffsetDateTime.class)
			.single();
		return new Order(id, command.customer(), command.item(), command.quantity(), placedAt);
	}

	@Override
	public Optional<Order> findById(String id) {
		return this.jdbc.sql("SELECT id, customer, item, quantity, placed_at FROM orders WHERE id = :id")
			.param("id", id)
			.query(Order.class)
			.optional();
	}

	@Override
	public List<Order> findNewest(int limit) {
		return this.jdbc.sql("""
				SELECT id, customer, item, quantity, placed_at FROM orders
				ORDER BY placed_at DESC, id LIMIT :limit
				""").param("limit", limit).query(Order.class).list();
	}

}
