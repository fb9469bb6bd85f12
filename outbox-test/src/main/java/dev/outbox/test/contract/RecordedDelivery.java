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

package dev.outbox.test.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that keeps what the transport reports about it.
 */
public final class RecordedDelivery implements Delivery {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	private final OutboxRecord record;

	private final List<SendResult> results = new CopyOnWriteArrayList<>();

	private RecordedDelivery(OutboxRecord record) {
		this.record = record;
	}

	/**
	 * Makes a delivery of a new event.
	 * @param destination where it goes
	 * @param key its key, {@code null} if it has none
	 * @param payload its payload
	 * @param options what is asked of the transport
	 * @param headers its headers
	 * @return the delivery, which has not been sent
	 */
	public static RecordedDelivery to(Destination destination, @Nullable String key, byte[] payload,
			Map<String, Object> options, Map<String, Object> headers) {
		return new RecordedDelivery(new OutboxRecord(UUID.randomUUID(), key, "Order", key, "order.placed", 1,
				destination, options, "text/plain", headers, payload, Instant.EPOCH));
	}

	/**
	 * Makes another delivery of the same event.
	 * @return the delivery, which has not been sent
	 */
	public RecordedDelivery again() {
		return new RecordedDelivery(this.record);
	}

	@Override
	public OutboxRecord record() {
		return this.record;
	}

	@Override
	public void complete(SendResult result) {
		this.results.add(result);
	}

	/**
	 * Returns whether the outcome was reported.
	 * @return {@code false} as long as it is open
	 */
	public boolean isComplete() {
		return !this.results.isEmpty();
	}

	/**
	 * Returns all outcomes that were reported. Of a transport that works there is one.
	 * @return the outcomes
	 */
	public List<SendResult> results() {
		return this.results;
	}

	/**
	 * Waits for the outcome, for a minute at most.
	 * @return what was reported first
	 */
	public SendResult await() {
		Awaitility.await("result of " + this.record)
			.atMost(DEADLINE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.until(this::isComplete);
		return this.results.get(0);
	}

	/**
	 * Waits for the outcome, which is no acknowledgement, for a minute at most.
	 * @return what kind of failure was reported first
	 */
	public FailureKind awaitFailure() {
		SendResult result = await();
		SendFailure failure = result.failure();
		if (failure == null) {
			throw new AssertionError("Acknowledged instead of failed: " + result);
		}
		return failure.kind();
	}

}
