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
import java.util.Map;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.observation.OutboxMetrics.Snapshot;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxMetricsTests {

	private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

	private final OutboxMetrics metrics = new OutboxMetrics();

	@Test
	void nothingHasHappened() {
		Snapshot snapshot = this.metrics.snapshot();
		assertThat(snapshot.publishedCount()).isZero();
		assertThat(snapshot.averageLatency()).isZero();
		assertThat(snapshot.latencyP99()).isZero();
		assertThat(snapshot.averageBatchSize()).isZero();
		assertThat(snapshot.successRate()).isOne();
		assertThat(snapshot.lastErrorTime()).isNull();
	}

	@Test
	void eightOfTenIsASuccessRateOfFourFifths() {
		for (int i = 0; i < 8; i++) {
			acknowledge(event(i), Duration.ofMillis(10));
		}
		fail(event(8), 1);
		fail(event(9), 1);
		Snapshot snapshot = this.metrics.snapshot();
		assertThat(snapshot.successRate()).isEqualTo(0.8);
		assertThat(snapshot.messagesSent()).isEqualTo(8);
		assertThat(snapshot.sendErrors()).isEqualTo(2);
		assertThat(snapshot.retryCount()).isEqualTo(2);
		assertThat(snapshot.lastErrorTime()).isEqualTo(NOW);
		assertThat(snapshot.topicSent()).containsOnly(Map.entry("kafka:orders", 8L));
		assertThat(snapshot.publishRate()).isPositive();
	}

	@Test
	void retriesAreCountedApart() {
		for (int i = 0; i < 4; i++) {
			fail(event(i), 1);
		}
		fail(event(3), 2);
		for (int i = 0; i < 3; i++) {
			acknowledge(event(i), Duration.ofMillis(1));
		}
		this.metrics.onAnswered(event(3), failed(event(3)), Duration.ZERO);
		this.metrics.onDead(event(3), "refused", 3);
		Snapshot snapshot = this.metrics.snapshot();
		assertThat(snapshot.totalRetries()).isEqualTo(5);
		assertThat(snapshot.successfulRetries()).isEqualTo(3);
		assertThat(snapshot.failedRetries()).isEqualTo(2);
		assertThat(snapshot.retrySuccessRate()).isEqualTo(0.6);
		assertThat(snapshot.dlqCount()).isOne();
		assertThat(snapshot.failedCount()).isEqualTo(6);
	}

	@Test
	void latenciesHaveAMeanAndAPercentile() {
		for (int i = 1; i <= 100; i++) {
			acknowledge(event(i), Duration.ofMillis(i));
		}
		Snapshot snapshot = this.metrics.snapshot();
		assertThat(snapshot.sendLatencyAvg()).isEqualTo(Duration.ofNanos(50_500_000));
		assertThat(snapshot.sendLatencyP99()).isBetween(Duration.ofMillis(99), Duration.ofMillis(112));
	}

	@Test
	void batchesHaveAMeanSize() {
		this.metrics.onSend("kafka", 10);
		this.metrics.onSend("kafka", 20);
		assertThat(this.metrics.snapshot().batchCount()).isEqualTo(2);
		assertThat(this.metrics.snapshot().averageBatchSize()).isEqualTo(15);
	}

	@Test
	void aResetClearsTheSnapshotAndNothingElse() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		OutboxMeters meters = new OutboxMeters(() -> new OutboxReading(null, null), Tags.empty());
		meters.bindTo(registry);
		acknowledge(event(1), Duration.ofMillis(10));
		meters.onPublished(event(1), SendResult.acknowledged(event(1), NOW, null));
		this.metrics.reset();
		Snapshot snapshot = this.metrics.snapshot();
		assertThat(snapshot.publishedCount()).isZero();
		assertThat(snapshot.latencyP99()).isZero();
		assertThat(snapshot.topicSent()).isEmpty();
		assertThat(this.metrics.published()).isOne();
		assertThat(registry.get("outbox.published").counter().count()).isOne();
	}

	private void acknowledge(OutboxRecord event, Duration took) {
		this.metrics.onAnswered(event, SendResult.acknowledged(event, NOW, null), took);
	}

	private void fail(OutboxRecord event, int attempts) {
		this.metrics.onAnswered(event, failed(event), Duration.ZERO);
		this.metrics.onRetry(event, failed(event), attempts, Duration.ofSeconds(1));
	}

	private static SendResult failed(OutboxRecord event) {
		return SendResult.failed(event, NOW, new SendFailure(FailureKind.REJECTED, "no", null));
	}

	private static OutboxRecord event(int number) {
		return new OutboxRecord(new UUID(0, number), "key", "order", "key", "order.placed", 1,
				new Destination("kafka", "orders"), Map.of(), "application/json", Map.of(), new byte[0], NOW);
	}

}
