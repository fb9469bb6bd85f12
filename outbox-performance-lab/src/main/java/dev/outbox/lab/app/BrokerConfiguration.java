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

package dev.outbox.lab.app;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * The senders for libraries that leave sending to their user.
 */
@Configuration(proxyBeanMethods = false)
public class BrokerConfiguration {

	@Bean
	@ConditionalOnProperty(name = "lab.broker", havingValue = "kafka")
	Broker kafkaBroker(KafkaTemplate<Object, Object> kafka) {
		return (event) -> {
			try {
				return kafka.send(event.topic(), event.key(), event.value());
			}
			catch (RuntimeException ex) {
				return CompletableFuture.failedFuture(ex);
			}
		};
	}

	@Bean
	@ConditionalOnProperty(name = "lab.broker", havingValue = "rabbit")
	Broker rabbitBroker(RabbitTemplate rabbit) {
		return (event) -> {
			CorrelationData correlation = new CorrelationData();
			rabbit.send(event.topic(), event.key(), new Message(event.value().getBytes(StandardCharsets.UTF_8)),
					correlation);
			return correlation.getFuture().thenApply((confirm) -> {
				if (!confirm.ack()) {
					throw new IllegalStateException("Not confirmed: " + confirm.reason());
				}
				return confirm;
			});
		};
	}

}
