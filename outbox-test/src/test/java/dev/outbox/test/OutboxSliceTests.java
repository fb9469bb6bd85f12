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
import java.util.List;
import java.util.Set;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.deadletter.DeadLetters;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.Operator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * A test of a user, and what it can make happen.
 */
@OutboxTest(properties = { "spring.datasource.url=jdbc:h2:mem:slice", "outbox.retry.max-attempts=2",
		"outbox.retry.initial-interval=1m", "outbox.retry.jitter=0", "outbox.retry.max-age=1h",
		"outbox.routes.[order.placed].on-dead-letter=block", "outbox.routes.[order.billed].options.partition=1" })
@Import(Orders.class)
class OutboxSliceTests {

	private static final SendFailure RETRIABLE = new SendFailure(FailureKind.RETRIABLE, "busy", null);

	private static final SendFailure REJECTED = new SendFailure(FailureKind.REJECTED, "no such field", null);

	@Autowired
	private Orders orders;

	@Test
	void whatCommitsIsStoredAndDeliveredWhenTheTestSaysSo(PublishedEvents events, StepRelay relay,
			InMemoryTransport transport) {
		this.orders.place("o-1", "teapot");
		OutboxAssertions.assertThat(events)
			.stored()
			.ofType(OrderPlaced.class)
			.isOne()
			.hasType("order.placed")
			.hasVersion(2)
			.hasKey("o-1")
			.hasDestination("orders")
			.hasTransport("kafka")
			.hasContentType("application/json")
			.hasHeader("ce_type", "order.placed")
			.hasNoHeader("traceparent")
			.hasPayload("{\"orderId\":\"o-1\",\"item\":\"teapot\"}")
			.payloadSatisfies((payload) -> assertThat(payload).contains("teapot"));
		OutboxAssertions.assertThat(events).published().isEmpty();
		assertThat(transport.records()).isEmpty();
		assertThat(relay.deliver()).singleElement().matches(SendResult::isAcknowledged);
		OutboxAssertions.assertThat(events).published().ofType("order.placed").to("orders").withKey("o-1").hasSize(1);
		assertThat(transport.records()).hasSize(1);
		assertThat(relay.waiting()).isEmpty();
		assertThat(relay.deliver()).isEmpty();
	}

	@Test
	void whatIsRolledBackWasNeverPublished(PublishedEvents events, StepRelay relay) {
		assertThatIllegalStateException().isThrownBy(() -> this.orders.fail("o-1"));
		relay.deliver();
		OutboxAssertions.assertThat(events).areNone();
	}

	@Test
	void eventsAreSentOneByOne(StepRelay relay, PublishedEvents events) {
		this.orders.place("o-1", "teapot", "cup");
		this.orders.place("o-2", "spoon");
		assertThat(relay.waiting()).hasSize(3);
		assertThat(relay.step()).isPresent();
		OutboxAssertions.assertThat(events).published().hasSize(1);
		assertThat(relay.step()).isPresent();
		assertThat(relay.step()).isPresent();
		assertThat(relay.step()).isEmpty();
		OutboxAssertions.assertThat(events)
			.published()
			.withKey("o-1")
			.havePayloads("{\"orderId\":\"o-1\",\"item\":\"teapot\"}", "{\"orderId\":\"o-1\",\"item\":\"cup\"}")
			.haveTypes("order.placed", "order.placed");
	}

	@Test
	void aFailedEventHoldsUpItsKeyUntilItIsDueAgain(StepRelay relay, TestClock clock, InMemoryTransport transport) {
		this.orders.place("o-1", "teapot", "cup");
		this.orders.place("o-2", "spoon");
		transport.failNext(1, RETRIABLE);
		assertThat(relay.deliver()).extracting(SendResult::isAcknowledged).containsExactly(false, true);
		assertThat(relay.deliver()).isEmpty();
		assertThat(relay.waiting()).extracting(OutboxRecord::key).containsExactly("o-1", "o-1");
		clock.advance(Duration.ofMinutes(1));
		assertThat(relay.deliver()).extracting(SendResult::isAcknowledged).containsExactly(true, true);
		assertThat(transport.records()).extracting(OutboxRecordAssert::text).element(1).asString().contains("teapot");
	}

	@Test
	void intervalsGrowOnTheClockOfTheTest(StepRelay relay, TestClock clock, InMemoryTransport transport) {
		this.orders.place("o-1", "teapot");
		transport.failFor((event) -> true, RETRIABLE);
		assertThat(relay.deliver()).hasSize(1);
		clock.advance(Duration.ofMinutes(1));
		assertThat(relay.deliver()).hasSize(1);
		clock.advance(Duration.ofMinutes(1));
		assertThat(relay.deliver()).isEmpty();
		clock.advance(Duration.ofMinutes(1));
		assertThat(relay.deliver()).hasSize(1);
	}

	@Test
	void anEventThatIsTooOldIsADeadLetter(StepRelay relay, TestClock clock, InMemoryTransport transport,
			PublishedEvents events, @Autowired DeadLetters letters) {
		this.orders.place("o-1", "teapot");
		transport.failFor((event) -> true, RETRIABLE);
		relay.deliver();
		clock.advance(Duration.ofHours(1));
		relay.deliver();
		assertThat(relay.waiting()).isEmpty();
		assertThat(letters.list(DeadLetterFilter.all(), 0, 10)).isNotEmpty();
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> events.awaitPublished("the teapot", (event) -> true, Duration.ZERO))
			.withMessageContaining("No broker has acknowledged the teapot")
			.withMessageContaining("is a dead letter: RETRIABLE: busy")
			.withMessageContaining("type=order.placed")
			.withMessageNotContaining("\"item\"");
	}

	@Test
	void anEventThatIsRefusedTooOftenIsADeadLetterAndBlocksItsKey(StepRelay relay, TestClock clock,
			InMemoryTransport transport, PublishedEvents events) {
		this.orders.place("o-1", "teapot", "cup");
		transport.failFor((event) -> OutboxRecordAssert.text(event).contains("teapot"), REJECTED);
		assertThat(relay.deliver()).hasSize(1);
		clock.advance(Duration.ofMinutes(1));
		assertThat(relay.deliver()).extracting(SendResult::isAcknowledged).containsExactly(false);
		assertThat(relay.deliver()).isEmpty();
		OutboxAssertions.assertThat(events).published().isEmpty();
	}

	@Test
	void aBrokerThatIsDownCostsNoAttempt(StepRelay relay, InMemoryTransport transport) {
		this.orders.place("o-1", "teapot");
		this.orders.place("o-2", "cup");
		transport.breakDown();
		for (int i = 0; i < 5; i++) {
			assertThat(relay.deliver()).hasSize(1);
		}
		transport.heal();
		assertThat(relay.deliver()).hasSize(2).allMatch(SendResult::isAcknowledged);
	}

	@Test
	void aScheduledEventIsDueByTheClockOfTheTest(StepRelay relay, TestClock clock, PublishedEvents events) {
		this.orders.remind("o-1", Duration.ofDays(3));
		this.orders.place("o-1", "teapot");
		assertThat(relay.deliver()).hasSize(1);
		assertThat(relay.waiting()).hasSize(1);
		clock.advance(Duration.ofDays(3).minusMinutes(1));
		assertThat(relay.deliver()).isEmpty();
		clock.advanceTo(clock.instant().plus(Duration.ofMinutes(1)));
		assertThat(relay.deliver()).hasSize(1);
		OutboxAssertions.assertThat(events)
			.published()
			.element(1)
			.hasType("order.reminder")
			.hasHeader("reason", "unpaid");
	}

	@Test
	void theClockDatesEvents(TestClock clock, PublishedEvents events) {
		clock.advance(Duration.ofDays(400));
		this.orders.place("o-1", "teapot");
		assertThat(events.stored().get(0).createdAt()).isAfter(Instant.now().plus(Duration.ofDays(399)));
		assertThatIllegalArgumentException().isThrownBy(() -> clock.advance(Duration.ofMillis(-1)));
	}

	@Test
	void eachTestBeginsWithAnEmptyOutbox(StepRelay relay, TestClock clock) {
		assertThat(clock.ahead()).isZero();
		assertThat(relay.waiting()).isEmpty();
		this.orders.place("left-behind", "teapot");
	}

	@Test
	void eachTestBeginsWithAnEmptyOutboxAgain(StepRelay relay, TestClock clock) {
		eachTestBeginsWithAnEmptyOutbox(relay, clock);
	}

	@RepeatedTest(2)
	void noTestKnowsOfAnotherOne(StepRelay relay, InMemoryTransport transport, PublishedEvents events,
			@Autowired DeadLetters letters, @Autowired HoldStore holds) {
		assertThat(letters.list(DeadLetterFilter.all(), 0, 10)).isEmpty();
		assertThat(this.orders.placeOnce("o-1")).isEqualTo(events.stored().get(0).id());
		transport.failNext(1, new SendFailure(FailureKind.FATAL, "too large", null));
		assertThat(relay.deliver()).hasSize(1);
		this.orders.place("o-1", "cup");
		assertThat(relay.deliver()).isEmpty();
		holds.pause(new Destination("kafka", "orders"), new Operator("ann"));
		assertThat(letters.list(DeadLetterFilter.all(), 0, 10)).hasSize(1);
	}

	@Test
	void optionsAndDeclarationsOfTheBrokerAreKnown(PublishedEvents events, StepRelay relay) {
		this.orders.bill("o-1");
		OutboxAssertions.assertThat(events).stored().isOne().hasDestination("bills").hasOption("partition", 1);
		relay.deliver();
		OutboxAssertions.assertThat(events).published().to("bills").hasSize(1);
	}

	@Test
	void springMayInjectThem(@Autowired StepRelay relay, @Autowired TestClock clock, StepRelay same) {
		assertThat(relay).isSameAs(same);
		assertThat(clock.ahead()).isZero();
	}

	@Test
	void failuresSayWhatThereIs(PublishedEvents events) {
		this.orders.place("o-1", "teapot");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> OutboxAssertions.assertThat(events).published().ofType(OrderPlaced.class).hasSize(1))
			.withMessageContaining("[published events of type 'order.placed'] Expected 1, but there are 0.")
			.withMessageContaining("Stored: \n  OutboxRecord[id=");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> OutboxAssertions.assertThat(events).stored().isOne().hasKey("o-2"))
			.withMessageContaining("Expected key <o-2>, but it is <o-1>");
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> OutboxAssertions.assertThat(events).stored().isOne().hasHeader("colour", "red"))
			.withMessageContaining("Expected a header 'colour', but there are ");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> OutboxAssertions.assertThat(events).stored().ofType(String.class))
			.withMessageContaining("java.lang.String is not a class of events");
	}

	@Test
	void aRelayThatRunsElsewhereIsNotIgnored(StepRelay relay, @Autowired LeaseStore leases) {
		UUID other = UUID.randomUUID();
		leases.join(other, "other", Set.of("kafka"), Duration.ofMinutes(1));
		leases.take(other, "kafka", 3);
		try {
			assertThatIllegalStateException().isThrownBy(relay::deliver)
				.withMessageContaining("Another relay owns 3 of the 64 partitions of the transport 'kafka'");
		}
		finally {
			leases.leave(other);
		}
		assertThat(relay.deliver()).isEmpty();
	}

	@Test
	void theRealRelayDoesNotRun(@Autowired OutboxRelay relay, @Autowired List<InMemoryTransport> transports) {
		assertThat(relay.isRunning()).isFalse();
		assertThat(transports).hasSize(1);
	}

	@Test
	void theRealRelayCanBeStarted(@Autowired OutboxRelay relay, PublishedEvents events) {
		relay.start();
		try {
			this.orders.place("o-1", "teapot");
			OutboxAssertions.assertThat(events.awaitPublished(OrderPlaced.class)).hasKey("o-1");
		}
		finally {
			relay.stop(Duration.ofSeconds(5));
		}
	}

}
