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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.annotation.Profile;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.support.KafkaUtils;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/**
 * Prints what arrives from Kafka. An event may arrive twice after a crash; its id, the
 * header {@code ce_id}, is the same then.
 */
@Component
@Profile("!rabbit")
class OrderEventListener {

	private static final Logger logger = LoggerFactory.getLogger(OrderEventListener.class);

	private final Journeys journeys;

	OrderEventListener(Journeys journeys) {
		this.journeys = journeys;
	}

	// tag::consume[]
	@KafkaListener(topics = "orders", groupId = "shipping")
	void onOrderEvent(ConsumerRecord<String, String> message, @Header("ce_id") String id,
			@Header("ce_type") String type) {
		logger.info("Consumed {} {}: {}", type, KafkaUtils.format(message), message.value());
		this.journeys.consumed(id, type, message.key(), message.value());
	}
	// end::consume[]

}
