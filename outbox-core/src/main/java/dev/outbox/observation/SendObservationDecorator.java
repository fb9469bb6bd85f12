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
import java.util.function.UnaryOperator;

import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TransportDecorator;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * Lets the relay continue the trace that is stored with each event: each attempt to send
 * it is an observation {@code outbox.send}, which the consumer's trace continues. An
 * event without a stored trace is sent as it is.
 */
public final class SendObservationDecorator implements TransportDecorator {

	private final ObservationRegistry registry;

	private final Propagator propagator;

	private final @Nullable SendObservationConvention convention;

	private final Clock clock;

	private final UnaryOperator<String> redaction;

	/**
	 * Creates a decorator.
	 * @param registry the application's registry. As long as nobody observes, transports
	 * are not decorated
	 * @param propagator writes the trace into the headers that the broker gets
	 * @param convention names the observations; {@code null} for
	 * {@link DefaultSendObservationConvention}
	 * @param clock tells how long events have waited
	 * @param redaction takes secrets out of what brokers say of failures
	 */
	public SendObservationDecorator(ObservationRegistry registry, Propagator propagator,
			@Nullable SendObservationConvention convention, Clock clock, UnaryOperator<String> redaction) {
		this.registry = registry;
		this.propagator = propagator;
		this.convention = convention;
		this.clock = clock;
		this.redaction = redaction;
	}

	@Override
	public OutboxTransport decorate(OutboxTransport transport) {
		return this.registry.isNoop() ? transport : new ObservedTransport(transport, new SendObservations(this.registry,
				new SentTrace(this.propagator), this.convention, this.clock, this.redaction));
	}

}
