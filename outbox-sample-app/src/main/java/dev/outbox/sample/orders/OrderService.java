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

import dev.outbox.OutboxPublisher;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Places orders.
 */
@Service
class OrderService {

	/**
	 * What there is of every item. Ordering more fails, after the event was published.
	 */
	static final int STOCK = 100;

	private final OrderRepository orders;

	private final OutboxPublisher outbox;

	OrderService(OrderRepository orders, OutboxPublisher outbox) {
		this.orders = orders;
		this.outbox = outbox;
	}

	// tag::publish[]
	@Transactional
	Order place(PlaceOrder command) {
		Order order = this.orders.insert(command);
		this.outbox.publish(new OrderPlaced(order.id(), order.customer(), order.item(), order.quantity()));
		requireStock(order);
		return order;
	}
	// end::publish[]

	private static void requireStock(Order order) {
		if (order.quantity() > STOCK) {
			throw new OutOfStockException(order.item(), order.quantity(), STOCK);
		}
	}

}
