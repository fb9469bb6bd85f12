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
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.observation.OutboxMetrics.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens in one period.
 */
final class Tally {

	/**
	 * So many failing events are remembered, to know a retry that succeeds.
	 */
	private static final int REMEMBERED = 10_000;

	private final long startedAt = System.nanoTime();

	private final LatencyBuckets latencies = new LatencyBuckets();

	private final LongAdder failed = new LongAdder();

	private final LongAdder batches = new LongAdder();

	private final LongAdder handedOver = new LongAdder();

	private final LongAdder retries = new LongAdder();

	private final LongAdder succeededAgain = new LongAdder();

	private final LongAdder failedAgain = new LongAdder();

	private final LongAdder dead = new LongAdder();

	private final DestinationNames names = new DestinationNames();

	private final Map<Destination, LongAdder> sent = new ConcurrentHashMap<>();

	private final Set<UUID> failing = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Instant lastError;

	void sent(int events) {
		this.batches.increment();
		this.handedOver.add(events);
	}

	void published(OutboxRecord event, Duration took) {
		this.latencies.record(took.toNanos());
		sent(event.destination()).increment();
		if (!this.failing.isEmpty() && this.failing.remove(event.id())) {
			this.succeededAgain.increment();
		}
	}

	private LongAdder sent(Destination destination) {
		LongAdder known = this.sent.get(destination);
		return (known != null) ? known
				: this.sent.computeIfAbsent(this.names.shown(destination), (name) -> new LongAdder());
	}

	void failed(Instant at) {
		this.failed.increment();
		this.lastError = at;
	}

	void retry(UUID event, boolean again) {
		this.retries.increment();
		if (again) {
			this.failedAgain.increment();
		}
		if (this.failing.size() < REMEMBERED) {
			this.failing.add(event);
		}
	}

	void dead(UUID event, boolean again) {
		this.dead.increment();
		if (again) {
			this.failedAgain.increment();
		}
		this.failing.remove(event);
	}

	Snapshot snapshot() {
		long published = this.latencies.count();
		Duration period = Duration.ofNanos(System.nanoTime() - this.startedAt);
		Map<String, Long> topics = new TreeMap<>();
		this.sent.forEach((destination, count) -> topics.merge(destination.toString(), count.sum(), Long::sum));
		double seconds = Math.max(1, period.toNanos()) / (double) TimeUnit.SECONDS.toNanos(1);
		return new Snapshot(published, this.failed.sum(), this.batches.sum(), this.latencies.mean(),
				this.latencies.percentile(0.99), mean(this.handedOver.sum(), this.batches.sum()), published / seconds,
				this.retries.sum(), this.succeededAgain.sum(), this.failedAgain.sum(),
				share(published, this.failed.sum()), share(this.succeededAgain.sum(), this.failedAgain.sum()),
				this.dead.sum(), this.lastError, topics, period);
	}

	private static double mean(long sum, long count) {
		return (count > 0) ? (double) sum / count : 0;
	}

	private static double share(long good, long bad) {
		return (good + bad > 0) ? (double) good / (good + bad) : 1;
	}

}
