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

import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

import dev.outbox.Destination;
import dev.outbox.InvalidMessageException;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.UnknownEventTypeException;
import dev.outbox.UnroutableEventException;
import dev.outbox.publish.TestEvents.OrderPaid;
import dev.outbox.publish.TestEvents.OrderPlaced;
import dev.outbox.publish.TestEvents.Unannotated;
import dev.outbox.publish.WriteSettings.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RoutingTests {

	/**
	 * Each line drops the strongest of the sources of the line above.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			message | rule | yaml | annotated | message
			-       | rule | yaml | annotated | rule
			-       | -    | yaml | annotated | yaml
			-       | -    | -    | annotated | annotated
			-       | -    | -    | -         | order-events
			""")
	void theFirstSourceInTheOrderThatNamesADestinationDecides(@Nullable String message, @Nullable String rule,
			@Nullable String yaml, @Nullable String annotated, String expected) {
		Object payload = (annotated != null) ? new OrderAnnotated("1") : new OrderPlaced("1");
		String type = (annotated != null) ? "order.annotated" : "order.placed";
		OutboxRouting routing = OutboxRouting.builder().route(payload.getClass(), (route) -> {
			if (rule != null) {
				route.destination(rule);
			}
		}).build();
		Map<String, Route> routes = (yaml != null) ? Map.of(type, new Route(yaml, null)) : Map.of();
		OutboxMessage.Builder builder = OutboxMessage.builder().payload(payload);
		if (message != null) {
			builder.destination(message);
		}
		OutboxRecord event = create(routing, routes, null, Set.of("kafka"), builder.build());
		assertThat(event.destination()).isEqualTo(new Destination("kafka", expected));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			nats | sqs | kafka | rabbit | pubsub | nats
			-    | sqs | kafka | rabbit | pubsub | sqs
			-    | -   | kafka | rabbit | pubsub | kafka
			-    | -   | -     | rabbit | pubsub | rabbit
			-    | -   | -     | -      | pubsub | pubsub
			""")
	void theFirstSourceInTheOrderThatNamesATransportDecides(@Nullable String message, @Nullable String rule,
			@Nullable String yaml, @Nullable String annotated, @Nullable String configured, String expected) {
		Object payload = (annotated != null) ? new OrderPaid("1") : new OrderPlaced("1");
		OutboxRouting routing = OutboxRouting.builder().route((candidate) -> true, (route) -> {
			if (rule != null) {
				route.transport(rule);
			}
		}).build();
		Map<String, Route> routes = (yaml != null)
				? Map.of("order.paid", new Route(null, yaml), "order.placed", new Route(null, yaml)) : Map.of();
		OutboxMessage.Builder builder = OutboxMessage.builder().payload(payload);
		if (message != null) {
			builder.transport(message);
		}
		OutboxRecord event = create(routing, routes, configured, Set.of("nats", "sqs", "kafka", "rabbit", "pubsub"),
				builder.build());
		assertThat(event.destination().transport()).isEqualTo(expected);
	}

	@Test
	void theOnlyTransportNeedsNoName() {
		assertThat(create(Set.of("nats"), new OrderPlaced("1")).destination().transport()).isEqualTo("nats");
	}

	@Test
	void oneOfSeveralTransportsMustBeNamed() {
		assertThatExceptionOfType(UnroutableEventException.class)
			.isThrownBy(() -> create(Set.of("rabbit", "kafka"), new OrderPlaced("1")))
			.withMessageContaining("[kafka, rabbit]")
			.withMessageContaining("outbox.transport");
	}

	@Test
	void aTransportThatDoesNotExistIsRefusedWithTheCandidates() {
		assertThatExceptionOfType(UnroutableEventException.class)
			.isThrownBy(() -> create(Set.of("kafka"), new OrderPaid("1")))
			.withMessageContaining("'rabbit'")
			.withMessageContaining("[kafka]");
	}

	@Test
	void aNodeThatOnlyPublishesMayNameAnyTransport() {
		assertThat(create(Set.of(), new OrderPaid("1")).destination()).isEqualTo(new Destination("rabbit", "payments"));
	}

	@Test
	void withoutDestinationAndAggregateTypeAnEventIsRefused() {
		OutboxMessage message = OutboxMessage.builder().eventType("x").payload("p").build();
		assertThatExceptionOfType(UnroutableEventException.class).isThrownBy(() -> create(Set.of("kafka"), message))
			.withMessageContaining("outbox.routes.[x].destination");
	}

	@Test
	void aBlankDestinationIsRefused() {
		OutboxMessage message = OutboxMessage.builder().eventType("x").destination(" ").payload("p").build();
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> create(Set.of("kafka"), message))
			.extracting(InvalidMessageException::reason)
			.isEqualTo(InvalidMessageException.Reason.BLANK_DESTINATION);
	}

	@Test
	void anUnknownClassIsRefusedAndARouteMakesItKnown() {
		assertThatExceptionOfType(UnknownEventTypeException.class)
			.isThrownBy(() -> create(Set.of("kafka"), new Unannotated("1")))
			.withMessageContaining("@OutboxEvent");
		OutboxRecord event = create((routing) -> routing.route(Unannotated.class,
				(route) -> route.destination("others").key(Unannotated::id)), new Unannotated("17"));
		assertThat(event.eventType()).isEqualTo("unannotated");
		assertThat(event.key()).isEqualTo("17");
	}

	@Test
	void aRuleSetsTypeKeyHeadersAndPayload() {
		OutboxRecord event = create((routing) -> routing.route(OrderPlaced.class,
				(route) -> route.eventType("order.accepted")
					.version(3)
					.destination((order) -> "orders-" + order.orderId())
					.key((order) -> 42)
					.header("fixed", true)
					.header("derived", OrderPlaced::orderId)
					.map((order) -> "mapped " + order.orderId())),
				new OrderPlaced("9"));
		assertThat(event.eventType()).isEqualTo("order.accepted");
		assertThat(event.eventVersion()).isEqualTo(3);
		assertThat(event.destination().name()).isEqualTo("orders-9");
		assertThat(event.key()).isEqualTo("42");
		assertThat(event.headers()).containsEntry("fixed", true).containsEntry("derived", "9");
		assertThat(event.payload()).asString().isEqualTo("mapped 9");
	}

	@Test
	void theFirstRuleThatMatchesDecidesAlone() {
		OutboxRecord event = create(
				(routing) -> routing.route("order.placed", (route) -> route.destination("first"))
					.route(OrderPlaced.class, (route) -> route.destination("second").header("second", 1)),
				new OrderPlaced("9"));
		assertThat(event.destination().name()).isEqualTo("first");
		assertThat(event.headers()).doesNotContainKey("second");
	}

	@Test
	void aRuleMayGiveUpTheOrder() {
		assertThat(create((routing) -> routing.route(OrderPlaced.class, (route) -> route.key((order) -> null)),
				new OrderPlaced("9"))
			.key()).isNull();
	}

	@Test
	void whatAFilterLeavesOutIsNotPrepared() {
		OutboxRouting routing = OutboxRouting.builder()
			.route(OrderPlaced.class, (route) -> route.filter((order) -> order.orderId().equals("1")))
			.build();
		OutboxRecordFactory factory = TestEvents.factory(TestEvents.settings(), routing, (type, to) -> Map.of());
		assertThat(factory.create(new OrderPlaced("1"), Map.of())).isPresent();
		assertThat(factory.create(new OrderPlaced("2"), Map.of())).isEmpty();
	}

	private static OutboxRecord create(Set<String> transports, Object event) {
		return create(OutboxRouting.none(), Map.of(), null, transports, event);
	}

	private static OutboxRecord create(UnaryOperator<OutboxRouting.Builder> routing, Object event) {
		return create(routing.apply(OutboxRouting.builder()).build(), Map.of(), null, Set.of("kafka"), event);
	}

	private static OutboxRecord create(OutboxRouting routing, Map<String, Route> routes, @Nullable String transport,
			Set<String> transports, Object event) {
		WriteSettings settings = new WriteSettings(1000, transport,
				transports.stream().map(NamedTransport::of).toList(), routes, HeaderSettings.defaults("shop"));
		return TestEvents.factory(settings, routing, (type, destination) -> Map.of())
			.create(event, Map.of())
			.orElseThrow()
			.record();
	}

	@dev.outbox.OutboxEvent(type = "order.annotated", destination = "annotated", aggregateType = "order")
	record OrderAnnotated(String orderId) {

	}

}
