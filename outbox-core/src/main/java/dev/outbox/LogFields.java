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

package dev.outbox;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * Names of the fields that the outbox adds to what it logs about an event, and to the
 * {@link MDC} while code of the application handles one. Never the key, the headers or
 * the payload, which may be personal.
 */
public final class LogFields {

	/**
	 * Id of the event.
	 */
	public static final String EVENT_ID = "event_id";

	/**
	 * Type of the event.
	 */
	public static final String EVENT_TYPE = "event_type";

	/**
	 * Name of the destination.
	 */
	public static final String DESTINATION = "destination";

	/**
	 * Name of the transport that leads to the destination.
	 */
	public static final String TRANSPORT = "transport";

	/**
	 * How many attempts to send the event there have been that count.
	 */
	public static final String ATTEMPT = "attempt";

	/**
	 * What failures of the same cause have in common.
	 */
	public static final String FINGERPRINT = "fingerprint";

	/**
	 * Number of the dead letter.
	 */
	public static final String DEAD_LETTER = "dead_letter";

	private LogFields() {
	}

	/**
	 * Adds what identifies an event.
	 * @param log what is going to be logged
	 * @param event the event
	 * @return what is going to be logged
	 */
	public static LoggingEventBuilder add(LoggingEventBuilder log, OutboxRecord event) {
		if (isOff(log)) {
			return log;
		}
		add(add(log, EVENT_ID, event.id()), EVENT_TYPE, event.eventType());
		return add(log, event.destination());
	}

	/**
	 * Adds a destination.
	 * @param log what is going to be logged
	 * @param destination the destination
	 * @return what is going to be logged
	 */
	public static LoggingEventBuilder add(LoggingEventBuilder log, Destination destination) {
		return add(add(log, DESTINATION, destination.name()), TRANSPORT, destination.transport());
	}

	/**
	 * Adds a field, unless the {@link MDC} has one of that name: there are formats of
	 * structured logs that drop a line with two fields of one name.
	 * @param log what is going to be logged
	 * @param name name of the field
	 * @param value its value, which becomes a text unless it is a number
	 * @return what is going to be logged
	 */
	public static LoggingEventBuilder add(LoggingEventBuilder log, String name, Object value) {
		if (isOff(log) || MDC.get(name) != null) {
			return log;
		}
		return log.addKeyValue(name, (value instanceof Number) ? value : value.toString());
	}

	private static boolean isOff(LoggingEventBuilder log) {
		return log == NOPLoggingEventBuilder.singleton();
	}

	/**
	 * Runs code of the application that handles an event, with what identifies the event
	 * in the {@link MDC}. What was there before is back afterwards.
	 * @param event the event
	 * @param handler what to run
	 */
	public static void within(OutboxRecord event, Runnable handler) {
		Map<String, @Nullable String> before = new LinkedHashMap<>();
		put(before, EVENT_ID, event.id().toString());
		put(before, EVENT_TYPE, event.eventType());
		put(before, DESTINATION, event.destination().name());
		put(before, TRANSPORT, event.destination().transport());
		try {
			handler.run();
		}
		finally {
			before.forEach(LogFields::restore);
		}
	}

	private static void put(Map<String, @Nullable String> before, String name, String value) {
		before.put(name, MDC.get(name));
		MDC.put(name, value);
	}

	private static void restore(String name, @Nullable String value) {
		if (value != null) {
			MDC.put(name, value);
		}
		else {
			MDC.remove(name);
		}
	}

}
