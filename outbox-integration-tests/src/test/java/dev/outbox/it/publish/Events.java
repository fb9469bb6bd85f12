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

package dev.outbox.it.publish;

import java.math.BigDecimal;
import java.time.Instant;

import dev.outbox.AbstractOutboxEvent;
import dev.outbox.OutboxEvent;
import org.jspecify.annotations.Nullable;

/**
 * What the tests publish.
 */
final class Events {

	private Events() {
	}

	@OutboxEvent(type = "order.placed", version = 7, key = "orderId", aggregateType = "order")
	record OrderPlaced(String orderId) {

	}

	@OutboxEvent(type = "order.priced", destination = "prices")
	record OrderPriced(BigDecimal total, Instant at, @Nullable String coupon) {

	}

	@OutboxEvent(destination = "parcels")
	static class ParcelShipped extends AbstractOutboxEvent {

	}

	@OutboxEvent(destination = "broken")
	static class Unserializable {

		public String getValue() {
			throw new IllegalStateException("no value");
		}

	}

}
