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

import java.time.Clock;
import java.time.Duration;
import java.util.function.UnaryOperator;

import dev.outbox.LogFields;
import dev.outbox.OutboxRecord;
import dev.outbox.transport.Delivery;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes observations of deliveries. Whatever goes wrong with them, events are sent.
 */
final class SendObservations {

	private static final Logger logger = LoggerFactory.getLogger(SendObservations.class);

	private static final SendObservationConvention DEFAULT = new DefaultSendObservationConvention();

	private final ObservationRegistry registry;

	private final SentTrace trace;

	private final @Nullable SendObservationConvention convention;

	private final Clock clock;

	private final UnaryOperator<String> redaction;

	SendObservations(ObservationRegistry registry, SentTrace trace, @Nullable SendObservationConvention convention,
			Clock clock, UnaryOperator<String> redaction) {
		this.registry = registry;
		this.trace = trace;
		this.convention = convention;
		this.clock = clock;
		this.redaction = redaction;
	}

	/**
	 * Starts to observe a delivery.
	 * @return what to hand to the transport instead, or the delivery itself
	 */
	Delivery start(Delivery delivery) {
		OutboxRecord event = delivery.record();
		if (!this.trace.isIn(event)) {
			return delivery;
		}
		Duration waited = Duration.between(event.createdAt(), this.clock.instant());
		SendObservationContext context = new SendObservationContext(event,
				waited.isNegative() ? Duration.ZERO : waited);
		Observation observation;
		try {
			observation = OutboxObservation.SEND.start(this.convention, DEFAULT, () -> context, this.registry);
		}
		catch (RuntimeException ex) {
			LogFields.add(logger.atWarn(), event)
				.setCause(ex)
				.log("Event {} is sent without an observation of its own, because that failed", event.id());
			return delivery;
		}
		return new ObservedDelivery(delivery, sent(event, context), observation, this.redaction);
	}

	private OutboxRecord sent(OutboxRecord event, SendObservationContext context) {
		try {
			return this.trace.replaceIn(event, context);
		}
		catch (RuntimeException ex) {
			LogFields.add(logger.atWarn(), event)
				.setCause(ex)
				.log("Event {} is sent with the trace that is stored, because that of the send could not be written",
						event.id());
			return event;
		}
	}

}
