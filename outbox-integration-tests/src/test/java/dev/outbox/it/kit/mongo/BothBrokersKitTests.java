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

package dev.outbox.it.kit.mongo;

import java.time.Duration;

import dev.outbox.FailureKind;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.it.kit.Orders;
import dev.outbox.test.AutoConfigureTestOutbox;
import dev.outbox.test.InMemoryTransport;
import dev.outbox.test.OutboxAssertions;
import dev.outbox.test.PublishedEvents;
import dev.outbox.test.StepRelay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The kit in a whole application, which sends to Kafka and to RabbitMQ.
 */
@SpringBootTest(properties = {
		"spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
		"outbox.routes.[order.placed].transport=rabbit" })
@AutoConfigureTestOutbox
@Import(Orders.class)
class BothBrokersKitTests {

	@RegisterExtension
	static final MongoTestDatabase DATABASE = MongoTestDatabase.fresh();

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		properties.add("spring.mongodb.uri", DATABASE::uri);
	}

	@Test
	void eachTransportIsInMemory(@Autowired Orders orders, PublishedEvents events, StepRelay relay,
			@Qualifier("outboxKafkaTransport") InMemoryTransport kafka,
			@Qualifier("outboxRabbitTransport") InMemoryTransport rabbit) {
		orders.place("o-1", "teapot");
		orders.remind("o-1", Duration.ZERO);
		kafka.failNext(1, new SendFailure(FailureKind.RETRIABLE, "busy", null));
		assertThat(relay.deliver()).extracting(SendResult::isAcknowledged).containsExactlyInAnyOrder(true, false);
		assertThat(rabbit.records()).hasSize(1);
		assertThat(kafka.records()).isEmpty();
		OutboxAssertions.assertThat(events).published().isOne().hasTransport("rabbit");
	}

}
