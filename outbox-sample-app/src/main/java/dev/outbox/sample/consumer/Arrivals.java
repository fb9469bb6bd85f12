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

package dev.outbox.sample.consumer;

import dev.outbox.sample.journey.Journeys;
import dev.outbox.sample.orders.LateShipments;
import dev.outbox.sample.payments.RefundDesk;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * What the shop does with an event, whatever the broker is that brought it. Doing it
 * twice does no harm.
 */
@Component
class Arrivals {

	private static final Logger logger = LoggerFactory.getLogger(Arrivals.class);

	private final LateShipments shipments;

	private final RefundDesk refunds;

	private final Journeys journeys;

	Arrivals(LateShipments shipments, RefundDesk refunds, Journeys journeys) {
		this.shipments = shipments;
		this.refunds = refunds;
		this.journeys = journeys;
	}

	void arrived(String id, String type, String key, String payload) {
		logger.info("Consumed {} of {}: {}", type, key, payload);
		if (type.equals("order.shipment-due") && this.shipments.isLate(key)) {
			logger.warn("Order {} is paid and should have been shipped by now", key);
		}
		if (type.equals("payment.refund-requested")) {
			this.refunds.refund(id, key);
		}
		this.journeys.consumed(id, type, key, payload);
	}

}
