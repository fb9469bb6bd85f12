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

/**
 * What a customer asks for.
 */
record PlaceOrder(String customer, String item, int quantity) {

	PlaceOrder {
		requireText("customer", customer);
		requireText("item", item);
		if (quantity < 1) {
			throw new IllegalArgumentException("quantity must be 1 or more");
		}
	}

	private static void requireText(String name, String value) {
		if (value == null || value.isBlank() || value.length() > 100) {
			throw new IllegalArgumentException(name + " must have 1 to 100 characters");
		}
	}

}
