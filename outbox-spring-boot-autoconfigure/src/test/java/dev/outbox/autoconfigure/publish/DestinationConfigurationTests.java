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

package dev.outbox.autoconfigure.publish;

import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.outbox.OutboxEvent;
import dev.outbox.OutboxPublisher;
import dev.outbox.OutboxRecord;
import dev.outbox.autoconfigure.StoreTransactionOperations;
import dev.outbox.autoconfigure.stub.StubTransactionManager;
import dev.outbox.autoconfigure.stub.StubTransport;
import dev.outbox.autoconfigure.stub.StubWriteStore;
import dev.outbox.autoconfigure.topology.OutboxTopologyAutoConfiguration;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.publish.TopicNames;
import dev.outbox.transport.TransportOption;
import dev.outbox.transport.kafka.KafkaTopic;
import dev.outbox.transport.rabbit.RabbitTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the events of an application go, with what it configures.
 */
class DestinationConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withClassLoader(new FilteredClassLoader("org.springframework.kafka", "org.apache.kafka",
				"org.springframework.amqp", "com.rabbitmq"))
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, OutboxTopologyAutoConfiguration.class,
				OutboxRecordAutoConfiguration.class, OutboxPublishAutoConfiguration.class))
		.withBean(StubWriteStore.class)
		.withBean(StoreTransactionOperations.class,
				() -> new StoreTransactionOperations(new TransactionTemplate(new StubTransactionManager())))
		.withBean("kafka", StubTransport.class, () -> new StubTransport("kafka"))
		.withBean("rabbit", StubTransport.class, Rabbit::new)
		.withPropertyValues("outbox.transport=kafka");

	@Test
	void annotationsAreReadWithoutTheClientOfABroker() {
		this.runner.run((context) -> {
			assertThat(publish(context.getBean(OutboxPublisher.class), context.getBean(StubWriteStore.class),
					new Shipped("1"))
				.destination()).hasToString("kafka:shipments");
			assertThat(publish(context.getBean(OutboxPublisher.class), context.getBean(StubWriteStore.class),
					new Invoiced("1"))
				.destination()).hasToString("rabbit:invoices");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			outbox.source=shop                        | order-events
			outbox.topics.prefix=saga.events          | saga.events.order
			outbox.topics.names.order=orders          | orders
			outbox.topics.names.[order.placed]=placed | placed
			outbox.topics.names.order.placed=placed   | placed
			outbox.topics.fallback=rest               | order-events
			""")
	void theConfigurationNamesDestinations(String property, String expected) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(publish(context.getBean(OutboxPublisher.class),
					context.getBean(StubWriteStore.class), new OrderPlaced("1"))
				.destination()
				.name()).isEqualTo(expected));
	}

	@Test
	void anEventThatNothingNamesGoesToTheFallback() {
		this.runner.withPropertyValues("outbox.topics.fallback=rest")
			.run((context) -> assertThat(publish(context.getBean(OutboxPublisher.class),
					context.getBean(StubWriteStore.class), new Nameless("1"))
				.destination()
				.name()).isEqualTo("rest"));
	}

	@Test
	void aBeanNamesDestinations() {
		this.runner.withPropertyValues("outbox.topics.prefix=ignored")
			.withBean(TopicNames.class, () -> TopicNames.fixed("bean"))
			.run((context) -> assertThat(publish(context.getBean(OutboxPublisher.class),
					context.getBean(StubWriteStore.class), new OrderPlaced("1"))
				.destination()
				.name()).isEqualTo("bean"));
	}

	@Test
	void optionsOfARouteAreReadInTheTypeThatTheTransportWants() {
		this.runner
			.withPropertyValues("outbox.routes.invoiced.options.priority=7",
					"outbox.routes.invoiced.options.routing-key=a.b")
			.run((context) -> assertThat(publish(context.getBean(OutboxPublisher.class),
					context.getBean(StubWriteStore.class), new Invoiced("1"))
				.options()).isEqualTo(Map.of("priority", 7, "routing-key", "a.b")));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
					[order.placed].options.priority=300 | [order.placed].options.priority | from 0 to 255
			[order.placed].options.colour=red   | [order.placed].options.colour   | [priority, routing-key]
			order.placed.options.priority=3     | order.placed.options.priority   | outbox.routes.[order.placed].options
			""")
	void anOptionThatTheTransportDoesNotTakeFailsTheStart(String setting, String property, String expected) {
		this.runner.withPropertyValues("outbox.routes." + setting, "outbox.routes.[order.placed].transport=rabbit")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidOutboxPropertyException.class, (ex) -> {
					assertThat(ex.getProperty()).isEqualTo("outbox.routes." + property);
					assertThat(ex.getRequirement()).contains(expected);
				}));
	}

	private static OutboxRecord publish(OutboxPublisher publisher, StubWriteStore store, Object event) {
		new TransactionTemplate(new StubTransactionManager())
			.executeWithoutResult((status) -> publisher.publish(event));
		return store.events.get(store.events.size() - 1).event();
	}

	private static final class Rabbit extends StubTransport {

		Rabbit() {
			super("rabbit");
		}

		@Override
		public Collection<TransportOption<?>> options() {
			return List.of(TransportOption.integer("priority", 0, 255), TransportOption.text("routing-key", 255));
		}

	}

	@KafkaTopic(name = "shipments", key = "id")
	record Shipped(String id) {

	}

	@RabbitTopic(exchange = "invoices", routingKey = "invoice.new")
	record Invoiced(String id) {

	}

	@OutboxEvent(type = "order.placed", aggregateType = "order")
	record OrderPlaced(String id) {

	}

	@OutboxEvent
	record Nameless(String id) {

	}

}
