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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.FailureKind;
import dev.outbox.SendFailure;
import dev.outbox.listener.DeadLetterAlert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * An application that has beans of its own of what the kit has too.
 */
@OutboxTest(properties = "spring.datasource.url=jdbc:h2:mem:own")
@Import(Orders.class)
class OwnBeansTests {

	private static final List<String> ALERTS = new ArrayList<>();

	private ExtensionContext context;

	@RegisterExtension
	final BeforeEachCallback keeper = (context) -> this.context = context;

	@Test
	void theClockOfTheApplicationIsThatOfTheTest(@Autowired Orders orders, TestClock clock, PublishedEvents events,
			StepRelay relay, @Autowired TestClock outboxClock) {
		assertThat(clock).isSameAs(outboxClock);
		orders.remind("o-1", Duration.ofDays(400));
		assertThat(relay.deliver()).isEmpty();
		clock.advance(Duration.ofDays(400));
		assertThat(relay.deliver()).hasSize(1);
		orders.place("o-1", "teapot");
		assertThat(events.stored()).last()
			.satisfies((event) -> assertThat(event.createdAt()).isAfter(Instant.now().plus(Duration.ofDays(399))));
	}

	@Test
	void whoIsToCallIsCalled(@Autowired Orders orders, StepRelay relay, InMemoryTransport transport) {
		orders.place("o-1", "teapot");
		transport.failNext(1, new SendFailure(FailureKind.FATAL, "too large", null));
		relay.deliver();
		assertThat(ALERTS).singleElement().asString().contains("too large");
	}

	@Test
	void aTransactionalTestIsRefused() {
		TransactionSynchronizationManager.setActualTransactionActive(true);
		try {
			assertThatIllegalStateException().isThrownBy(() -> new OutboxExtension().beforeEach(this.context))
				.withMessageContaining("must not be transactional")
				.withMessageContaining("@Transactional(propagation = Propagation.NOT_SUPPORTED)");
		}
		finally {
			TransactionSynchronizationManager.setActualTransactionActive(false);
		}
	}

	/**
	 * What it has.
	 */
	@TestConfiguration(proxyBeanMethods = false)
	static class Beans {

		@Bean
		TestClock outboxClock() {
			return new TestClock();
		}

		@Bean
		DeadLetterAlert alert() {
			return (dead, leftOut) -> ALERTS.add(dead.toString());
		}

	}

}
