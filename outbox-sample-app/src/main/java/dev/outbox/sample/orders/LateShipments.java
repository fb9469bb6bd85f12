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

import org.springframework.stereotype.Component;

/**
 * What becomes of a {@link ShipmentDue}.
 */
@Component
public class LateShipments {

	private final OrderRepository orders;

	LateShipments(OrderRepository orders) {
		this.orders = orders;
	}

	/**
	 * Say whether somebody should look after an order. One that was shipped or cancelled
	 * meanwhile is none of them, and the event that asks for it has no effect.
	 * @param orderId the order
	 * @return whether it is paid and nothing more
	 */
	public boolean isLate(String orderId) {
		return this.orders.findById(orderId).filter((order) -> order.status() == OrderStatus.PAID).isPresent();
	}

}
