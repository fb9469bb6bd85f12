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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import dev.outbox.EventSerializationException;
import dev.outbox.OutboxEvent;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.OutboxRecord;
import dev.outbox.TransactionRequiredException;
import dev.outbox.autoconfigure.StoreTransactionOperations;
import dev.outbox.autoconfigure.observation.OutboxTraceAutoConfiguration;
import dev.outbox.autoconfigure.stub.StubTransactionManager;
import dev.outbox.autoconfigure.stub.StubTransport;
import dev.outbox.autoconfigure.stub.StubWriteStore;
import dev.outbox.diagnostics.AmbiguousTransportException;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.listener.TraceContext;
import dev.outbox.payload.EventTypes;
import dev.outbox.payload.PayloadSerializer;
import dev.outbox.payload.SerializedPayload;
import dev.outbox.publish.ApplicationEventCapture;
import dev.outbox.publish.IdGenerator;
import dev.outbox.publish.OutboxRecordFactory;
import dev.outbox.publish.OutboxRouting;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.publish.WriteSettings;
import dev.outbox.transport.TransportCapabilities;
import dev.outbox.store.WakeUp;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OutboxPublishAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, OutboxTraceAutoConfiguration.class,
				OutboxRecordAutoConfiguration.class, OutboxPublishAutoConfiguration.class))
		.withBean(StubWriteStore.class)
		.withBean(StoreTransactionOperations.class,
				() -> new StoreTransactionOperations(new TransactionTemplate(new StubTransactionManager())));

	private final ApplicationContextRunner withTransport = this.runner.withBean("stub", StubTransport.class,
			() -> new StubTransport("stub"));

	@Test
	void publishesWhenTheTransactionCommits() {
		this.withTransport.withPropertyValues("spring.application.name=shop").run((context) -> {
			StubWriteStore store = context.getBean(StubWriteStore.class);
			inTransaction(context, () -> {
				context.getBean(OutboxPublisher.class).publish(new OrderPlaced("o-1", 7));
				assertThat(store.events).isEmpty();
			});
			OutboxRecord event = store.events.get(0).event();
			assertThat(event.eventType()).isEqualTo("order.placed");
			assertThat(event.key()).isEqualTo("o-1");
			assertThat(event.destination()).hasToString("stub:orders");
			assertThat(text(event)).isEqualTo("{\"orderId\":\"o-1\",\"total\":7}");
			assertThat(event.headers()).containsEntry("ce_source", "shop");
		});
	}

	@Test
	void hasNothingWithoutAStore() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(OutboxRecordAutoConfiguration.class, OutboxPublishAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(OutboxPublisher.class));
	}

	@Test
	void hasNothingWhenDisabled() {
		this.withTransport.withPropertyValues("outbox.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(OutboxPublisher.class));
	}

	@Test
	void refusesToPublishOutsideATransactionUnlessAllowed() {
		this.withTransport.run((context) -> assertThatExceptionOfType(TransactionRequiredException.class)
			.isThrownBy(() -> context.getBean(OutboxPublisher.class).publish(new OrderPlaced("o-1", 7))));
		this.withTransport.withPropertyValues("outbox.write.require-transaction=false").run((context) -> {
			context.getBean(OutboxPublisher.class).publish(new OrderPlaced("o-1", 7));
			assertThat(context.getBean(StubWriteStore.class).events).hasSize(1);
		});
	}

	@Test
	void theTemplateOpensTheTransaction() {
		this.withTransport.run((context) -> {
			context.getBean(OutboxTemplate.class).execute((transaction) -> new OrderPlaced("o-1", 7));
			assertThat(context.getBean(StubWriteStore.class).events).hasSize(1);
		});
	}

	@Test
	void capturesApplicationEventsUnlessToldNotTo() {
		this.withTransport.run((context) -> {
			inTransaction(context, () -> context.publishEvent(new OrderPlaced("o-1", 7)));
			assertThat(context.getBean(StubWriteStore.class).events).hasSize(1);
		});
		this.withTransport.withPropertyValues("outbox.write.capture-events=false").run((context) -> {
			inTransaction(context, () -> context.publishEvent(new OrderPlaced("o-1", 7)));
			assertThat(context.getBean(StubWriteStore.class).events).isEmpty();
			assertThat(context).doesNotHaveBean(ApplicationEventCapture.class);
		});
	}

	@Test
	void settingsComeFromTheProperties() {
		this.withTransport
			.withPropertyValues("outbox.write.max-payload-size=2KB", "outbox.source=/shop",
					"outbox.headers.cloud-events=false", "outbox.headers.identity=true", "outbox.headers.version=false",
					"outbox.headers.aggregate=false", "outbox.headers.correlation=false", "outbox.headers.style=http",
					"outbox.routes.[order.placed].destination=other", "outbox.routes.[order.placed].transport=stub")
			.run((context) -> {
				WriteSettings settings = context.getBean(WriteSettings.class);
				assertThat(settings.maxPayloadSize()).isEqualTo(2048);
				assertThat(settings.transports()).extracting(TransportCapabilities::transport).containsExactly("stub");
				assertThat(settings.routes())
					.isEqualTo(Map.of("order.placed", new WriteSettings.Route("other", "stub")));
				assertThat(settings.headers().source()).isEqualTo("/shop");
				assertThat(settings.headers().cloudEvents()).isFalse();
				assertThat(settings.headers().identity()).isTrue();
				assertThat(settings.headers().version()).isFalse();
				assertThat(settings.headers().aggregate()).isFalse();
				assertThat(settings.headers().correlation()).isFalse();
				assertThat(settings.headers().style()).hasToString("HTTP");
			});
	}

	@Test
	void severalTransportsNeedAName() {
		ApplicationContextRunner two = this.withTransport.withBean("other", StubTransport.class,
				() -> new StubTransport("other"));
		two.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(AmbiguousTransportException.class, (ex) -> {
				assertThat(ex.getCandidates()).containsExactly("other", "stub");
				assertThat(ex.getChosen()).isNull();
			}));
		two.withPropertyValues("outbox.transport=other").run((context) -> {
			inTransaction(context, () -> context.getBean(OutboxPublisher.class).publish(new OrderPlaced("o-1", 7)));
			assertThat(context.getBean(StubWriteStore.class).events.get(0).event().destination())
				.hasToString("other:orders");
		});
	}

	@Test
	void aTransportThatIsNotThereIsRefused() {
		this.withTransport.withPropertyValues("outbox.transport=rabbit")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AmbiguousTransportException.class)
				.hasMessageContaining("outbox.transport=rabbit")
				.hasMessageContaining("stub"));
	}

	@Test
	void anInstanceThatOnlyPublishesNamesTheTransport() {
		this.runner.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOfSatisfying(InvalidOutboxPropertyException.class,
					(ex) -> assertThat(ex.getProperty()).isEqualTo("outbox.transport")));
		this.runner.withPropertyValues("outbox.transport=kafka").run((context) -> {
			inTransaction(context, () -> context.getBean(OutboxPublisher.class).publish(new OrderPlaced("o-1", 7)));
			assertThat(context.getBean(StubWriteStore.class).events.get(0).event().destination())
				.hasToString("kafka:orders");
		});
	}

	@Test
	void aTypeWithDotsButWithoutBracketsIsRefused() {
		this.withTransport.withPropertyValues("outbox.routes.order.placed.destination=other")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidOutboxPropertyException.class)
				.hasMessageContaining("outbox.routes.[order.placed].destination"));
	}

	@Test
	void wakesTheRelayAfterTheCommit() {
		AtomicInteger woken = new AtomicInteger();
		this.withTransport.withBean(WakeUp.class, () -> (events) -> woken.addAndGet(events.size())).run((context) -> {
			inTransaction(context, () -> {
				context.getBean(OutboxPublisher.class)
					.publishAll(List.of(new OrderPlaced("o-1", 7), new OrderPlaced("o-2", 7)));
				assertThat(woken).hasValue(0);
			});
			assertThat(woken).hasValue(2);
		});
	}

	@Test
	void usesTheApplicationsMapper() {
		this.withTransport.withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE").run((context) -> {
			inTransaction(context, () -> context.getBean(OutboxPublisher.class).publish(new OrderPlaced("o-1", 7)));
			assertThat(text(context.getBean(StubWriteStore.class).events.get(0).event())).contains("order_id");
		});
	}

	@Test
	void worksWithoutJackson() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(OutboxRecordAutoConfiguration.class, OutboxPublishAutoConfiguration.class))
			.withBean(StubWriteStore.class)
			.withBean(StoreTransactionOperations.class,
					() -> new StoreTransactionOperations(new TransactionTemplate(new StubTransactionManager())))
			.withBean("stub", StubTransport.class, () -> new StubTransport("stub"))
			.withClassLoader(new FilteredClassLoader(JsonMapper.class))
			.run((context) -> {
				OutboxPublisher publisher = context.getBean(OutboxPublisher.class);
				inTransaction(context, () -> {
					publisher.publish(OutboxMessage.of("order", "o-1", "order.placed", "text"));
					assertThatExceptionOfType(EventSerializationException.class)
						.isThrownBy(() -> publisher.publish(new OrderPlaced("o-1", 7)));
				});
				assertThat(text(context.getBean(StubWriteStore.class).events.get(0).event())).isEqualTo("text");
			});
	}

	@Test
	void worksWithoutMicrometer() {
		this.withTransport.withClassLoader(new FilteredClassLoader(ObservationRegistry.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(OutboxPublisher.class)
				.doesNotHaveBean(TraceContext.class));
	}

	@Test
	void storesTheTraceWhereThereIsAnObservationRegistry() {
		ApplicationContextRunner observed = this.withTransport.withBean(ObservationRegistry.class,
				ObservationRegistry::create);
		observed.run((context) -> assertThat(context).hasSingleBean(TraceContext.class));
		observed.withPropertyValues("outbox.headers.trace=false")
			.run((context) -> assertThat(context).doesNotHaveBean(TraceContext.class));
	}

	@Test
	void everyBeanBacksOff() {
		PayloadSerializer serializer = new PayloadSerializer() {

			@Override
			public SerializedPayload serialize(Object payload) {
				return new SerializedPayload(new byte[] { 42 }, "application/x-own");
			}

			@Override
			public <T> T deserialize(byte[] payload, String contentType, Class<T> type) {
				throw new EventSerializationException("not read here");
			}

		};
		UUID id = new UUID(0, 42);
		this.withTransport.withBean(PayloadSerializer.class, () -> serializer)
			.withBean(IdGenerator.class, () -> () -> id)
			.withBean(EventTypes.class, () -> new EventTypes().register(String.class, "text", 1))
			.withBean(OutboxRouting.class,
					() -> OutboxRouting.builder().route("text", (route) -> route.destination("texts")).build())
			.withBean(TraceContext.class, () -> (type, destination) -> Map.of("traceparent", "own"))
			.run((context) -> {
				inTransaction(context, () -> context.getBean(OutboxPublisher.class).publish((Object) "hello"));
				OutboxRecord event = context.getBean(StubWriteStore.class).events.get(0).event();
				assertThat(event.id()).isEqualTo(id);
				assertThat(event.contentType()).isEqualTo("application/x-own");
				assertThat(event.destination()).hasToString("stub:texts");
				assertThat(event.headers()).containsEntry("traceparent", "own");
				assertThat(context).hasSingleBean(PayloadSerializer.class)
					.hasSingleBean(IdGenerator.class)
					.hasSingleBean(EventTypes.class)
					.hasSingleBean(OutboxRouting.class)
					.hasSingleBean(OutboxRecordFactory.class)
					.hasSingleBean(TraceContext.class);
			});
	}

	@Test
	void anOwnPublisherReplacesAllThatBelongsToOurs() {
		OutboxPublisher own = new OutboxPublisher() {

			@Override
			public UUID publish(Object event) {
				return new UUID(0, 1);
			}

			@Override
			public UUID publish(OutboxMessage message) {
				return new UUID(0, 1);
			}

			@Override
			public List<UUID> publishAll(Iterable<?> events) {
				return List.of();
			}

		};
		this.withTransport.withBean(OutboxPublisher.class, () -> own)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(OutboxPublisher.class)
				.doesNotHaveBean(OutboxTemplate.class)
				.doesNotHaveBean(ApplicationEventCapture.class));
	}

	private static void inTransaction(AssertableApplicationContext context, Runnable action) {
		TransactionOperations operations = context.getBean(StoreTransactionOperations.class).operations();
		operations.executeWithoutResult((status) -> action.run());
	}

	private static String text(OutboxRecord event) {
		return new String(event.payload(), StandardCharsets.UTF_8);
	}

	@OutboxEvent(type = "order.placed", key = "orderId", destination = "orders")
	record OrderPlaced(String orderId, int total) {

	}

}
