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

package dev.outbox.it.crash;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;

/**
 * A transport whose sends fail: some before the record was delivered, some after it, and
 * about every seventh event of some keys always. Used by one thread, as its caller
 * promises.
 */
final class FaultyTransport implements OutboxTransport {

	static final String POISON_PREFIX = "poison-";

	private static final int POISON_INTERVAL = 7;

	private final OutboxTransport transport;

	private final double failures;

	private final Random random;

	FaultyTransport(OutboxTransport transport, double failures, long seed) {
		this.transport = transport;
		this.failures = failures;
		this.random = new Random(seed);
	}

	@Override
	public String name() {
		return this.transport.name();
	}

	@Override
	public void send(List<? extends Delivery> batch) {
		List<Delivery> passed = new ArrayList<>();
		for (Delivery delivery : batch) {
			double dice = this.random.nextDouble();
			if (isPoison(delivery.record())) {
				delivery.complete(failed(delivery.record(), FailureKind.REJECTED, "poison"));
			}
			else if (dice < this.failures / 2) {
				delivery.complete(failed(delivery.record(), FailureKind.RETRIABLE, "injected, not delivered"));
			}
			else {
				passed.add((dice < this.failures) ? new ReportedAsFailed(delivery) : delivery);
			}
		}
		if (!passed.isEmpty()) {
			this.transport.send(passed);
		}
	}

	private static boolean isPoison(OutboxRecord record) {
		String key = record.key();
		return key != null && key.startsWith(POISON_PREFIX)
				&& Math.floorMod(record.id().hashCode(), POISON_INTERVAL) == 0;
	}

	@Override
	public void close() {
		this.transport.close();
	}

	private static SendResult failed(OutboxRecord record, FailureKind kind, String message) {
		return SendResult.failed(record, Instant.EPOCH, new SendFailure(kind, message, null));
	}

	/**
	 * A delivery that reports an acknowledged record as failed.
	 */
	private static final class ReportedAsFailed implements Delivery {

		private final Delivery delivery;

		private final OutboxRecord marked;

		ReportedAsFailed(Delivery delivery) {
			this.delivery = delivery;
			OutboxRecord record = delivery.record();
			Map<String, Object> headers = new HashMap<>(record.headers());
			headers.put(Observed.REPORTED_AS_FAILED, true);
			this.marked = new OutboxRecord(record.id(), record.key(), record.aggregateType(), record.aggregateId(),
					record.eventType(), record.eventVersion(), record.destination(), record.options(),
					record.contentType(), headers, record.payload(), record.createdAt());
		}

		@Override
		public OutboxRecord record() {
			return this.marked;
		}

		@Override
		public void complete(SendResult result) {
			this.delivery.complete(result.isAcknowledged()
					? failed(this.marked, FailureKind.RETRIABLE, "injected, but delivered") : result);
		}

	}

}
