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

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Another slice, whose services publish, in an application that has a clock.
 */
@JdbcTest
@AutoConfigureTestOutbox
@Transactional(propagation = Propagation.NOT_SUPPORTED)
@Import(Orders.class)
class OtherSliceTests {

	@Test
	void theOutboxIsThereToo(@Autowired Orders orders, @Autowired Clock clock, PublishedEvents events,
			StepRelay relay) {
		orders.place("o-1", "teapot");
		relay.deliver();
		OutboxAssertions.assertThat(events).published().isOne().hasKey("o-1");
		assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
		assertThat(events.published().get(0).createdAt()).isAfter(Instant.EPOCH);
	}

	/**
	 * A clock of the application.
	 */
	@TestConfiguration(proxyBeanMethods = false)
	static class Clocks {

		@Bean
		Clock systemClock() {
			return Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
		}

	}

}
