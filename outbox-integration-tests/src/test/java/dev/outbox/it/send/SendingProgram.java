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

package dev.outbox.it.send;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;

import dev.outbox.MessageSender;
import dev.outbox.OutboxEvent;
import dev.outbox.publish.TransportMessageSender;
import dev.outbox.transport.kafka.KafkaTransport;

import org.springframework.kafka.core.DefaultKafkaProducerFactory;

/**
 * A program that sends one message. Its arguments are the broker and the topic.
 */
final class SendingProgram {

	private SendingProgram() {
	}

	public static void main(String[] args) {
		Duration timeout = Duration.ofSeconds(30);
		try (KafkaTransport kafka = new KafkaTransport(
				new DefaultKafkaProducerFactory<>(Map.of("bootstrap.servers", args[0])), timeout, 64 << 20,
				Clock.systemUTC());
				TransportMessageSender sender = TransportMessageSender.builder(kafka)
					.source("shop")
					.route("order.placed", args[1])
					.publishTimeout(timeout)
					.build()) {
			send(sender);
		}
	}

	private static void send(MessageSender sender) {
		sender.sendAndWait(new OrderPlaced("o-1", 7));
	}

	/**
	 * The event.
	 *
	 * @param orderId id of the order
	 * @param total what it costs
	 */
	@OutboxEvent(type = "order.placed", key = "orderId")
	record OrderPlaced(String orderId, int total) {

	}

}
