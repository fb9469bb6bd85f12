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
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailedException;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.SendTimeoutException;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TransportCapabilities;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.handler.TracingObservationHandler.TracingContext;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SendObservationDecoratorTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String STORED = "00-" + TRACE + "-b7ad6b7169203331-01";

	private static final String SENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

	private static final Instant CREATED = Instant.parse("2026-11-21T10:00:00Z");

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final Recorder recorder = new Recorder();

	private final Broker broker = new Broker();

	private @Nullable SendObservationConvention convention;

	@BeforeEach
	void observe() {
		this.registry.observationConfig().observationHandler(this.recorder);
	}

	@Test
	void theBrokerGetsTheTraceOfTheSend() {
		Letter letter = new Letter(
				Map.of("traceparent", STORED, "tracestate", "a=b", "baggage", "tenant=north", "n", 1));
		send(letter);
		assertThat(this.broker.got).singleElement()
			.satisfies((sent) -> assertThat(sent.record().headers())
				.isEqualTo(Map.of("traceparent", SENT, "baggage", "tenant=north", "n", 1)));
		assertThat(letter.record().headers()).containsEntry("traceparent", STORED).containsEntry("tracestate", "a=b");
	}

	@Test
	void theOtherFamilyOfHeadersFollowsWhereItDescribesTheSameTrace() {
		send(new Letter(Map.of("traceparent", STORED, "x-trace-id", TRACE, "x-span-id", "b7ad6b7169203331")));
		assertThat(this.broker.got.get(0).record().headers()).isEqualTo(Map.of("traceparent", SENT, "x-trace-id", TRACE,
				"x-span-id", "00f067aa0ba902b7", "x-parent-span-id", "b7ad6b7169203331", "x-sampled", "1"));
		String other = TRACE.replace('0', '1');
		send(new Letter(Map.of("traceparent", STORED, "x-trace-id", other, "x-span-id", "b7ad6b7169203331")));
		assertThat(this.broker.got.get(1).record().headers()).containsEntry("x-trace-id", other)
			.containsEntry("x-span-id", "b7ad6b7169203331");
	}

	@Test
	void theObservationEndsWithTheAnswer() {
		Letter letter = new Letter(Map.of("traceparent", STORED));
		send(letter);
		assertThat(this.recorder.started).hasSize(1);
		assertThat(this.recorder.stopped).isEmpty();
		SendResult result = SendResult.acknowledged(letter.record(), CREATED, "orders-0@1");
		this.broker.got.get(0).complete(result);
		this.broker.got.get(0).complete(result);
		assertThat(letter.results).containsExactly(result, result);
		assertThat(this.recorder.stopped).singleElement().satisfies((context) -> {
			assertThat(context.getName()).isEqualTo("outbox.send");
			assertThat(context.getContextualName()).isEqualTo("send order.placed");
			assertThat(context.getError()).isNull();
			assertThat(context.getLowCardinalityKeyValues()).containsExactlyInAnyOrder(
					KeyValue.of("outbox.event.type", "order.placed"), KeyValue.of("outbox.transport", "kafka"));
			assertThat(context.getHighCardinalityKeyValues()).contains(KeyValue.of("outbox.waited", "1500"),
					KeyValue.of("messaging.destination.name", "orders"));
		});
	}

	@Test
	void aFailureIsAnErrorOfTheObservation() {
		Letter letter = new Letter(Map.of("traceparent", STORED));
		send(letter);
		SendFailure failure = new SendFailure(FailureKind.REJECTED, "too large", null);
		this.broker.got.get(0).complete(SendResult.failed(letter.record(), CREATED, failure));
		assertThat(letter.results).extracting(SendResult::failure).containsExactly(failure);
		assertThat(this.recorder.stopped).extracting(Observation.Context::getError)
			.singleElement()
			.isInstanceOf(SendFailedException.class);
	}

	@Test
	void anErrorOfTheObservationHoldsNoSecrets() {
		Letter letter = new Letter(Map.of("traceparent", STORED));
		send(letter);
		IllegalStateException cause = new IllegalStateException("pass-1");
		SendFailure failure = new SendFailure(FailureKind.UNAVAILABLE, "no login with pass-1", cause);
		this.broker.got.get(0).complete(SendResult.failed(letter.record(), CREATED, failure));
		assertThat(letter.results).extracting(SendResult::failure).containsExactly(failure);
		assertThat(this.recorder.stopped).extracting(Observation.Context::getError)
			.singleElement()
			.satisfies((error) -> {
				assertThat(error).hasMessageContaining("no login with ***").hasNoCause();
				assertThat(error).hasMessageNotContaining("pass-1");
			});
	}

	@Test
	void aTimeoutStaysATimeout() {
		Letter letter = new Letter(Map.of("traceparent", STORED));
		send(letter);
		SendFailure failure = SendFailure.timedOut("no answer", null, true);
		this.broker.got.get(0).complete(SendResult.failed(letter.record(), CREATED, failure));
		assertThat(this.recorder.stopped).extracting(Observation.Context::getError)
			.singleElement()
			.isInstanceOf(SendTimeoutException.class);
	}

	@Test
	void anExceptionOfTheTransportEndsWhatWasNotAnswered() {
		this.broker.failure = new IllegalStateException("no broker");
		assertThatIllegalStateException().isThrownBy(() -> send(new Letter(Map.of("traceparent", STORED))));
		assertThat(this.recorder.stopped).extracting(Observation.Context::getError)
			.containsExactly(this.broker.failure);
	}

	@Test
	void anEventWithoutStoredTraceIsNotObserved() {
		Letter letter = new Letter(Map.of("baggage", "tenant=north"));
		send(letter);
		assertThat(this.broker.got).isEqualTo(List.of(letter));
		assertThat(this.recorder.started).isEmpty();
	}

	@Test
	void aConventionThatFailsDoesNotKeepAnEventBack() {
		this.convention = new DefaultSendObservationConvention() {

			@Override
			public String getName() {
				throw new IllegalStateException("a mistake of the application");
			}

		};
		Letter letter = new Letter(Map.of("traceparent", STORED));
		send(letter);
		assertThat(this.broker.got).isEqualTo(List.of(letter));
	}

	@Test
	void theApplicationNamesTheObservation() {
		this.convention = new DefaultSendObservationConvention() {

			@Override
			public String getName() {
				return "shop.relay";
			}

		};
		send(new Letter(Map.of("traceparent", STORED)));
		assertThat(this.recorder.started).extracting(Observation.Context::getName).containsExactly("shop.relay");
	}

	@Test
	void whereNobodyObservesNothingIsDecorated() {
		for (ObservationRegistry noop : List.of(ObservationRegistry.NOOP, ObservationRegistry.create())) {
			assertThat(decorator(noop).decorate(this.broker)).isSameAs(this.broker);
		}
		assertThat(TransportCapabilities.of(decorator(this.registry).decorate(this.broker)))
			.hasToString(TransportCapabilities.of(this.broker).toString());
	}

	private void send(Letter letter) {
		decorator(this.registry).decorate(this.broker).send(List.of(letter));
	}

	private SendObservationDecorator decorator(ObservationRegistry observed) {
		return new SendObservationDecorator(observed, new W3c(), this.convention,
				Clock.fixed(CREATED.plus(Duration.ofMillis(1500)), ZoneOffset.UTC),
				(message) -> message.replace("pass-1", "***"));
	}

	/**
	 * Puts each observation into a trace.
	 */
	private static final class Recorder implements ObservationHandler<Observation.Context> {

		private final List<Observation.Context> started = new ArrayList<>();

		private final List<Observation.Context> stopped = new ArrayList<>();

		@Override
		public void onStart(Observation.Context context) {
			this.started.add(context);
			TracingContext tracing = new TracingContext();
			tracing.setSpan(Span.NOOP);
			context.put(TracingContext.class, tracing);
		}

		@Override
		public void onStop(Observation.Context context) {
			this.stopped.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof SendObservationContext;
		}

	}

	/**
	 * Writes the trace of a span that has no state of its own.
	 */
	private static final class W3c implements Propagator {

		@Override
		public List<String> fields() {
			return List.of("traceparent", "tracestate", "baggage");
		}

		@Override
		public <C> void inject(TraceContext context, @Nullable C carrier, Setter<C> setter) {
			setter.set(carrier, "traceparent", SENT);
		}

		@Override
		public <C> Span.Builder extract(C carrier, Getter<C> getter) {
			throw new UnsupportedOperationException();
		}

	}

	/**
	 * Keeps what it gets.
	 */
	private static final class Broker implements OutboxTransport {

		private final List<Delivery> got = new ArrayList<>();

		private @Nullable RuntimeException failure;

		@Override
		public String name() {
			return "kafka";
		}

		@Override
		public void send(List<? extends Delivery> batch) {
			if (this.failure != null) {
				throw this.failure;
			}
			this.got.addAll(batch);
		}

		@Override
		public void close() {
		}

	}

	/**
	 * A delivery that keeps its results.
	 */
	private static final class Letter implements Delivery {

		private final List<SendResult> results = new ArrayList<>();

		private final OutboxRecord record;

		Letter(Map<String, Object> headers) {
			this.record = new OutboxRecord(new UUID(0, 1), "k", null, null, "order.placed", 1,
					new Destination("kafka", "orders"), Map.of(), "application/json", headers, new byte[0], CREATED);
		}

		@Override
		public OutboxRecord record() {
			return this.record;
		}

		@Override
		public void complete(SendResult result) {
			this.results.add(result);
		}

	}

}
