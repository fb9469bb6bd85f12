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

package dev.outbox;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.event.KeyValuePair;

import static org.assertj.core.api.Assertions.assertThat;

class LogFieldsTests {

	private static final OutboxRecord EVENT = new OutboxRecord(new UUID(0, 1), "a key", null, null, "order.placed", 1,
			new Destination("kafka", "orders"), Map.of(), "text/plain", Map.of("token", "a header"), new byte[0],
			Instant.EPOCH);

	private final Logger logger = (Logger) LoggerFactory.getLogger(LogFieldsTests.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.logger.setLevel(Level.INFO);
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void stopListening() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
		MDC.clear();
	}

	@Test
	void anEventIsNamedWithoutWhatMayBePersonal() {
		LogFields.add(LogFields.add(this.logger.atInfo(), EVENT), LogFields.ATTEMPT, 3).log("said");
		assertThat(fields()).containsExactly(new KeyValuePair("event_id", EVENT.id().toString()),
				new KeyValuePair("event_type", "order.placed"), new KeyValuePair("destination", "orders"),
				new KeyValuePair("transport", "kafka"), new KeyValuePair("attempt", 3));
	}

	@Test
	void aFieldThatTheContextHasIsNotRepeated() {
		MDC.put("event_id", "another");
		LogFields.add(this.logger.atInfo(), EVENT).log("said");
		assertThat(fields()).extracting((field) -> field.key).containsExactly("event_type", "destination", "transport");
	}

	@Test
	void whatIsNotLoggedIsNotLookedAt() {
		LogFields.add(this.logger.atDebug(), (OutboxRecord) null).log("not said");
		assertThat(this.log.list).isEmpty();
	}

	@Test
	void theContextIsAsBeforeWhenAHandlerHasEnded() {
		MDC.put("event_id", "of the application");
		MDC.put("other", "kept");
		LogFields.within(EVENT,
				() -> assertThat(MDC.getCopyOfContextMap()).containsEntry("event_id", EVENT.id().toString())
					.containsEntry("event_type", "order.placed")
					.containsEntry("destination", "orders")
					.containsEntry("transport", "kafka")
					.containsEntry("other", "kept")
					.hasSize(5));
		assertThat(MDC.getCopyOfContextMap())
			.containsExactlyInAnyOrderEntriesOf(Map.of("event_id", "of the application", "other", "kept"));
	}

	private List<KeyValuePair> fields() {
		assertThat(this.log.list).hasSize(1);
		return this.log.list.get(0).getKeyValuePairs();
	}

}
