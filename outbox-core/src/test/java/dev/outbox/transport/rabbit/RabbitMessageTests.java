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

package dev.outbox.transport.rabbit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RabbitMessageTests {

	@ParameterizedTest
	@MethodSource
	void exchangeAndRoutingKeyAreThoseOfTheOptionsOrTheDestination(RabbitOptions.Builder options, String exchange,
			String routingKey) {
		OutboxRecord event = event(options.build().asMap(), Map.of());
		RabbitMessage.check(event);
		RabbitMessage message = RabbitMessage.of(event);
		assertThat(message.exchange()).isEqualTo(exchange);
		assertThat(message.routingKey()).isEqualTo(routingKey);
	}

	static List<Arguments> exchangeAndRoutingKeyAreThoseOfTheOptionsOrTheDestination() {
		return List.of(Arguments.of(RabbitOptions.builder(), "orders", "order.placed"),
				Arguments.of(RabbitOptions.builder().routingKey("eu.order"), "orders", "eu.order"),
				Arguments.of(RabbitOptions.builder().routingKey(""), "orders", ""),
				Arguments.of(RabbitOptions.builder().defaultExchange(), "", "orders"),
				Arguments.of(RabbitOptions.builder().defaultExchange().routingKey("orders"), "", "orders"),
				Arguments.of(RabbitOptions.builder().exchange("shop"), "shop", "orders"),
				Arguments.of(RabbitOptions.builder().exchange("shop").routingKey("eu"), "shop", "eu"),
				Arguments.of(RabbitOptions.builder().exchange("orders"), "orders", "order.placed"));
	}

	@ParameterizedTest
	@MethodSource
	void whatContradictsItselfIsRefused(Map<String, Object> options, Map<String, Object> headers, String problem) {
		assertThatIllegalArgumentException().isThrownBy(() -> RabbitMessage.check(event(options, headers)))
			.withMessageContaining(problem);
	}

	static List<Arguments> whatContradictsItselfIsRefused() {
		return List.of(
				Arguments.of(Map.of("exchange", "", "exchange-type", "topic"), Map.of(), "default exchange has no"),
				Arguments.of(Map.of("exchange", "", "routing-key", "other"), Map.of(), "queue 'other'"),
				Arguments.of(Map.of("exchange-durable", true), Map.of(), "no exchange-type"),
				Arguments.of(Map.of("exchange-auto-delete", true), Map.of(), "no exchange-type"),
				Arguments.of(Map.of("exchange-type", "tpoic"), Map.of(), "'tpoic'"),
				Arguments.of(Map.of("exchange-type", "x-delayed-message"), Map.of(), "deliverAfter"),
				Arguments.of(Map.of(), Map.of("ce_" + "x".repeat(250), "x"),
						"name of a header has more than 255 bytes"),
				Arguments.of(Map.of(), Map.of("ce_id", "x", "cloudEvents_id", "y"), "same name"),
				Arguments.of(Map.of("routing-key", "ä".repeat(128)), Map.of(), "routing-key has more than 255 bytes"),
				Arguments.of(Map.of("exchange", "ä".repeat(128)), Map.of(), "exchange has more than 255 bytes"),
				Arguments.of(Map.of(), Map.of("ä".repeat(128), "x"), "name of a header has more than 255 bytes"),
				Arguments.of(Map.of(), Map.of("CC", "x"), "header CC"),
				Arguments.of(Map.of(), Map.of("BCC", "x"), "header BCC"));
	}

	@Test
	void optionsSurviveAFormatThatHasOnlyLongs() {
		OutboxRecord event = event(Map.of("priority", 7L, "expiration", 1500, "persistent", false), Map.of());
		RabbitMessage message = RabbitMessage.of(event);
		assertThat(message.properties().getPriority()).isEqualTo(7);
		assertThat(message.properties().getExpiration()).isEqualTo("1500");
		assertThat(message.properties().getDeliveryMode()).isEqualTo(1);
	}

	@Test
	void anOptionThatIsOutOfRangeIsRefusedByName() {
		assertThatIllegalArgumentException().isThrownBy(() -> RabbitOptions.builder().priority(300))
			.withMessageContaining("priority");
		assertThatIllegalArgumentException().isThrownBy(() -> RabbitOptions.builder().expiration(Duration.ofMillis(-1)))
			.withMessageContaining("expiration");
	}

	@Test
	void aCorrelationIdThatIsTooLongForThePropertyStaysAHeader() {
		RabbitMessage message = RabbitMessage.of(event(Map.of(), Map.of("correlation_id", "ä".repeat(200))));
		assertThat(message.properties().getCorrelationId()).isNull();
		assertThat(message.properties().getHeaders()).containsKey("correlation_id");
	}

	private static OutboxRecord event(Map<String, Object> options, Map<String, Object> headers) {
		return new OutboxRecord(UUID.randomUUID(), "key", null, null, "order.placed", 1,
				new Destination("rabbit", "orders"), options, "application/json", headers, new byte[] { 1, 2, 3 },
				Instant.EPOCH);
	}

}
