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

package dev.outbox.transport;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a transport can be asked for. Read off the transport itself, so that it cannot
 * claim more, or less, than it does.
 */
public final class TransportCapabilities {

	private static final String OURS = "outbox.";

	private final OutboxTransport transport;

	private final String name;

	private final Map<String, TransportOption<?>> options;

	private TransportCapabilities(OutboxTransport transport) {
		this.transport = transport;
		this.name = transport.name();
		Map<String, TransportOption<?>> options = new TreeMap<>();
		transport.options().forEach((option) -> options.put(option.name(), option));
		this.options = Collections.unmodifiableMap(options);
	}

	/**
	 * Reads the capabilities of a transport.
	 * @param transport the transport
	 * @return its capabilities
	 */
	public static TransportCapabilities of(OutboxTransport transport) {
		return new TransportCapabilities(transport);
	}

	/**
	 * Returns the name of the transport.
	 * @return the name by which destinations refer to it
	 */
	public String transport() {
		return this.name;
	}

	/**
	 * Returns what can be asked for with each event.
	 * @return the options, by name
	 */
	public Collection<TransportOption<?>> options() {
		return this.options.values();
	}

	/**
	 * Finds an option.
	 * @param name name of the option
	 * @return the option, or {@code null} if the transport has none of that name
	 */
	public @Nullable TransportOption<?> option(String name) {
		return this.options.get(name);
	}

	/**
	 * Returns options of events that do not set them.
	 * @return values by the names of options
	 */
	public Map<String, Object> defaultOptions() {
		return this.transport.defaultOptions();
	}

	/**
	 * Refuses an event that asks for what the transport cannot do. Does no I/O.
	 * @param event the event, which has been neither stored nor sent yet
	 * @throws InvalidMessageException if the transport does not have an option of the
	 * event, its value is not possible, or what the event asks for contradicts itself
	 */
	public void check(OutboxRecord event) {
		event.options().forEach((option, value) -> {
			if (!option.startsWith(OURS) && !this.options.containsKey(option)) {
				throw refused(Reason.UNSUPPORTED_OPTION, event,
						"the transport '" + this.name + "' has no option '" + option + "', it has "
								+ this.options.keySet(),
						"Leave the option out, or send the event through a transport that has it");
			}
		});
		try {
			this.options.values().forEach((option) -> option.in(event.options()));
		}
		catch (IllegalArgumentException ex) {
			throw refused(Reason.UNSUPPORTED_VALUE, event, String.valueOf(ex.getMessage()), "Correct the option");
		}
		try {
			this.transport.check(event);
		}
		catch (IllegalArgumentException ex) {
			throw refused(Reason.CONTRADICTION, event, String.valueOf(ex.getMessage()),
					"Leave out what does not fit together");
		}
	}

	private static InvalidMessageException refused(Reason reason, OutboxRecord event, String problem, String remedy) {
		return new InvalidMessageException(reason, "Cannot publish event " + event.id() + " of type '"
				+ event.eventType() + "': " + problem + ". The event was neither stored nor sent. " + remedy + ".");
	}

	@Override
	public String toString() {
		return this.name + this.options.keySet();
	}

}
