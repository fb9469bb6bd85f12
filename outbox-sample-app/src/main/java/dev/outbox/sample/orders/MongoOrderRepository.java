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

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.bson.Document;

import org.springframework.context.annotation.Profile;
import org.springframework.data.domain.Sort;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.stereotype.Repository;

/**
 * Orders in the collection {@code orders}.
 */
@Repository
@Profile("mongo")
class MongoOrderRepository implements OrderRepository {

	private static final String ORDERS = "orders";

	private final MongoTemplate mongo;

	private final Clock clock = Clock.systemUTC();

	MongoOrderRepository(MongoTemplate mongo) {
		this.mongo = mongo;
	}

	@Override
	public Order insert(PlaceOrder command) {
		Document order = new Document("_id", UUID.randomUUID().toString()).append("customer", command.customer())
			.append("item", command.item())
			.append("quantity", command.quantity())
			.append("status", OrderStatus.PLACED.name())
			.append("placedAt", Date.from(this.clock.instant()));
		return order(this.mongo.insert(order, ORDERS));
	}

	@Override
	public Optional<Order> findById(String id) {
		return Optional.ofNullable(this.mongo.findById(id, Document.class, ORDERS)).map(MongoOrderRepository::order);
	}

	@Override
	public List<Order> findNewest(int limit) {
		Query newest = new Query().with(Sort.by(Sort.Order.desc("placedAt"), Sort.Order.asc("_id"))).limit(limit);
		return this.mongo.find(newest, Document.class, ORDERS).stream().map(MongoOrderRepository::order).toList();
	}

	@Override
	public boolean changeStatus(String id, OrderStatus from, OrderStatus to) {
		Query expected = Query.query(Criteria.where("_id").is(id).and("status").is(from.name()));
		return this.mongo.updateFirst(expected, Update.update("status", to.name()), ORDERS).getModifiedCount() == 1;
	}

	private static Order order(Document order) {
		return new Order(order.getString("_id"), order.getString("customer"), order.getString("item"),
				order.getInteger("quantity"), OrderStatus.valueOf(order.getString("status")),
				OffsetDateTime.ofInstant(order.getDate("placedAt").toInstant(), ZoneOffset.UTC));
	}

}
