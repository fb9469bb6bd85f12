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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Orders in the table {@code orders}, in SQL that PostgreSQL, MySQL and MariaDB
 * understand.
 */
@Repository
@Profile("!mongo")
class JdbcOrderRepository implements OrderRepository {

	private static final String COLUMNS = "id, customer, item, quantity, status, placed_at";

	private final Clock clock = Clock.systemUTC();

	private final JdbcClient jdbc;

	JdbcOrderRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public Order insert(PlaceOrder command) {
		// As exact as the column: what is returned now is what is read later.
		OffsetDateTime now = OffsetDateTime.now(this.clock).truncatedTo(ChronoUnit.MICROS);
		Order order = new Order(UUID.randomUUID().toString(), command.customer(), command.item(), command.quantity(),
				OrderStatus.PLACED, now);
		this.jdbc.sql("""
				INSERT INTO orders (id, customer, item, quantity, status, placed_at)
				VALUES (:id, :customer, :item, :quantity, :status, :placedAt)
				""")
			.param("id", order.id())
			.param("customer", order.customer())
			.param("item", order.item())
			.param("quantity", order.quantity())
			.param("status", order.status().name())
			.param("placedAt", order.placedAt().toLocalDateTime())
			.update();
		return order;
	}

	@Override
	public Optional<Order> findById(String id) {
		return this.jdbc.sql("SELECT " + COLUMNS + " FROM orders WHERE id = :id")
			.param("id", id)
			.query(JdbcOrderRepository::order)
			.optional();
	}

	@Override
	public List<Order> findNewest(int limit) {
		return this.jdbc.sql("SELECT " + COLUMNS + " FROM orders ORDER BY placed_at DESC, id LIMIT :limit")
			.param("limit", limit)
			.query(JdbcOrderRepository::order)
			.list();
	}

	@Override
	public boolean changeStatus(String id, OrderStatus from, OrderStatus to) {
		return this.jdbc.sql("UPDATE orders SET status = :to WHERE id = :id AND status = :from")
			.param("id", id)
			.param("from", from.name())
			.param("to", to.name())
			.update() == 1;
	}

	private static Order order(ResultSet row, int number) throws SQLException {
		return new Order(row.getString("id"), row.getString("customer"), row.getString("item"), row.getInt("quantity"),
				OrderStatus.valueOf(row.getString("status")),
				row.getObject("placed_at", LocalDateTime.class).atOffset(ZoneOffset.UTC));
	}

}
