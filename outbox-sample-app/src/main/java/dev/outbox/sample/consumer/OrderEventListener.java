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

import org.apache.kafka.clients.consumer.ConsumerRecord;

import org.springframework.context.annotation.Profile;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/**
 * Takes what arrives from Kafka. An event may arrive twice after a crash; its id, the
 * header {@code ce_id}, is the same then.
 */
@Component
@Profile("!rabbit")
class OrderEventListener {

	private final Arrivals arrivals;

	OrderEventListener(Arrivals arrivals) {
		this.arrivals = arrivals;
	}

	// tag::consume[]
	@KafkaListener(topics = { "orders", "stock", "payments", "notes" }, groupId = "shipping")
	void onEvent(ConsumerRecord<String, String> message, @Header("ce_id") String id, @Header("ce_type") String type) {
		this.arrivals.arrived(id, type, message.key(), message.value());
	}
	// end::consume[]

}
