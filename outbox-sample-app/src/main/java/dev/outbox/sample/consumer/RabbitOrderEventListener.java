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

import java.nio.charset.StandardCharsets;

import org.springframework.amqp.rabbit.annotation.Exchange;
import org.springframework.amqp.rabbit.annotation.Queue;
import org.springframework.amqp.rabbit.annotation.QueueBinding;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.support.AmqpHeaders;
import org.springframework.context.annotation.Profile;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/**
 * Takes what arrives from RabbitMQ, and declares what it needs there: exchanges with the
 * names of the events' destinations, and a queue of its own. An event may arrive twice
 * after a crash; its id, the message id, is the same then.
 */
@Component
@Profile("rabbit")
class RabbitOrderEventListener {

	private final Arrivals arrivals;

	RabbitOrderEventListener(Arrivals arrivals) {
		this.arrivals = arrivals;
	}

	// tag::consume-rabbit[]
	@RabbitListener(bindings = {
			@QueueBinding(exchange = @Exchange(name = "orders", type = "topic"),
					value = @Queue(name = "shipping", durable = "true"), key = "order.*"),
			@QueueBinding(exchange = @Exchange(name = "stock", type = "topic"),
					value = @Queue(name = "shipping", durable = "true"), key = "stock.*"),
			@QueueBinding(exchange = @Exchange(name = "payments", type = "topic"),
					value = @Queue(name = "shipping", durable = "true"), key = "payment.*"),
			@QueueBinding(exchange = @Exchange(name = "notes", type = "topic"),
					value = @Queue(name = "shipping", durable = "true"), key = "order.*") })
	void onEvent(byte[] payload, @Header(AmqpHeaders.MESSAGE_ID) String id, @Header(AmqpHeaders.TYPE) String type,
			@Header("cloudEvents_subject") String key) {
		this.arrivals.arrived(id, type, key, new String(payload, StandardCharsets.UTF_8));
	}
	// end::consume-rabbit[]

}
