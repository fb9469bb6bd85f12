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

package dev.outbox.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

import static org.assertj.core.api.Assertions.assertThat;

class BreakerTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger(Breaker.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final Breaker breaker = new Breaker("kafka", new Memory(new Window(10, 1000)), RelaySettings.defaults());

	@BeforeEach
	void listen() {
		this.logger.setLevel(Level.DEBUG);
		this.log.start();
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void stopListening() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
	}

	@Test
	void warnsOnceInAnOutageOfADestination() {
		DestinationState orders = new DestinationState("orders");
		StoredEvent row = row(1);
		this.breaker.failed(orders, row, "down", 0);
		probeFails(orders, row);
		probeFails(orders, row);
		assertThat(levels()).containsExactly(Level.WARN, Level.DEBUG, Level.DEBUG);
		this.breaker.failed(new DestinationState("payments"), row(2), "down", 0);
		assertThat(levels()).last().isEqualTo(Level.WARN);
	}

	@Test
	void warnsAgainWhenADestinationWasAvailableInBetween() {
		DestinationState orders = new DestinationState("orders");
		StoredEvent row = row(1);
		this.breaker.failed(orders, row, "down", 0);
		this.breaker.probing(orders, row);
		this.breaker.answered(orders, row.seq(), 0);
		this.breaker.failed(orders, row, "down", 0);
		assertThat(levels()).containsExactly(Level.WARN, Level.INFO, Level.WARN);
	}

	@Test
	void namesTheDestinationInFieldsOfTheirOwn() {
		DestinationState orders = new DestinationState("orders");
		this.breaker.failed(orders, row(1), "down", 0);
		this.breaker.probing(orders, row(1));
		this.breaker.answered(orders, 1, 0);
		assertThat(this.log.list).hasSize(2)
			.allSatisfy((line) -> assertThat(line.getKeyValuePairs())
				.containsExactly(new KeyValuePair("destination", "orders"), new KeyValuePair("transport", "kafka")));
	}

	private void probeFails(DestinationState destination, StoredEvent row) {
		this.breaker.probing(destination, row);
		this.breaker.failed(destination, row, "still down", 0);
	}

	private List<Level> levels() {
		return this.log.list.stream().map(ILoggingEvent::getLevel).toList();
	}

	private static StoredEvent row(long seq) {
		OutboxRecord event = new OutboxRecord(new UUID(0, seq), null, null, null, "type", 1,
				new Destination("kafka", "orders"), Map.of(), "text/plain", Map.of(), new byte[0], Instant.EPOCH);
		return new StoredEvent(seq, 0, event, 0, true, 0, 0, Duration.ZERO, Duration.ZERO, null);
	}

}
