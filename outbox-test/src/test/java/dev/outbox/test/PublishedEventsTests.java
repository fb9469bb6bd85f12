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
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.payload.EventTypes;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What a test waits for, of a relay that runs.
 */
class PublishedEventsTests {

	private final PublishedEvents events = new PublishedEvents(new EventTypes().register(OrderPlaced.class));

	@Test
	void theFirstOneThatIsMeantIsReturned() {
		OutboxRecord first = publish("order.placed", "o-1");
		publish("order.billed", "o-1");
		OutboxRecord second = publish("order.placed", "o-2");
		assertThat(this.events.awaitPublished("order.placed")).isSameAs(first);
		assertThat(this.events.awaitPublished(OrderPlaced.class)).isSameAs(first);
		assertThat(this.events.awaitPublished("the second", (event) -> "o-2".equals(event.key()), Duration.ZERO))
			.isSameAs(second);
	}

	@Test
	void whoWaitsHearsOfWhatIsPublishedMeanwhile() throws InterruptedException {
		CountDownLatch waiting = new CountDownLatch(1);
		CompletableFuture<OutboxRecord> found = CompletableFuture
			.supplyAsync(() -> this.events.awaitPublished("the order", (event) -> {
				waiting.countDown();
				return event.eventType().equals("order.placed");
			}, Duration.ofMinutes(1)));
		publish("order.billed", "o-1");
		assertThat(waiting.await(1, TimeUnit.MINUTES)).isTrue();
		OutboxRecord order = publish("order.placed", "o-1");
		assertThat(found).succeedsWithin(Duration.ofMinutes(1)).isSameAs(order);
	}

	@Test
	void whoWaitsInVainIsToldWhatHappenedInstead() {
		OutboxRecord billed = publish("order.billed", "o-1");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.events.awaitPublished("the order", (event) -> false, Duration.ofMillis(1)))
			.withMessage("No broker has acknowledged the order within PT0.001S.\nStored: none\nPublished: \n  " + billed
					+ "\nFailures: none\n");
	}

	@Test
	void whoIsInterruptedIsToldToo() {
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.events.awaitPublished("order.placed"))
			.withMessageStartingWith("Interrupted while waiting for an event of type 'order.placed'.\nStored: none")
			.withCauseInstanceOf(InterruptedException.class);
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void aClassThatIsNoEventIsNotWaitedFor() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.events.awaitPublished(String.class))
			.withMessageContaining("java.lang.String is not a class of events");
	}

	@Test
	void whatIsForgottenIsNotFound() {
		publish("order.placed", "o-1");
		this.events.clear();
		assertThat(this.events.published()).isEmpty();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> this.events.awaitPublished("it", (event) -> true, Duration.ZERO));
	}

	private OutboxRecord publish(String type, String key) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), key, null, null, type, 1,
				new Destination("kafka", "orders"), Map.of(), "application/json", Map.of(), new byte[0], Instant.EPOCH);
		this.events.onPublished(event, SendResult.acknowledged(event, Instant.EPOCH, "1"));
		return event;
	}

}
