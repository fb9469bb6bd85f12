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

package dev.outbox.publish;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.outbox.transport.TransportCapabilities;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the write side.
 *
 * @param maxPayloadSize largest payload in bytes, {@code outbox.write.max-payload-size}
 * @param transport transport of events that name none, {@code outbox.transport};
 * {@code null} for the only one
 * @param transports what the transports that exist can do; empty if this instance has
 * none and only publishes
 * @param routes where events go, by their logical type: {@code outbox.routes}
 * @param headers which headers to add
 * @param destinations how events find a destination that no message or route names
 */
public record WriteSettings(long maxPayloadSize, @Nullable String transport, List<TransportCapabilities> transports,
		Map<String, Route> routes, HeaderSettings headers, DestinationSettings destinations) {

	public WriteSettings {
		transports = List.copyOf(transports);
		routes = Map.copyOf(routes);
	}

	/**
	 * Settings with the default names of destinations.
	 * @param maxPayloadSize largest payload in bytes
	 * @param transport transport of events that name none
	 * @param transports what the transports that exist can do
	 * @param routes where events go, by their logical type
	 * @param headers which headers to add
	 */
	public WriteSettings(long maxPayloadSize, @Nullable String transport, List<TransportCapabilities> transports,
			Map<String, Route> routes, HeaderSettings headers) {
		this(maxPayloadSize, transport, transports, routes, headers, DestinationSettings.defaults());
	}

	/**
	 * Returns the names of the transports that exist.
	 */
	Set<String> transportNames() {
		return this.transports.stream().map(TransportCapabilities::transport).collect(Collectors.toUnmodifiableSet());
	}

	/**
	 * Where events of a type go.
	 *
	 * @param destination name of the destination, or {@code null} to leave it open
	 * @param transport name of the transport, or {@code null} to leave it open
	 * @param options options of the transport, numbers and flags as text or as they are;
	 * they do not apply to an event that goes through another transport
	 */
	public record Route(@Nullable String destination, @Nullable String transport, Map<String, Object> options) {

		public Route {
			options = Map.copyOf(options);
		}

		public Route(@Nullable String destination, @Nullable String transport) {
			this(destination, transport, Map.of());
		}

	}

}
