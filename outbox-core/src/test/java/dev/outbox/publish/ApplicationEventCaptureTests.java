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

import dev.outbox.TransactionRequiredException;
import dev.outbox.payload.EventTypes;
import dev.outbox.publish.TestEvents.OrderPlaced;
import dev.outbox.publish.TestEvents.Unannotated;
import org.junit.jupiter.api.Test;

import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ApplicationEventCaptureTests extends PublisherHarness {

	private final EventTypes types = new EventTypes();

	@Test
	void annotatedEventsAreCapturedOthersAreNot() {
		this.types.register(Unannotated.class, "registered", 1);
		try (GenericApplicationContext context = context()) {
			context.refresh();
			this.transaction.executeWithoutResult((status) -> {
				context.publishEvent(new OrderPlaced("a"));
				context.publishEvent(new Unannotated("b"));
				context.publishEvent("c");
			});
		}
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void anEventThatIsCapturedAndPublishedIsStoredOnce() {
		try (GenericApplicationContext context = context()) {
			context.refresh();
			OrderPlaced event = new OrderPlaced("a");
			this.transaction.executeWithoutResult((status) -> {
				context.publishEvent(event);
				this.publisher.publish(event);
			});
		}
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void anEventIsStoredBeforeThoseThatItsListenersPublish() {
		try (GenericApplicationContext context = context()) {
			List<Object> seen = new ArrayList<>();
			context.addApplicationListener((PayloadApplicationEvent<OrderPlaced> event) -> {
				seen.add(event.getPayload());
				publish("b");
			});
			context.refresh();
			this.transaction.executeWithoutResult((status) -> context.publishEvent(new OrderPlaced("a")));
			assertThat(seen).containsExactly(new OrderPlaced("a"));
		}
		assertThat(stored()).isEqualTo("a b");
	}

	@Test
	void withoutTransactionTheOneWhoPublishesTheEventIsTold() {
		try (GenericApplicationContext context = context()) {
			context.refresh();
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> context.publishEvent(new OrderPlaced("a")));
		}
	}

	@Test
	void theMulticasterOfTheApplicationStaysAndItsThreadsAreNotUsed() {
		try (GenericApplicationContext context = context()) {
			SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
			multicaster.setTaskExecutor(new SimpleAsyncTaskExecutor());
			context.getBeanFactory()
				.registerSingleton(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME, multicaster);
			context.refresh();
			this.transaction.executeWithoutResult((status) -> context.publishEvent(new OrderPlaced("a")));
			assertThat(context.getBean(ApplicationEventMulticaster.class)).isSameAs(multicaster);
		}
		assertThat(stored()).isEqualTo("a");
	}

	private GenericApplicationContext context() {
		GenericApplicationContext context = new GenericApplicationContext();
		context.addApplicationListener(new ApplicationEventCapture(this.publisher, this.types));
		return context;
	}

}
