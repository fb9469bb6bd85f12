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

package dev.outbox.publish;

import java.util.List;
import java.util.Map;

import dev.outbox.OutboxMessage;
import dev.outbox.UnroutableEventException;
import dev.outbox.publish.TopicNames.Unnamed;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TopicNamesTests {

	private static final TopicNames MAP = TopicNames.map(Map.of("order", "orders", "order.paid", "payments"));

	@ParameterizedTest
	@MethodSource
	void aNameIsMadeFromWhatIsKnownAboutAnEvent(String kind, TopicNames names, String eventType,
			@Nullable String aggregateType, @Nullable String expected) {
		assertThat(names.nameOf(new Unnamed(eventType, aggregateType, "kafka"))).as(kind).isEqualTo(expected);
	}

	static List<Arguments> aNameIsMadeFromWhatIsKnownAboutAnEvent() {
		TopicNames function = (event) -> event.transport() + "/" + event.eventType();
		return List.of(Arguments.of("default", TopicNames.aggregateEvents(), "order.placed", "order", "order-events"),
				Arguments.of("default", TopicNames.aggregateEvents(), "order.placed", null, null),
				Arguments.of("map by aggregate", MAP, "order.placed", "order", "orders"),
				Arguments.of("map by event", MAP, "order.paid", "order", "payments"),
				Arguments.of("map", MAP, "invoice.sent", "invoice", null),
				Arguments.of("map", MAP, "invoice.sent", null, null),
				Arguments.of("prefix", TopicNames.prefix("saga.events"), "order.placed", "order", "saga.events.order"),
				Arguments.of("prefix", TopicNames.prefix("saga"), "order.placed", null, "saga.order.placed"),
				Arguments.of("function", function, "order.placed", null, "kafka/order.placed"),
				Arguments.of("fixed", TopicNames.fixed("all"), "order.placed", "order", "all"),
				Arguments.of("or else", MAP.orElse(TopicNames.aggregateEvents()), "x", "invoice", "invoice-events"),
				Arguments.of("chain", TopicNames.chain(MAP, TopicNames.aggregateEvents(), TopicNames.fixed("rest")),
						"order.placed", "order", "orders"),
				Arguments.of("chain", TopicNames.chain(MAP, TopicNames.aggregateEvents(), TopicNames.fixed("rest")),
						"x", null, "rest"));
	}

	/**
	 * A prefix is for names that are made, not for those that are written down somewhere.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			message | yaml | message
			-       | yaml | yaml
			-       | -    | pre.order
			""")
	void aNameThatIsWrittenDownIsTakenAsItIs(@Nullable String message, @Nullable String yaml, String expected) {
		OutboxMessage.Builder event = OutboxMessage.builder().payload(new TestEvents.OrderPlaced("1"));
		if (message != null) {
			event.destination(message);
		}
		assertThat(publish(TopicNames.prefix("pre"), yaml, event.build())).isEqualTo(expected);
	}

	@Test
	void anEventWithoutANameIsRefusedAndNotStored() {
		OutboxMessage message = OutboxMessage.builder().eventType("x").aggregateType("y").payload("p").build();
		assertThatExceptionOfType(UnroutableEventException.class).isThrownBy(() -> publish(MAP, null, message))
			.withMessageContaining("aggregate type: y")
			.withMessageContaining("outbox.topics");
	}

	private static String publish(TopicNames names, @Nullable String yaml, Object event) {
		Map<String, WriteSettings.Route> routes = (yaml != null)
				? Map.of("order.placed", new WriteSettings.Route(yaml, null)) : Map.of();
		WriteSettings settings = new WriteSettings(1000, "kafka", List.of(), routes, HeaderSettings.defaults("shop"),
				new DestinationSettings(List.of(), names, (eventClass) -> {
				}));
		return TestEvents.factory(settings, OutboxRouting.none(), (type, destination) -> Map.of())
			.create(event, Map.of())
			.orElseThrow()
			.record()
			.destination()
			.name();
	}

}
