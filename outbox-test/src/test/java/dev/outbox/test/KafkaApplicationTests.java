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

package dev.outbox.test;

import java.util.Map;

import dev.outbox.InvalidMessageException;
import dev.outbox.MessageSender;
import dev.outbox.OutboxMessage;
import dev.outbox.publish.OutboxTemplate;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A whole application with Kafka, and no broker anywhere.
 */
@SpringBootTest(properties = { "spring.datasource.url=jdbc:h2:mem:whole", "outbox.topology.mode=validate" })
@AutoConfigureTestOutbox
@Import(Orders.class)
class KafkaApplicationTests {

	@Autowired
	private Orders orders;

	@Test
	void nothingIsSentToTheBroker(PublishedEvents events, StepRelay relay, InMemoryTransport transport) {
		this.orders.place("o-1", "teapot");
		assertThat(relay.deliver()).hasSize(1);
		assertThat(transport.name()).isEqualTo("kafka");
		OutboxAssertions.assertThat(events).published().isOne().hasTransport("kafka");
	}

	@Test
	void whatTheRealTransportRefusesIsRefused(@Autowired OutboxTemplate outbox, PublishedEvents events) {
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> outbox.publishTransactional(with(Map.of("routing-key", "a"))))
			.withMessageContaining("the transport 'kafka' has no option 'routing-key'");
		outbox.publishTransactional(with(Map.of("partition", 3)));
		OutboxAssertions.assertThat(events).stored().isOne().hasOption("partition", 3);
	}

	@Test
	void whatIsSentAtOnceStaysHereToo(@Autowired MessageSender sender, InMemoryTransport transport) {
		assertThat(sender.send(with(Map.of()))).succeedsWithin(java.time.Duration.ofSeconds(10));
		assertThat(transport.records()).hasSize(1);
	}

	private static OutboxMessage with(Map<String, Object> options) {
		OutboxMessage.Builder builder = OutboxMessage.builder()
			.eventType("stock.low")
			.destination("stock")
			.key("teapot")
			.payload("{}");
		options.forEach(builder::option);
		return builder.build();
	}

}
