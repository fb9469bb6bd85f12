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

package dev.outbox.it.transport;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import org.awaitility.Awaitility;

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

	public static RecordedDelivery to(String topic, String key, String payload) {
		return to(topic, key, payload.getBytes(StandardCharsets.UTF_8), Map.of(), Map.of());
	}

	public static RecordedDelivery to(String topic, String key, byte[] payload, Map<String, Object> options,
			Map<String, Object> headers) {
		return to(new Destination("kafka", topic), key, payload, options, headers);
	}

	public static RecordedDelivery to(Destination destination, String key, byte[] payload, Map<String, Object> options,
			Map<String, Object> headers) {
		return new RecordedDelivery(new OutboxRecord(UUID.randomUUID(), key, "Order", key, "order.placed", 1,
				destination, options, "text/plain", headers, payload, Instant.EPOCH));
	}

	/**
	 * Makes another delivery of the same event.
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

	public boolean isComplete() {
		return !this.results.isEmpty();
	}

	public List<SendResult> results() {
		return this.results;
	}

	public SendResult await() {
		Awaitility.await("result of " + this.record)
			.atMost(DEADLINE)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			.until(this::isComplete);
		return this.results.get(0);
	}

	public FailureKind awaitFailure() {
		SendResult result = await();
		if (result.failure() == null) {
			throw new AssertionError("Acknowledged instead of failed: " + result);
		}
		return result.failure().kind();
	}

}
