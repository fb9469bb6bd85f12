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

import java.util.Map;

import dev.outbox.Destination;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;

/**
 * What is known when an event is published. Its carrier is the headers that are stored
 * with the event.
 */
public final class StoreObservationContext extends SenderContext<Map<String, String>> {

	private final String eventType;

	private final Destination destination;

	StoreObservationContext(String eventType, Destination destination, Map<String, String> headers) {
		super((carrier, name, value) -> {
			if (carrier != null) {
				carrier.put(name, value);
			}
		}, Kind.PRODUCER);
		this.eventType = eventType;
		this.destination = destination;
		setCarrier(headers);
	}

	/**
	 * Returns the logical type of the event.
	 * @return the type
	 */
	public String eventType() {
		return this.eventType;
	}

	/**
	 * Returns where the event goes.
	 * @return the destination
	 */
	public Destination destination() {
		return this.destination;
	}

}
