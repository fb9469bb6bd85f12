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

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

import dev.outbox.LogFields;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import io.micrometer.observation.Observation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A delivery whose observation ends with it.
 */
final class ObservedDelivery implements Delivery {

	private static final Logger logger = LoggerFactory.getLogger(ObservedDelivery.class);

	private final Delivery delivery;

	private final OutboxRecord record;

	private final Observation observation;

	private final UnaryOperator<String> redaction;

	private final AtomicBoolean ended = new AtomicBoolean();

	ObservedDelivery(Delivery delivery, OutboxRecord record, Observation observation, UnaryOperator<String> redaction) {
		this.delivery = delivery;
		this.record = record;
		this.observation = observation;
		this.redaction = redaction;
	}

	@Override
	public OutboxRecord record() {
		return this.record;
	}

	@Override
	public void complete(SendResult result) {
		try {
			harmless(result).orThrow();
			end(null);
		}
		catch (OutboxException ex) {
			end(ex);
		}
		this.delivery.complete(result);
	}

	/**
	 * What a broker says may hold secrets, and so may the causes.
	 */
	private SendResult harmless(SendResult result) {
		SendFailure failure = result.failure();
		if (failure == null) {
			return result;
		}
		String message = this.redaction.apply(failure.message());
		SendFailure shown = failure.isTimeout() ? SendFailure.timedOut(message, null, failure.mayHaveArrived())
				: new SendFailure(failure.kind(), message, null, failure.mayHaveArrived());
		return SendResult.failed(this.record, result.completedAt(), shown);
	}

	/**
	 * Ends the observation, unless it has ended.
	 * @param problem why the event was not sent, if it was not
	 */
	void end(@Nullable Throwable problem) {
		if (!this.ended.compareAndSet(false, true)) {
			return;
		}
		try {
			if (problem != null) {
				this.observation.error(problem);
			}
			this.observation.stop();
		}
		catch (RuntimeException ex) {
			LogFields.add(logger.atWarn(), this.record)
				.setCause(ex)
				.log("The observation of the send of event {} could not be ended", this.record.id());
		}
	}

}
