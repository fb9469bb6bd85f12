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

package dev.outbox.it.kit.jpa;

import dev.outbox.OutboxRecord;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.it.kit.OrderPlaced;
import dev.outbox.it.kit.Orders;
import dev.outbox.test.OutboxAssertions;
import dev.outbox.test.PublishedEvents;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing of the kit but what listens, in an application whose relay sends to a broker.
 */
@SpringBootTest(
		properties = { "spring.datasource.url=jdbc:h2:mem:running;DB_CLOSE_DELAY=-1", "spring.flyway.enabled=false" })
@Import({ PublishedEvents.class, Orders.class })
@DirtiesContext
class RunningRelayKitTests {

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private static final String TOPIC = KAFKA.uniqueTopic(1);

	@DynamicPropertySource
	static void broker(DynamicPropertyRegistry properties) {
		properties.add("spring.kafka.bootstrap-servers", KAFKA::bootstrapServers);
		properties.add("outbox.routes.[order.placed].destination", () -> TOPIC);
	}

	@Test
	void aTestWaitsForTheBroker(@Autowired Orders orders, @Autowired PublishedEvents events) {
		orders.place("o-1", "teapot");
		OutboxRecord published = events.awaitPublished(OrderPlaced.class);
		OutboxAssertions.assertThat(published).hasKey("o-1").hasDestination(TOPIC);
		OutboxAssertions.assertThat(events).stored().hasSize(1);
		assertThat(KAFKA.readAll(TOPIC)).extracting(KafkaRecord::key).containsExactly("o-1");
	}

}
