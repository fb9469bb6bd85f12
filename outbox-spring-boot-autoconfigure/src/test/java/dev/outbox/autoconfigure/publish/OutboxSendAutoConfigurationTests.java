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

import java.util.List;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import dev.outbox.BatchResult;
import dev.outbox.MessageSender;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.SendResult;
import dev.outbox.SenderClosedException;
import dev.outbox.autoconfigure.relay.RelayPhase;
import dev.outbox.autoconfigure.stub.StubTransport;
import dev.outbox.diagnostics.AmbiguousTransportException;
import dev.outbox.publish.OutboxRecordFactory;
import dev.outbox.publish.TransportMessageSender;
import dev.outbox.transport.Delivery;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OutboxSendAutoConfigurationTests {

	private final ApplicationContextRunner without = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, OutboxRecordAutoConfiguration.class,
				OutboxPublishAutoConfiguration.class, OutboxSendAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.without.withBean("stub", StubTransport.class, Echo::new);

	@Test
	void sendsWithoutAStore() {
		this.runner.withPropertyValues("spring.application.name=shop")
			.withClassLoader(new FilteredClassLoader("org.springframework.jdbc", "org.springframework.boot.jdbc"))
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.hasSingleBean(MessageSender.class)
					.doesNotHaveBean(OutboxPublisher.class)
					.doesNotHaveBean(DataSource.class);
				SendResult result = context.getBean(MessageSender.class).sendAndWait(message());
				assertThat(result.isAcknowledged()).isTrue();
				assertThat(result.destination()).hasToString("stub:orders");
			});
	}

	@Test
	void sendsNothingWithoutATransport() {
		this.without.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(MessageSender.class)
			.doesNotHaveBean(OutboxRecordFactory.class));
		this.runner.withPropertyValues("outbox.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MessageSender.class));
	}

	@Test
	void severalTransportsNeedAName() {
		this.runner.withBean("other", StubTransport.class, () -> new StubTransport("other"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(AmbiguousTransportException.class));
	}

	@Test
	void aSenderOfTheApplicationReplacesOurs() {
		this.runner.withBean(MessageSender.class, OwnSender::new)
			.run((context) -> assertThat(context).getBean(MessageSender.class).isInstanceOf(OwnSender.class));
	}

	@Test
	void stopsAndStartsWithTheApplication() {
		this.runner.run((context) -> {
			MessageSender sender = context.getBean(MessageSender.class);
			ConfigurableApplicationContext application = context.getSourceApplicationContext();
			application.stop();
			assertThatExceptionOfType(SenderClosedException.class).isThrownBy(() -> sender.send(message()));
			application.start();
			assertThat(sender.sendAndWait(message()).isAcknowledged()).isTrue();
			application.close();
			assertThatExceptionOfType(SenderClosedException.class).isThrownBy(() -> sender.send(message()));
			assertThat(context.getBeanFactory().containsSingleton("stub")).isFalse();
		});
	}

	@Test
	void stopsAfterTheWebServer() {
		this.runner.run((context) -> assertThat(context.getBean(OutboxSenderLifecycle.class).getPhase())
			.isEqualTo(RelayPhase.PHASE));
	}

	@Test
	void isBoundedByTheProperties() {
		this.runner.withPropertyValues("outbox.send.max-in-flight.events=0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("outbox.send.max-in-flight.events"));
		this.runner.withPropertyValues("outbox.relay.max-in-flight.bytes=0B")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("outbox.relay.max-in-flight.bytes"));
		this.runner.withPropertyValues("outbox.send.max-in-flight.events=1", "outbox.publish-timeout=60s")
			.run((context) -> assertThat(context.getBean(TransportMessageSender.class)
				.sendAll(List.of(message(), message()))
				.join()
				.isAcknowledged()).isTrue());
	}

	private static OutboxMessage message() {
		return OutboxMessage.builder().eventType("order.placed").destination("orders").payload("x").build();
	}

	/**
	 * Acknowledges what it is given.
	 */
	private static final class Echo extends StubTransport {

		Echo() {
			super("stub");
		}

		@Override
		public void send(List<? extends Delivery> batch) {
			batch.forEach((delivery) -> delivery
				.complete(SendResult.acknowledged(delivery.record(), delivery.record().createdAt(), null)));
		}

	}

	private static final class OwnSender implements MessageSender {

		@Override
		public CompletableFuture<SendResult> send(Object event) {
			throw new AssertionError("Nothing is to be sent");
		}

		@Override
		public CompletableFuture<BatchResult> sendAll(Iterable<?> events) {
			throw new AssertionError("Nothing is to be sent");
		}

	}

}
