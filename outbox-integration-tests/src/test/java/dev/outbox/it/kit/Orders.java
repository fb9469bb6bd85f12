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

package dev.outbox.it.kit;

import java.time.Duration;
import java.util.UUID;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What is tested: writes business data and events in one transaction.
 */
@Service
public class Orders {

	private final OrderBook book;

	private final OutboxPublisher outbox;

	Orders(OrderBook book, OutboxPublisher outbox) {
		this.book = book;
		this.outbox = outbox;
	}

	/**
	 * Adds items to an order.
	 */
	@Transactional
	public void place(String orderId, String... items) {
		for (String item : items) {
			this.book.add(orderId, item);
			this.outbox.publish(new OrderPlaced(orderId, item));
		}
	}

	@Transactional
	public void placeAndFail(String orderId) {
		place(orderId, "teapot");
		throw new IllegalStateException("out of stock");
	}

	@Transactional
	public UUID placeOnce(String orderId) {
		this.book.add(orderId, "teapot");
		return this.outbox.publish(message(orderId).idempotencyKey("order-" + orderId).build());
	}

	@Transactional
	public void remind(String orderId, Duration later) {
		this.outbox.publish(message(orderId).eventType("order.reminder").deliverAfter(later).build());
	}

	private static OutboxMessage.Builder message(String orderId) {
		return OutboxMessage.builder().eventType("order.placed").destination("orders").key(orderId).payload("{}");
	}

}
