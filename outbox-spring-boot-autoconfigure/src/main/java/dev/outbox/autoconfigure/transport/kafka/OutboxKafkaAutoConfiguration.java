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

package dev.outbox.autoconfigure.transport.kafka;

import java.time.Clock;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.transport.kafka.KafkaTransport;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Auto-configuration of the Kafka transport, which derives its producer from the
 * application's producer factory.
 */
@AutoConfiguration(afterName = "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration")
@ConditionalOnOutboxEnabled
@ConditionalOnClass(ProducerFactory.class)
@ConditionalOnSingleCandidate(ProducerFactory.class)
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxKafkaAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	KafkaTransport outboxKafkaTransport(ProducerFactory<?, ?> producerFactory, OutboxProperties properties) {
		long relayed = properties.relay().maxInFlight().bytes().toBytes();
		long sent = properties.send().maxInFlight().bytes().toBytes();
		return new KafkaTransport(producerFactory, properties.publishTimeout(), Math.addExact(relayed, sent),
				Clock.systemUTC());
	}

}
