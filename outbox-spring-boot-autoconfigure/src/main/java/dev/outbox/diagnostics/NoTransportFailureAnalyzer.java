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

package dev.outbox.diagnostics;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.ClassUtils;

/**
 * Explains that there is no broker.
 */
final class NoTransportFailureAnalyzer extends AbstractFailureAnalyzer<NoTransportException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, NoTransportException cause) {
		return new FailureAnalysis("The outbox has no transport to send events with. " + found(), """
				Do one of these:
				  - to send to Kafka, add org.springframework.boot:spring-boot-starter-kafka
				  - to send to RabbitMQ, add org.springframework.boot:spring-boot-starter-amqp
				  - define a bean of type dev.outbox.transport.OutboxTransport
				  - on an instance that only publishes, set outbox.relay.enabled=false and outbox.transport
				  - to do without the outbox, set outbox.enabled=false""", cause);
	}

	/**
	 * Says what there is of brokers.
	 */
	static String found() {
		String kafka = found("Kafka", "ProducerFactory", "org.springframework.kafka.core.ProducerFactory",
				List.of("org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration"));
		String rabbit = found("RabbitMQ", "ConnectionFactory",
				"org.springframework.amqp.rabbit.connection.ConnectionFactory",
				List.of("org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration",
						"org.springframework.boot.rabbitmq.autoconfigure.RabbitAutoConfiguration"));
		String found = Stream.of(kafka, rabbit).filter(Objects::nonNull).collect(Collectors.joining(" "));
		return found.isEmpty() ? "No broker that the outbox knows is on the class path." : found;
	}

	private static @Nullable String found(String broker, String bean, String client, List<String> support) {
		if (support.stream().anyMatch(NoTransportFailureAnalyzer::isPresent)) {
			return "Spring Boot's support for " + broker + " is on the class path, but there is not exactly one bean"
					+ " of type " + bean + ", or one marked as primary.";
		}
		return isPresent(client) ? "The client of " + broker + " is on the class path, but nothing configures it."
				: null;
	}

	private static boolean isPresent(String type) {
		return ClassUtils.isPresent(type, NoTransportFailureAnalyzer.class.getClassLoader());
	}

}
