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

package dev.outbox.autoconfigure.topology;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.outbox.autoconfigure.publish.OutboxRecordAutoConfiguration;
import dev.outbox.autoconfigure.stub.StubTransport;
import dev.outbox.autoconfigure.topology.scanned.Scanned;
import dev.outbox.payload.EventTypes;
import dev.outbox.topology.Topology;
import dev.outbox.topology.TopologyException;
import dev.outbox.transport.BrokerUnavailableException;
import dev.outbox.transport.DestinationReader;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TopologyDifference;
import dev.outbox.transport.TopologyManager;
import dev.outbox.transport.kafka.KafkaTopic;
import dev.outbox.transport.kafka.KafkaTopicReader;
import dev.outbox.transport.rabbit.RabbitTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxTopologyAutoConfigurationTests {

	private final Broker broker = new Broker();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(OutboxTopologyAutoConfiguration.class))
		.withBean(TopologyManager.class, () -> this.broker);

	@Test
	void classesInThePackagesOfTheApplicationAreCompared() {
		this.runner
			.withInitializer(
					(context) -> AutoConfigurationPackages.register(registry(context), Scanned.class.getPackageName()))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.broker.calls).containsExactly("validate [class " + Scanned.class.getName()
						+ "$Nested, class " + Scanned.class.getName() + "]");
			});
	}

	@Test
	void packagesCanBeNamed() {
		this.runner
			.withPropertyValues("outbox.topology.mode=create",
					"outbox.topology.packages=" + Scanned.class.getPackageName())
			.run((context) -> assertThat(this.broker.calls).singleElement().asString().startsWith("create ["));
	}

	@Test
	void registeredClassesAreComparedToo() {
		this.runner.withBean(EventTypes.class, () -> new EventTypes().register(Registered.class))
			.run((context) -> assertThat(this.broker.calls).containsExactly("validate [" + Registered.class + "]"));
	}

	/**
	 * In an application that publishes: a class may declare what its events do not use.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			outbox.transport=kafka                                    | true
			outbox.transport=rabbit                                   | false
			outbox.routes.both.transport=rabbit                       | false
			outbox.routes.both.transport=kafka                        | true
			outbox.routes.both.destination=elsewhere                  | false
			outbox.routes.other.destination=elsewhere                 | true
			""")
	void onlyWhatEventsUseIsCompared(String property, boolean used) {
		this.runner
			.withConfiguration(
					AutoConfigurations.of(OutboxRecordAutoConfiguration.class, JacksonAutoConfiguration.class))
			.withBean("kafkaTransport", OutboxTransport.class, () -> new StubTransport("kafka"))
			.withBean("rabbitTransport", OutboxTransport.class, () -> new StubTransport("rabbit"))
			.withPropertyValues("outbox.transport=kafka", property)
			.withInitializer((context) -> AutoConfigurationPackages.register(registry(context), "none"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(Topology.class).start(List.of(Both.class));
				assertThat(this.broker.calls).hasSize(used ? 1 : 0);
			});
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "outbox.topology.mode=none", "outbox.enabled=false", "outbox.topology.packages=java.lang" })
	void aBrokerIsNotAskedForNothing(String property) {
		this.runner.withPropertyValues("outbox.topology.packages=" + Scanned.class.getPackageName())
			.withPropertyValues(property)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.broker.calls).isEmpty();
			});
	}

	@Test
	void aDifferenceFailsTheStart() {
		this.broker.difference = true;
		this.runner.withPropertyValues("outbox.topology.packages=" + Scanned.class.getPackageName())
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(TopologyException.class)
				.hasMessageContaining("everything is wrong"));
	}

	@Test
	void aBrokerThatIsDownIsAskedAgainUntilTheContextEnds() {
		this.broker.down = true;
		this.runner.withPropertyValues("outbox.topology.packages=" + Scanned.class.getPackageName()).run((context) -> {
			assertThat(context).hasNotFailed();
			Awaitility.await().until(() -> this.broker.calls.size() >= 2);
			context.close();
			Awaitility.await()
				.until(() -> Thread.getAllStackTraces()
					.keySet()
					.stream()
					.noneMatch((thread) -> thread.getName().equals("outbox-topology")));
		});
	}

	private static BeanDefinitionRegistry registry(ConfigurableApplicationContext context) {
		return (BeanDefinitionRegistry) context.getBeanFactory();
	}

	@KafkaTopic(name = "both")
	@RabbitTopic(exchange = "both")
	record Both() {

	}

	@KafkaTopic(name = "registered")
	record Registered() {

	}

	private static final class Broker implements TopologyManager {

		private final List<String> calls = new ArrayList<>();

		private boolean difference;

		private boolean down;

		@Override
		public DestinationReader reader() {
			return new KafkaTopicReader();
		}

		@Override
		public List<TopologyDifference> validate(Collection<Class<?>> eventClasses) {
			return answer("validate", eventClasses);
		}

		@Override
		public List<TopologyDifference> create(Collection<Class<?>> eventClasses) {
			return answer("create", eventClasses);
		}

		private synchronized List<TopologyDifference> answer(String call, Collection<Class<?>> eventClasses) {
			this.calls.add(call + " " + eventClasses);
			if (this.down) {
				throw new BrokerUnavailableException("down", new IllegalStateException());
			}
			return this.difference ? List.of(TopologyDifference.of("everything", "wrong")) : List.of();
		}

	}

}
