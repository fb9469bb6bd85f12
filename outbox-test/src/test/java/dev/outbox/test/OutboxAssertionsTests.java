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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.payload.EventTypes;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;

import static dev.outbox.test.OutboxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What holds, and what a user reads where it does not.
 */
class OutboxAssertionsTests {

	private static final OutboxRecord PLACED = event("order.placed", "o-1", "orders", "{\"item\":\"teapot\"}");

	private static final OutboxRecord SHIPPED = event("order.shipped", "o-1", "parcels", "{\"parcel\":7}");

	private static final OutboxRecord OTHER = event("order.placed", "o-2", "orders", "{\"item\":\"cup\"}");

	private final PublishedEvents events = new PublishedEvents(new EventTypes().register(OrderPlaced.class));

	@Test
	void eventsAreChosenByTypeDestinationKeyOrAnythingElse() {
		stored(PLACED, SHIPPED, OTHER);
		assertThat(this.events).stored().hasSize(3).haveTypes("order.placed", "order.shipped", "order.placed");
		assertThat(this.events).stored().ofType("order.placed").hasSize(2).element(1).hasKey("o-2");
		assertThat(this.events).stored().ofType(OrderPlaced.class).hasSize(2);
		assertThat(this.events).stored().to("parcels").isOne().hasType("order.shipped");
		assertThat(this.events).stored().withKey("o-1").to("orders").isOne().hasPayload("{\"item\":\"teapot\"}");
		assertThat(this.events).stored()
			.matching((event) -> event.payload().length < 14)
			.havePayloads("{\"parcel\":7}");
		assertThat(this.events).stored().withKey("o-1").asRecords().containsExactly(PLACED, SHIPPED);
		assertThat(this.events).published().isEmpty();
	}

	@Test
	void aWrongNumberSaysWhatWasStoredPublishedAndRefused() {
		stored(PLACED, SHIPPED);
		this.events.onPublished(PLACED, SendResult.acknowledged(PLACED, Instant.EPOCH, "1"));
		this.events.onRetry(SHIPPED,
				SendResult.failed(SHIPPED, Instant.EPOCH, new SendFailure(FailureKind.RETRIABLE, "100% busy", null)), 1,
				Duration.ZERO);
		this.events.onDead(SHIPPED, "RETRIABLE: too old", 2);
		failing(() -> assertThat(this.events).published().ofType("order.shipped").to("parcels").hasSize(1))
			.withMessage("""
					[published events of type 'order.shipped' to 'parcels'] Expected 1, but there are 0.
					Stored:\s
					  %s
					  %s
					Published:\s
					  %s
					Failures:\s
					  %s failed: RETRIABLE, 100%% busy
					  %s is a dead letter: RETRIABLE: too old
					""", PLACED, SHIPPED, PLACED, SHIPPED, SHIPPED);
		failing(() -> assertThat(this.events).published().isEmpty())
			.withMessageContaining("Expected 0, but there are 1");
		failing(() -> assertThat(this.events).stored().isOne())
			.withMessageContaining("[stored events] Expected 1, but there are 2");
		failing(() -> assertThat(this.events).published().withKey("o-1").element(1))
			.withMessageContaining("[published events with key 'o-1'] Expected more than 1, but there are 1");
		failing(() -> assertThat(this.events).areNone()).withMessageContaining("[stored events] Expected 0");
	}

	@Test
	void listsAreComparedInTheirOrder() {
		stored(PLACED, SHIPPED);
		failing(() -> assertThat(this.events).stored().haveTypes("order.shipped", "order.placed"))
			.withMessageContaining("stored events")
			.withMessageContaining("[\"order.placed\", \"order.shipped\"]");
		failing(() -> assertThat(this.events).stored().to("orders").havePayloads("{}"))
			.withMessageContaining("stored events to 'orders'")
			.withMessageContaining("teapot");
		failing(() -> assertThat(this.events).stored().asRecords().isEmpty()).withMessageContaining("order.shipped");
	}

	@Test
	void anEventSaysWhatItIsInstead() {
		OutboxRecordAssert placed = assertThat(PLACED);
		placed.hasType("order.placed")
			.hasVersion(1)
			.hasKey("o-1")
			.hasDestination("orders")
			.hasTransport("kafka")
			.hasContentType("application/json")
			.hasHeader("bytes", new byte[] { 1, 2 })
			.hasHeader("size", 5L)
			.hasNoHeader("traceparent")
			.hasOption("partition", 3)
			.payloadSatisfies((payload) -> assertThat(payload).contains("teapot"));
		wrong(() -> placed.hasType("a"), "Expected type <a>, but it is <order.placed>");
		wrong(() -> placed.hasVersion(2), "Expected version <2>, but it is <1>");
		wrong(() -> placed.hasKey(null), "Expected key <null>, but it is <o-1>");
		wrong(() -> placed.hasDestination("a"), "Expected destination <a>, but it is <orders>");
		wrong(() -> placed.hasTransport("a"), "Expected transport <a>, but it is <kafka>");
		wrong(() -> placed.hasContentType("a"), "Expected content type <a>, but it is <application/json>");
		wrong(() -> placed.hasPayload("{}"), "Expected payload <{}>, but it is <{\"item\":\"teapot\"}>");
		wrong(() -> placed.hasHeader("colour", "red"), "Expected a header 'colour', but there are [");
		wrong(() -> placed.hasHeader("size", 6L), "Expected header 'size' <6>, but it is <5>");
		wrong(() -> placed.hasHeader("size", 5), "Expected header 'size' <5> (Integer), but it is <5> (Long)");
		wrong(() -> placed.hasHeader("bytes", new byte[0]), "Expected header 'bytes' <[]>, but it is <[1, 2]>");
		wrong(() -> placed.hasNoHeader("size"), "Expected no header 'size', but it is <5>");
		wrong(() -> placed.hasOption("partition", 4), "Expected option 'partition' <4>, but it is <3>");
		wrong(() -> placed.hasOption("priority", 4), "Expected an option 'priority', but there are [partition]");
		failing(() -> placed.payloadSatisfies((payload) -> assertThat(payload).contains("cup")))
			.withMessageContaining("teapot");
	}

	@Test
	void oneOfSeveralSaysWhichOneItIs() {
		stored(PLACED, SHIPPED);
		failing(() -> assertThat(this.events).stored().withKey("o-1").element(1).hasVersion(9))
			.withMessageContaining("[stored events with key 'o-1' [1]] Expected version <9>, but it is <1>");
	}

	@Test
	void aClassThatIsNoEventIsNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> assertThat(this.events).stored().ofType(String.class))
			.withMessageContaining("java.lang.String is not a class of events");
	}

	private void stored(OutboxRecord... stored) {
		this.events.onStored(List.of(stored));
	}

	private static void wrong(ThrowingCallable assertion, String message) {
		failing(assertion).withMessageStartingWith(message).withMessageContaining(PLACED.id().toString());
	}

	private static ThrowableAssertAlternative<AssertionError> failing(ThrowingCallable assertion) {
		return assertThatExceptionOfType(AssertionError.class).isThrownBy(assertion);
	}

	private static OutboxRecord event(String type, String key, String destination, String payload) {
		return new OutboxRecord(UUID.randomUUID(), key, null, null, type, 1, new Destination("kafka", destination),
				Map.of("partition", 3), "application/json", Map.of("size", 5L, "bytes", new byte[] { 1, 2 }),
				payload.getBytes(StandardCharsets.UTF_8), Instant.EPOCH);
	}

}
