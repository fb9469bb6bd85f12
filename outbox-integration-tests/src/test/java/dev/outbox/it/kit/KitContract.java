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

package dev.outbox.it.kit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.deadletter.DeadLetters;
import dev.outbox.deadletter.Repair;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.HoldStore;
import dev.outbox.store.Operator;
import dev.outbox.test.InMemoryTransport;
import dev.outbox.test.OutboxAssertions;
import dev.outbox.test.PublishedEvents;
import dev.outbox.test.StepRelay;
import dev.outbox.test.TestClock;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a user does with the test kit, whatever the store.
 */
@TestPropertySource(properties = { "outbox.retry.max-attempts=2", "outbox.retry.initial-interval=1m",
		"outbox.retry.jitter=0", "outbox.retry.max-age=1h", "outbox.routes.[order.placed].on-dead-letter=block" })
public abstract class KitContract {

	private static final SendFailure RETRIABLE = new SendFailure(FailureKind.RETRIABLE, "busy", null);

	private static final SendFailure FATAL = new SendFailure(FailureKind.FATAL, "too large", null);

	private static final Operator ANN = new Operator("ann");

	@Autowired
	private Orders orders;

	@Autowired
	private OrderBook book;

	@Autowired
	private DeadLetters letters;

	@Test
	void dataAndEventsCommitTogetherAndAreDeliveredWhenTheTestSaysSo(PublishedEvents events, StepRelay relay,
			InMemoryTransport transport) {
		String order = newOrder();
		this.orders.place(order, "teapot", "cup");
		assertThat(this.book.items(order)).isEqualTo(2);
		OutboxAssertions.assertThat(events).stored().ofType(OrderPlaced.class).withKey(order).hasSize(2);
		OutboxAssertions.assertThat(events).published().isEmpty();
		assertThat(relay.waiting()).hasSize(2);
		assertThat(relay.step()).hasValueSatisfying((result) -> assertThat(result.isAcknowledged()).isTrue());
		assertThat(relay.deliver()).singleElement().matches(SendResult::isAcknowledged);
		OutboxAssertions.assertThat(events).published().havePayloads(payload(order, "teapot"), payload(order, "cup"));
		assertThat(transport.records()).hasSize(2);
		assertThat(relay.waiting()).isEmpty();
	}

	@Test
	void whatIsRolledBackWasNeverPublished(PublishedEvents events, StepRelay relay) {
		String order = newOrder();
		assertThatIllegalStateException().isThrownBy(() -> this.orders.placeAndFail(order));
		assertThat(this.book.items(order)).isZero();
		assertThat(relay.deliver()).isEmpty();
		OutboxAssertions.assertThat(events).areNone();
	}

	@Test
	void aFailedEventHoldsUpItsKeyUntilTheClockSaysThatItIsDue(StepRelay relay, TestClock clock,
			InMemoryTransport transport) {
		this.orders.place("o-1", "teapot", "cup");
		this.orders.place("o-2", "spoon");
		transport.failNext(1, RETRIABLE);
		assertThat(relay.deliver()).extracting(SendResult::isAcknowledged).containsExactly(false, true);
		clock.advance(Duration.ofSeconds(30));
		assertThat(relay.deliver()).isEmpty();
		clock.advance(Duration.ofSeconds(30));
		assertThat(relay.deliver()).hasSize(2).allMatch(SendResult::isAcknowledged);
		assertThat(transport.records()).extracting(OutboxRecord::key).containsExactly("o-2", "o-1", "o-1");
	}

	@Test
	void anEventThatIsTooOldIsADeadLetter(StepRelay relay, TestClock clock, InMemoryTransport transport) {
		this.orders.place("o-1", "teapot");
		transport.failFor((event) -> true, RETRIABLE);
		relay.deliver();
		clock.advance(Duration.ofHours(1));
		relay.deliver();
		assertThat(dead()).singleElement().extracting(DeadLetter::error).asString().contains("busy");
	}

	@Test
	void aDeadLetterBlocksItsKeyAndIsReplayedBeforeTheLaterEvents(StepRelay relay, InMemoryTransport transport) {
		this.orders.place("o-1", "teapot", "cup");
		transport.failNext(1, FATAL);
		assertThat(relay.deliver()).hasSize(1);
		assertThat(relay.deliver()).isEmpty();
		assertThat(this.letters.retry(dead().get(0).number(), ANN)).isTrue();
		assertThat(relay.deliver()).hasSize(2).allMatch(SendResult::isAcknowledged);
		assertThat(transport.records()).extracting(KitContract::text)
			.containsExactly(payload("o-1", "teapot"), payload("o-1", "cup"));
		assertThat(dead()).isEmpty();
	}

	@Test
	void aDeadLetterIsRepairedOrDiscarded(StepRelay relay, InMemoryTransport transport) {
		this.orders.place("o-1", "teapot", "cup", "spoon");
		transport.failNext(1, FATAL);
		relay.deliver();
		Repair repair = Repair.of("application/json", null, null)
			.withPayload("{\"item\":\"pot\"}".getBytes(StandardCharsets.UTF_8));
		assertThat(this.letters.repair(dead().get(0).number(), repair, ANN)).isPresent();
		assertThat(relay.step()).isPresent();
		assertThat(transport.records()).singleElement().extracting(KitContract::text).isEqualTo("{\"item\":\"pot\"}");
		transport.failNext(1, FATAL);
		relay.step();
		assertThat(this.letters.discard(dead().get(0).number(), ANN)).isTrue();
		relay.deliver();
		assertThat(transport.records()).hasSize(2)
			.last()
			.extracting(KitContract::text)
			.isEqualTo(payload("o-1", "spoon"));
	}

	@Test
	void aScheduledEventIsDueByTheClockOfTheTest(StepRelay relay, TestClock clock, PublishedEvents events) {
		this.orders.remind("o-1", Duration.ofDays(3));
		this.orders.place("o-1", "teapot");
		assertThat(relay.deliver()).hasSize(1);
		assertThat(relay.waiting()).hasSize(1);
		clock.advance(Duration.ofDays(3));
		assertThat(relay.deliver()).hasSize(1);
		OutboxAssertions.assertThat(events).published().haveTypes("order.placed", "order.reminder");
	}

	@Test
	void whatOperatorsPauseWaits(StepRelay relay, @Autowired HoldStore holds, InMemoryTransport transport) {
		this.orders.place("o-1", "teapot");
		Destination destination = new Destination(transport.name(), "orders");
		holds.pause(destination, ANN);
		assertThat(relay.deliver()).isEmpty();
		holds.resume(destination, ANN);
		assertThat(relay.deliver()).hasSize(1);
	}

	@Test
	void anIdempotencyKeyIsUsedOnce(PublishedEvents events) {
		String order = newOrder();
		UUID first = this.orders.placeOnce(order);
		assertThat(this.orders.placeOnce(order)).isEqualTo(first);
		OutboxAssertions.assertThat(events).stored().hasSize(1);
	}

	@RepeatedTest(2)
	void noTestKnowsOfAnotherOne(StepRelay relay, TestClock clock, InMemoryTransport transport, PublishedEvents events,
			@Autowired HoldStore holds) {
		assertThat(dead()).isEmpty();
		assertThat(relay.waiting()).isEmpty();
		assertThat(clock.ahead()).isZero();
		OutboxAssertions.assertThat(events).areNone();
		assertThat(this.orders.placeOnce("left-behind")).isEqualTo(events.stored().get(0).id());
		transport.failFor((event) -> true, FATAL);
		assertThat(relay.deliver()).hasSize(1);
		this.orders.place("left-behind", "cup");
		this.orders.remind("left-behind", Duration.ofDays(1));
		assertThat(relay.deliver()).isEmpty();
		holds.pause(new Destination(transport.name(), "orders"), ANN);
		clock.advance(Duration.ofHours(1));
		assertThat(dead()).hasSize(1);
	}

	@Test
	void theArchiveKeepsWhatWasDelivered(StepRelay relay, PublishedEvents events, @Autowired ArchiveStore archive) {
		String order = newOrder();
		this.orders.place(order, "teapot", "cup");
		relay.deliver();
		ArchiveFilter filter = ArchiveFilter.all().withKey(order);
		assertThat(archive.replay("again-" + order, filter, 10).events()).hasSize(2);
		assertThat(relay.deliver()).hasSize(2).allMatch(SendResult::isAcknowledged);
		OutboxAssertions.assertThat(events).published().to("orders").withKey(order).hasSize(4);
		OutboxAssertions.assertThat(events)
			.published()
			.element(2)
			.hasPayload(payload(order, "teapot"))
			.hasHeader(ArchiveStore.REPLAY_HEADER, "again-" + order);
	}

	@Test
	void theRealRelayDeliversThroughTheSameTransport(@Autowired OutboxRelay relay, PublishedEvents events,
			StepRelay steps) {
		relay.start();
		try {
			this.orders.place("o-1", "teapot");
			OutboxAssertions.assertThat(events.awaitPublished(OrderPlaced.class)).hasKey("o-1");
			assertThatIllegalStateException().isThrownBy(steps::deliver).withMessageContaining("Another relay owns");
		}
		finally {
			relay.stop(Duration.ofSeconds(5));
		}
		assertThat(steps.waiting()).isEmpty();
	}

	private List<DeadLetter> dead() {
		return this.letters.list(DeadLetterFilter.all(), 0, 10);
	}

	/**
	 * The business data of one test is there in the next: the kit empties the outbox.
	 */
	private static String newOrder() {
		return UUID.randomUUID().toString();
	}

	private static String payload(String orderId, String item) {
		return "{\"orderId\":\"" + orderId + "\",\"item\":\"" + item + "\"}";
	}

	private static String text(OutboxRecord event) {
		return new String(event.payload(), StandardCharsets.UTF_8);
	}

}
