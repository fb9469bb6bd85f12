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

import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.outbox.OutboxRecord;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TransportCapabilities;
import dev.outbox.transport.TransportOption;

/**
 * A transport as the write side sees it: a name and options. Does not take an event whose
 * type is {@code impossible}. An option {@code usual} has a default.
 */
record NamedTransport(String name, Collection<TransportOption<?>> options) implements OutboxTransport {

	static TransportCapabilities of(String name, TransportOption<?>... options) {
		return TransportCapabilities.of(new NamedTransport(name, List.of(options)));
	}

	@Override
	public Map<String, Object> defaultOptions() {
		boolean usual = this.options.stream().anyMatch((option) -> option.name().equals("usual"));
		return usual ? Map.of("usual", "default") : Map.of();
	}

	@Override
	public void check(OutboxRecord event) {
		if (event.eventType().equals("impossible")) {
			throw new IllegalArgumentException("an impossible event is not possible");
		}
	}

	@Override
	public void send(List<? extends Delivery> batch) {
		throw new IllegalStateException("The write side sends nothing");
	}

	@Override
	public void close() {
	}

}
