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

import java.util.List;
import java.util.Optional;

/**
 * Reads and writes orders.
 */
interface OrderRepository {

	Order insert(PlaceOrder command);

	Optional<Order> findById(String id);

	List<Order> findNewest(int limit);

	/**
	 * Changes the status of an order, and keeps others from changing it until the end of
	 * the transaction.
	 * @param id the order
	 * @param from the status that it must have
	 * @param to the status that it gets
	 * @return whether it had the expected status; if not, nothing is changed
	 */
	boolean changeStatus(String id, OrderStatus from, OrderStatus to);

}
