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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.outbox.Destination;
import dev.outbox.OutboxEvent;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.UnroutableEventException;
import dev.outbox.publish.WriteSettings.Route;
import dev.outbox.transport.TransportCapabilities;
import dev.outbox.transport.TransportOption;
import dev.outbox.transport.kafka.KafkaTopic;
import dev.outbox.transport.kafka.KafkaTopicReader;
import dev.outbox.transport.rabbit.RabbitTopic;
import dev.outbox.transport.rabbit.RabbitTopicReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Events whose classes declare a topic, an exchange or a queue.
 */
class DeclaredDestinationTests {

	private static final TransportCapabilities KAFKA = NamedTransport.of("kafka",
			TransportOption.integer("partition", 0, 9));

	private static final TransportCapabilities RABBIT = NamedTransport.of("rabbit",
			TransportOption.text("exchange", 99), TransportOption.text("routing-key", 99),
			TransportOption.integer("priority", 0, 9));

	private final List<Class<?>> discovered = new ArrayList<>();

	private Map<String, Route> routes = Map.of();

	private OutboxRouting routing = OutboxRouting.none();

	@Test
	void aTopicNeedsNoOtherAnnotation() {
		OutboxRecord event = publish(new Shipped("s-1"), null, KAFKA, RABBIT);
		assertThat(event.destination()).isEqualTo(new Destination("kafka", "shipments"));
		assertThat(event.eventType()).isEqualTo("shipped");
		assertThat(event.key()).isEqualTo("s-1");
		assertThat(event.options()).isEmpty();
	}

	@Test
	void anExchangeIsDeclaredWithTheRoutingKeyOfItsEvents() {
		OutboxRecord event = publish(new Invoiced("i-1"), null, KAFKA, RABBIT);
		assertThat(event.destination()).isEqualTo(new Destination("rabbit", "invoices"));
		assertThat(event.options()).isEqualTo(Map.of("routing-key", "invoice.new"));
	}

	@Test
	void aQueueAloneIsReachedThroughTheDefaultExchange() {
		OutboxRecord event = publish(new Queued("q-1"), null, RABBIT);
		assertThat(event.destination()).isEqualTo(new Destination("rabbit", "jobs"));
		assertThat(event.options()).isEqualTo(Map.of("exchange", ""));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			-      | kafka  | kafka:both-topic
			-      | rabbit | rabbit:both-exchange
			rabbit | kafka  | rabbit:both-exchange
			kafka  | rabbit | kafka:both-topic
			""")
	void ofTwoDeclarationsTheTransportChoosesTheOneThatApplies(@Nullable String message, @Nullable String configured,
			String expected) {
		OutboxMessage.Builder event = OutboxMessage.builder().payload(new Both("b-1"));
		if (message != null) {
			event.transport(message);
		}
		assertThat(publish(event.build(), configured, KAFKA, RABBIT).destination()).hasToString(expected);
	}

	@Test
	void ofTwoDeclarationsTheOnlyTransportThatIsThereIsTaken() {
		assertThat(publish(new Both("b-1"), null, RABBIT).destination()).hasToString("rabbit:both-exchange");
	}

	@Test
	void twoDeclarationsWithoutAChoiceAreRefusedWithBothNames() {
		assertThatExceptionOfType(UnroutableEventException.class)
			.isThrownBy(() -> publish(new Both("b-1"), null, KAFKA, RABBIT))
			.withMessageContaining("[kafka, rabbit]")
			.withMessageContaining("outbox.transport");
	}

	@Test
	void whatTheClassSaysExplicitlyWins() {
		OutboxRecord event = publish(new Explicit("e-1"), null, KAFKA, RABBIT);
		assertThat(event.destination()).hasToString("rabbit:elsewhere");
		assertThat(event.eventType()).isEqualTo("explicit.v");
		assertThat(event.eventVersion()).isEqualTo(4);
		assertThat(event.key()).isEqualTo("e-1");
		assertThat(event.options()).as("options of an exchange that it does not go to").isEmpty();
	}

	@Test
	void anEventThatGoesElsewhereDoesNotTakeTheOptionsAlong() {
		OutboxMessage elsewhere = OutboxMessage.builder().payload(new Queued("q-1")).destination("x").build();
		assertThat(publish(elsewhere, null, RABBIT).options()).isEmpty();
		OutboxMessage named = OutboxMessage.builder().payload(new Queued("q-1")).destination("jobs").build();
		assertThat(publish(named, null, RABBIT).options()).isEqualTo(Map.of("exchange", ""));
	}

	@Test
	void optionsComeFromTheAnnotationThenTheConfigurationThenTheRuleThenTheMessage() {
		this.routes = Map.of("invoiced", new Route(null, null, Map.of("routing-key", "yaml", "priority", "7")));
		assertThat(publish(new Invoiced("i-1"), null, KAFKA, RABBIT).options())
			.isEqualTo(Map.of("routing-key", "yaml", "priority", 7));
		this.routing = OutboxRouting.builder()
			.route(Invoiced.class, (route) -> route.option("routing-key", (invoice) -> "rule." + invoice.id()))
			.build();
		assertThat(publish(new Invoiced("i-1"), null, KAFKA, RABBIT).options())
			.isEqualTo(Map.of("routing-key", "rule.i-1", "priority", 7));
		OutboxMessage message = OutboxMessage.builder()
			.payload(new Invoiced("i-1"))
			.options(Map.of("routing-key", "message"))
			.build();
		assertThat(publish(message, null, KAFKA, RABBIT).options())
			.isEqualTo(Map.of("routing-key", "message", "priority", 7));
	}

	@Test
	void theOptionsOfARouteStayWithItsTransport() {
		this.routes = Map.of("invoiced", new Route(null, "rabbit", Map.of("priority", 7)));
		OutboxMessage message = OutboxMessage.builder()
			.payload(new Invoiced("i-1"))
			.transport("kafka")
			.destination("invoices")
			.build();
		assertThat(publish(message, null, KAFKA, RABBIT).options()).isEmpty();
	}

	@Test
	void aClassIsReportedOnceWhenItsFirstEventIsPublished() {
		OutboxRecordFactory factory = factory(null, KAFKA);
		for (int i = 0; i < 3; i++) {
			factory.create(new Shipped("s-" + i), Map.of());
			factory.create(new TestEvents.OrderPlaced("o-" + i), Map.of());
		}
		assertThat(this.discovered).containsExactly(Shipped.class);
	}

	@Test
	void annotationsAreReadWithoutSpringToo() {
		WriteSettings settings = new WriteSettings(1000, null, List.of(KAFKA, RABBIT), Map.of(),
				HeaderSettings.defaults("shop"));
		OutboxRecordFactory factory = TestEvents.factory(settings, OutboxRouting.none(), (type, to) -> Map.of());
		assertThat(factory.create(new Shipped("s-1"), Map.of()).orElseThrow().record().destination())
			.hasToString("kafka:shipments");
		assertThat(factory.create(new Invoiced("i-1"), Map.of()).orElseThrow().record().destination())
			.hasToString("rabbit:invoices");
	}

	private OutboxRecord publish(Object event, @Nullable String transport, TransportCapabilities... transports) {
		return factory(transport, transports).create(event, Map.of()).orElseThrow().record();
	}

	private OutboxRecordFactory factory(@Nullable String transport, TransportCapabilities... transports) {
		DestinationSettings destinations = new DestinationSettings(
				List.of(new KafkaTopicReader(), new RabbitTopicReader()), TopicNames.aggregateEvents(),
				this.discovered::add);
		WriteSettings settings = new WriteSettings(1000, transport, List.of(transports), this.routes,
				HeaderSettings.defaults("shop"), destinations);
		return TestEvents.factory(settings, this.routing, (type, destination) -> Map.of());
	}

	@KafkaTopic(name = "shipments", key = "id")
	record Shipped(String id) {

	}

	@RabbitTopic(exchange = "invoices", routingKey = "invoice.new", key = "id")
	record Invoiced(String id) {

	}

	@RabbitTopic(queue = "jobs")
	record Queued(String id) {

	}

	@KafkaTopic(name = "both-topic")
	@RabbitTopic(exchange = "both-exchange")
	record Both(String id) {

	}

	@OutboxEvent(type = "explicit.v", version = 4, transport = "rabbit", destination = "elsewhere")
	@KafkaTopic(name = "explicit-topic", key = "id")
	@RabbitTopic(exchange = "explicit-exchange", routingKey = "r", key = "id")
	record Explicit(String id) {

	}

}
