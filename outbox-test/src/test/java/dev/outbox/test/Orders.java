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

package dev.outbox.test;

import java.time.Duration;
import java.util.UUID;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What is tested.
 */
@Service
class Orders {

	private final OutboxPublisher outbox;

	Orders(OutboxPublisher outbox) {
		this.outbox = outbox;
	}

	@Transactional
	public void place(String orderId, String... items) {
		for (String item : items) {
			this.outbox.publish(new OrderPlaced(orderId, item));
		}
	}

	@Transactional
	public UUID placeOnce(String orderId) {
		return this.outbox.publish(OutboxMessage.builder()
			.eventType("order.placed")
			.destination("orders")
			.key(orderId)
			.idempotencyKey("order-" + orderId)
			.payload("{}")
			.build());
	}

	@Transactional
	public void bill(String orderId) {
		this.outbox.publish(new OrderBilled(orderId));
	}

	@Transactional
	public void fail(String orderId) {
		this.outbox.publish(new OrderPlaced(orderId, "teapot"));
		throw new IllegalStateException("out of stock");
	}

	@Transactional
	public void remind(String orderId, Duration later) {
		this.outbox.publish(OutboxMessage.builder()
			.eventType("order.reminder")
			.destination("reminders")
			.key(orderId)
			.header("reason", "unpaid")
			.deliverAfter(later)
			.payload("{\"orderId\":\"" + orderId + "\"}")
			.build());
	}

}
