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

package dev.outbox.sample.payments;

import dev.outbox.OutboxPublisher;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Pays back what was paid for an order that is cancelled.
 */
@Service
public class RefundDesk {

	private final ConsumedEvents consumed;

	private final OutboxPublisher outbox;

	RefundDesk(ConsumedEvents consumed, OutboxPublisher outbox) {
		this.consumed = consumed;
		this.outbox = outbox;
	}

	// tag::refund[]
	/**
	 * Pay back once, however often the request arrives, and tell it in the same
	 * transaction.
	 * @param requestId the event that asks for it
	 * @param orderId the order
	 */
	@Transactional
	public void refund(String requestId, String orderId) {
		if (this.consumed.add(requestId)) {
			this.outbox.publish(new PaymentRefunded(orderId, requestId));
		}
	}
	// end::refund[]

}
