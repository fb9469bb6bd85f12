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

import java.util.LinkedHashMap;
import java.util.Map;

import dev.outbox.Destination;
import dev.outbox.listener.TraceContext;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Takes the trace of an event from the application's observations: each publication is an
 * observation {@code outbox.store} of its own, which the consumer's trace continues.
 */
public final class ObservationTraceContext implements TraceContext {

	private static final StoreObservationConvention DEFAULT = new DefaultStoreObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable StoreObservationConvention convention;

	/**
	 * Creates a trace context with {@link DefaultStoreObservationConvention}.
	 * @param registry the application's registry. Without a tracer behind it there is no
	 * trace, and what the caller has put into the headers stays
	 */
	public ObservationTraceContext(ObservationRegistry registry) {
		this(registry, null);
	}

	/**
	 * Creates a trace context.
	 * @param registry the application's registry
	 * @param convention names the observations; {@code null} for the default
	 */
	public ObservationTraceContext(ObservationRegistry registry, @Nullable StoreObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public Map<String, String> headers(String eventType, Destination destination) {
		if (this.registry.isNoop()) {
			return Map.of();
		}
		Map<String, String> headers = new LinkedHashMap<>();
		OutboxObservation.STORE
			.start(this.convention, DEFAULT, () -> new StoreObservationContext(eventType, destination, headers),
					this.registry)
			.stop();
		return headers;
	}

}
