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
import java.util.concurrent.atomic.LongAdder;

import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.listener.OutboxListener;
import org.jspecify.annotations.Nullable;

/**
 * What the relay of this instance has achieved, in numbers that need no monitoring
 * system. Thread-safe.
 */
public final class OutboxMetrics implements OutboxListener {

	private final LongAdder published = new LongAdder();

	private volatile Tally tally = new Tally();

	/**
	 * Returns the numbers since the last reset, or since the start. Taken while the relay
	 * works, they need not agree to the last event.
	 * @return the numbers
	 */
	public Snapshot snapshot() {
		return this.tally.snapshot();
	}

	/**
	 * Starts to count from zero. Meters are not affected.
	 */
	public void reset() {
		this.tally = new Tally();
	}

	/**
	 * Returns how many events this instance has published since its start. Not affected
	 * by a reset.
	 * @return how many
	 */
	public long published() {
		return this.published.sum();
	}

	@Override
	public void onSend(String transport, int events) {
		this.tally.sent(events);
	}

	@Override
	public void onAnswered(OutboxRecord event, SendResult result, Duration took) {
		if (result.isAcknowledged()) {
			this.published.increment();
			this.tally.published(event, took);
		}
		else {
			this.tally.failed(result.completedAt());
		}
	}

	@Override
	public void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
		this.tally.retry(event.id(), attempts > 1);
	}

	@Override
	public void onDead(OutboxRecord event, String error, int attempts) {
		this.tally.dead(event.id(), attempts > 1);
	}

	/**
	 * Numbers of one period.
	 *
	 * @param publishedCount events that the broker has acknowledged
	 * @param failedCount attempts that have failed
	 * @param batchCount how often events were handed to a transport
	 * @param averageLatency mean time from handing an event to the transport to its
	 * acknowledgement
	 * @param latencyP99 99th percentile of that time, at most an eighth too high
	 * @param averageBatchSize mean number of events that were handed over at once
	 * @param publishRate events acknowledged per second
	 * @param totalRetries times that an event was put back to be sent again
	 * @param successfulRetries events that were acknowledged after they had failed
	 * @param failedRetries attempts that have failed for events that had failed before
	 * @param successRate share of the attempts that have succeeded; 1 if there was none
	 * @param retrySuccessRate share of the repeated attempts that have succeeded; 1 if
	 * there was none
	 * @param dlqMessagesCount events that have become dead letters
	 * @param lastErrorTime when an attempt last failed, {@code null} if none has
	 * @param topicSent acknowledged events by destination, of which those beyond the
	 * first 100 are counted as {@code other}
	 * @param period how long the period is
	 */
	public record Snapshot(long publishedCount, long failedCount, long batchCount, Duration averageLatency,
			Duration latencyP99, double averageBatchSize, double publishRate, long totalRetries, long successfulRetries,
			long failedRetries, double successRate, double retrySuccessRate, long dlqMessagesCount,
			@Nullable Instant lastErrorTime, Map<String, Long> topicSent, Duration period) {

		/**
		 * Returns the same as {@link #publishedCount()}.
		 * @return events that the broker has acknowledged
		 */
		public long messagesSent() {
			return this.publishedCount;
		}

		/**
		 * Returns the same as {@link #failedCount()}.
		 * @return attempts that have failed
		 */
		public long sendErrors() {
			return this.failedCount;
		}

		/**
		 * Returns the same as {@link #totalRetries()}.
		 * @return times that an event was put back
		 */
		public long retryCount() {
			return this.totalRetries;
		}

		/**
		 * Returns the same as {@link #dlqMessagesCount()}.
		 * @return events that have become dead letters
		 */
		public long dlqCount() {
			return this.dlqMessagesCount;
		}

		/**
		 * Returns the same as {@link #averageLatency()}.
		 * @return mean time to the acknowledgement
		 */
		public Duration sendLatencyAvg() {
			return this.averageLatency;
		}

		/**
		 * Returns the same as {@link #latencyP99()}.
		 * @return 99th percentile of the time to the acknowledgement
		 */
		public Duration sendLatencyP99() {
			return this.latencyP99;
		}

	}

}
