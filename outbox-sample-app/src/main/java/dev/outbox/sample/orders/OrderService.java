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
import java.time.Duration;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Takes an order from its placing to its shipping or cancelling. Each method is one
 * transaction of the order and its events.
 */
@Service
class OrderService {

	/**
	 * What there is of every item. Ordering more fails, after the event was published.
	 */
	static final int STOCK = 100;

	private final OrderRepository orders;

	private final OutboxPublisher outbox;

	private final Duration shipWithin;

	private final Clock clock = Clock.systemUTC();

	OrderService(OrderRepository orders, OutboxPublisher outbox,
			@Value("${sample.ship-within:20s}") Duration shipWithin) {
		this.orders = orders;
		this.outbox = outbox;
		this.shipWithin = shipWithin;
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

	// tag::delayed[]
	@Transactional
	Order pay(String id) {
		Order order = change(id, OrderStatus.PAID);
		this.outbox.publish(new OrderPaid(id, order.customer()));
		this.outbox.publish(OutboxMessage.builder()
			.eventType("order.shipment-due")
			.destination("orders")
			.key(id)
			.deliverAfter(this.shipWithin)
			.payload(new ShipmentDue(id, this.clock.instant().plus(this.shipWithin)))
			.build());
		return order;
	}
	// end::delayed[]

	// tag::several[]
	@Transactional
	Order ship(String id) {
		Order order = change(id, OrderStatus.SHIPPED);
		this.outbox.publish(new OrderShipped(id, order.customer()));
		this.outbox.publish(new StockTaken(order.item(), order.quantity(), id));
		return order;
	}
	// end::several[]

	@Transactional
	Order cancel(String id) {
		boolean paid = order(id).status() == OrderStatus.PAID;
		Order order = change(id, OrderStatus.CANCELLED);
		this.outbox.publish(new OrderCancelled(id, order.customer()));
		if (paid) {
			this.outbox.publish(new RefundRequested(id, order.customer()));
		}
		return order;
	}

	@Transactional
	Order note(String id, AddNote note) {
		Order order = order(id);
		this.outbox.publish(new OrderNoted(id, note.text()));
		return order;
	}

	private Order order(String id) {
		return this.orders.findById(id).orElseThrow(() -> new UnknownOrderException(id));
	}

	/**
	 * The changed row stays locked until the commit, so that the events of an order are
	 * in the order of its changes.
	 */
	private Order change(String id, OrderStatus wanted) {
		Order order = order(id);
		OrderStatus status = order.status();
		if (!status.mayBecome(wanted) || !this.orders.changeStatus(id, status, wanted)) {
			throw new WrongStatusException(id, status, wanted);
		}
		return order.with(wanted);
	}

	private static void requireStock(Order order) {
		if (order.quantity() > STOCK) {
			throw new OutOfStockException(order.item(), order.quantity(), STOCK);
		}
	}

}
