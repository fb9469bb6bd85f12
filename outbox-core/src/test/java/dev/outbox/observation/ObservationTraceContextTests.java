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

import java.util.ArrayList;
import java.util.List;

import dev.outbox.Destination;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.SenderContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ObservationTraceContextTests {

	private static final Destination ORDERS = new Destination("kafka", "orders");

	@Test
	void theTraceThatATracerPropagatesBecomesTheHeaders() {
		ObservationRegistry registry = ObservationRegistry.create();
		Tracer tracer = new Tracer();
		registry.observationConfig().observationHandler(tracer);
		Observation.start("request", registry).scoped(() -> {
			assertThat(new ObservationTraceContext(registry).headers("order.placed", ORDERS))
				.containsEntry("traceparent", "00-child-of-request");
		});
		assertThat(tracer.stopped).containsExactly("outbox.store");
	}

	@Test
	void withoutTracerThereAreNoHeaders() {
		assertThat(new ObservationTraceContext(ObservationRegistry.create()).headers("order.placed", ORDERS)).isEmpty();
		assertThat(new ObservationTraceContext(ObservationRegistry.NOOP).headers("order.placed", ORDERS)).isEmpty();
	}

	/**
	 * Propagates the parent observation as a tracer does.
	 */
	private static final class Tracer implements ObservationHandler<SenderContext<Object>> {

		private final List<String> stopped = new ArrayList<>();

		@Override
		public void onStart(SenderContext<Object> context) {
			Object carrier = context.getCarrier();
			var parent = context.getParentObservation();
			assertThat(carrier).isNotNull();
			assertThat(parent).isNotNull();
			context.getSetter().set(carrier, "traceparent", "00-child-of-" + parent.getContextView().getName());
		}

		@Override
		public void onStop(SenderContext<Object> context) {
			this.stopped.add(context.getName());
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof SenderContext<?>;
		}

	}

}
