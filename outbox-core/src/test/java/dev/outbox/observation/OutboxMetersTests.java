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

package dev.outbox.observation;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.observation.OutboxReading.Availability;
import dev.outbox.observation.OutboxReading.Counts;
import dev.outbox.observation.OutboxReading.Lane;
import dev.outbox.observation.OutboxReading.Relay;
import dev.outbox.observation.OutboxReading.Waiting;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxMetersTests {

	private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

	private final AtomicReference<OutboxReading> reading = new AtomicReference<>(new OutboxReading(null, null));

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final OutboxMeters meters = new OutboxMeters(this.reading::get, Tags.empty());

	OutboxMetersTests() {
		this.meters.bindTo(this.registry);
	}

	@Test
	void countsWhatIsPublishedAndHowLongItTook() {
		publish(event("orders", "order-1"), NOW.plusMillis(250));
		publish(event("orders", "order-2"), NOW.plusMillis(750));
		assertThat(this.registry.get("outbox.published").tags("transport", "kafka", "destination", "orders").counter())
			.satisfies((counter) -> assertThat(counter.count()).isEqualTo(2));
		assertThat(this.registry.get("outbox.delivery.lag").timer().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(1000);
	}

	@Test
	void aClockThatIsBehindGivesNoNegativeLag() {
		publish(event("orders", "order-1"), NOW.minusSeconds(5));
		assertThat(this.registry.get("outbox.delivery.lag").timer())
			.satisfies((timer) -> assertThat(timer.count()).isOne())
			.satisfies((timer) -> assertThat(timer.totalTime(TimeUnit.SECONDS)).isZero());
	}

	@Test
	void countsFailuresByKindAndDeadLetters() {
		OutboxRecord event = event("orders", "order-1");
		SendFailure failure = new SendFailure(FailureKind.REJECTED, "no", null);
		SendResult result = SendResult.failed(event, NOW, failure);
		this.meters.onAnswered(event, result, Duration.ofMillis(30));
		this.meters.onRetry(event, result, 1, Duration.ofSeconds(1));
		this.meters.onAnswered(event, result, Duration.ofMillis(50));
		this.meters.onDead(event, "no", 2);
		assertThat(this.registry.get("outbox.failed").tags("kind", "rejected").counter().count()).isEqualTo(2);
		assertThat(this.registry.get("outbox.failed").tags("kind", "retriable").counter().count()).isZero();
		assertThat(this.registry.get("outbox.retries").counter().count()).isOne();
		assertThat(this.registry.get("outbox.dead").counter().count()).isOne();
		assertThat(this.registry.get("outbox.relay.publish").tags("transport", "kafka", "outcome", "rejected").timer())
			.satisfies((timer) -> assertThat(timer.count()).isEqualTo(2))
			.satisfies((timer) -> assertThat(timer.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(80));
	}

	@Test
	void measuresBatches() {
		this.meters.onSend("kafka", 10);
		this.meters.onSend("kafka", 20);
		assertThat(this.registry.get("outbox.relay.batch.size").tag("transport", "kafka").summary().mean())
			.isEqualTo(15);
	}

	/**
	 * Trap 24: a tag that holds an id makes one series for each event.
	 */
	@Test
	void trap24TenThousandAggregatesMakeNoMoreSeriesThanOne() {
		publish(event("orders", "order-0"), NOW);
		int before = this.registry.getMeters().size();
		for (int i = 1; i < 10_000; i++) {
			publish(event("orders", "order-" + i), NOW);
		}
		assertThat(this.registry.getMeters()).hasSize(before);
		assertThat(this.registry.get("outbox.published").counter().count()).isEqualTo(10_000);
	}

	@Test
	void destinationsBeyondTheFirstHundredShareOneSeries() {
		for (int i = 0; i < 1_000; i++) {
			publish(event("topic-" + i, "order"), NOW);
		}
		assertThat(this.registry.get("outbox.published").counters()).hasSize(DestinationNames.MAX + 1);
		assertThat(this.registry.get("outbox.published").tags("destination", "other").counter().count()).isEqualTo(900);
	}

	@Test
	void whatIsNotKnownIsNotZero() {
		assertThat(this.registry.get("outbox.records").tag("status", "waiting").gauge().value()).isNaN();
		assertThat(this.registry.get("outbox.oldest.age").timeGauge().value()).isNaN();
	}

	@Test
	void showsTheLastMeasurement() {
		this.reading.set(new OutboxReading(counts(true), null));
		assertThat(this.registry.get("outbox.records").tag("status", "waiting").gauge().value()).isEqualTo(100);
		assertThat(this.registry.get("outbox.records").tag("status", "scheduled").gauge().value()).isEqualTo(7);
		assertThat(this.registry.get("outbox.records").tag("status", "dead").gauge().value()).isEqualTo(3);
		assertThat(this.registry.get("outbox.dead.letters").gauge().value()).isEqualTo(3);
		assertThat(this.registry.get("outbox.oldest.age").timeGauge().value(TimeUnit.SECONDS)).isEqualTo(1.5);
	}

	@Test
	void showsWhatWaitsForEachDestinationAndNothingThatIsNotKnown() {
		this.reading.set(new OutboxReading(counts(true), null));
		this.meters.refresh();
		assertThat(destination("outbox.destination.waiting", "orders")).isEqualTo(60);
		assertThat(this.registry.get("outbox.destination.oldest.age").tag("destination", "orders").timeGauge().value())
			.isEqualTo(1.5);
		Counts without = new Counts(100, 0, 0, Duration.ZERO, Map.of(), true);
		this.reading.set(new OutboxReading(without, null));
		this.meters.refresh();
		assertThat(destination("outbox.destination.waiting", "orders")).isZero();
		this.reading.set(new OutboxReading(new Counts(100, 0, 0, Duration.ZERO, Map.of(), false), null));
		assertThat(destination("outbox.destination.waiting", "orders")).isNaN();
		this.reading.set(new OutboxReading(null, null));
		assertThat(destination("outbox.destination.waiting", "orders")).isNaN();
		assertThat(this.registry.find("outbox.destination.available").gauge()).isNull();
	}

	@Test
	void showsWhatTheRelayDoes() {
		assertThat(this.registry.get("outbox.relay.active").gauge().value()).isZero();
		assertThat(this.registry.get("outbox.relay.lease.age").timeGauge().value()).isNaN();
		this.reading.set(new OutboxReading(null, relay(Map.of("orders", Availability.AVAILABLE, "mails",
				Availability.UNREACHABLE, "bills", Availability.PAUSED))));
		this.meters.refresh();
		assertThat(this.registry.get("outbox.relay.active").gauge().value()).isOne();
		assertThat(this.registry.get("outbox.relay.lease.age").timeGauge().value()).isEqualTo(2);
		assertThat(this.registry.get("outbox.blocked.keys").tag("transport", "kafka").gauge().value()).isEqualTo(4);
		assertThat(this.registry.get("outbox.relay.late").functionCounter().count()).isEqualTo(5);
		assertThat(this.registry.get("outbox.relay.rescued").functionCounter().count()).isEqualTo(6);
		assertThat(this.registry.get("outbox.duplicates.possible").functionCounter().count()).isEqualTo(7);
		assertThat(destination("outbox.destination.available", "orders")).isOne();
		assertThat(destination("outbox.destination.available", "mails")).isZero();
		assertThat(destination("outbox.destination.paused", "mails")).isZero();
		assertThat(destination("outbox.destination.available", "bills")).isZero();
		assertThat(destination("outbox.destination.paused", "bills")).isOne();
		Relay without = relay(Map.of("orders", Availability.UNREACHABLE));
		this.reading.set(new OutboxReading(null, new Relay(false, Duration.ofSeconds(20), without.lanes())));
		assertThat(destination("outbox.destination.available", "orders")).isNaN();
		assertThat(this.registry.get("outbox.blocked.keys").gauge().value()).isNaN();
		assertThat(this.registry.get("outbox.duplicates.possible").functionCounter().count()).isEqualTo(7);
		this.reading.set(new OutboxReading(null, new Relay(false, null, Map.of())));
		assertThat(destination("outbox.destination.available", "orders")).isNaN();
		assertThat(this.registry.get("outbox.blocked.keys").gauge().value()).isNaN();
	}

	@Test
	void oneDestinationOfManyThatIsAwayIsSeen() {
		Map<String, Availability> many = new HashMap<>();
		for (int i = 0; i < 500; i++) {
			many.put("topic-" + i, Availability.AVAILABLE);
		}
		this.reading.set(new OutboxReading(null, relay(many)));
		this.meters.refresh();
		assertThat(this.registry.get("outbox.destination.available").gauges()).hasSize(DestinationNames.MAX + 1);
		assertThat(destination("outbox.destination.available", "other")).isOne();
		many.put("topic-500", Availability.UNREACHABLE);
		this.reading.set(new OutboxReading(null, relay(many)));
		assertThat(destination("outbox.destination.available", "other")).isZero();
	}

	private double destination(String meter, String name) {
		return this.registry.get(meter).tags("transport", "kafka", "destination", name).gauge().value();
	}

	private static Counts counts(boolean complete) {
		Waiting orders = new Waiting(60, Duration.ofMillis(1500));
		return new Counts(100, 7, 3, Duration.ofMillis(1500), Map.of(new Destination("kafka", "orders"), orders),
				complete);
	}

	private static Relay relay(Map<String, Availability> destinations) {
		return new Relay(true, Duration.ofSeconds(2), Map.of("kafka", new Lane(1, 2, 3, 4, 5, 6, 7, destinations)));
	}

	@Test
	void showsHowManyPartitionsAreOwned() {
		this.meters.onOwnershipChanged("kafka", Set.of(1, 2, 3));
		assertThat(this.registry.get("outbox.relay.owned").tag("transport", "kafka").gauge().value()).isEqualTo(3);
		this.meters.onOwnershipChanged("kafka", Set.of());
		assertThat(this.registry.get("outbox.relay.owned").tag("transport", "kafka").gauge().value()).isZero();
	}

	@Test
	void aRegistryThatComesLaterCountsFromThenOn() {
		this.meters.onOwnershipChanged("kafka", Set.of(1));
		publish(event("orders", "order-1"), NOW);
		SimpleMeterRegistry late = new SimpleMeterRegistry();
		this.meters.bindTo(late);
		publish(event("orders", "order-2"), NOW);
		assertThat(this.registry.get("outbox.published").counter().count()).isEqualTo(2);
		assertThat(late.get("outbox.published").counter().count()).isOne();
		assertThat(late.get("outbox.relay.owned").gauge().value()).isOne();
	}

	private void publish(OutboxRecord event, Instant at) {
		this.meters.onPublished(event, SendResult.acknowledged(event, at, null));
	}

	private static OutboxRecord event(String destination, String key) {
		return new OutboxRecord(new UUID(0, 1), key, "order", key, "order.placed", 1,
				new Destination("kafka", destination), Map.of(), "application/json", Map.of(), new byte[0], NOW);
	}

}
