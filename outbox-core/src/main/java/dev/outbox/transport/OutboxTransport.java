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
import java.util.List;
import java.util.Map;

import dev.outbox.OutboxRecord;

/**
 * Sends records to one broker.
 */
public interface OutboxTransport extends AutoCloseable {

	/**
	 * Returns the name by which destinations refer to this transport, for example
	 * {@code kafka}. Stored with every event: never change it.
	 * @return the name
	 */
	String name();

	/**
	 * Returns what can be asked for with each event. Everything else is refused when an
	 * event is published.
	 * @return the options, none by default
	 */
	default Collection<TransportOption<?>> options() {
		return List.of();
	}

	/**
	 * Returns options of events that go where nobody has declared anything, and that do
	 * not set them. They are stored with the event, so that a later change does not
	 * redirect it.
	 * @return values by the names of options, none by default
	 */
	default Map<String, Object> defaultOptions() {
		return Map.of();
	}

	/**
	 * Refuses an event whose options are all known, but do not fit together or to the
	 * event. Called when an event is published, by any thread; does no I/O.
	 * @param event the event, which has been neither stored nor sent yet
	 * @throws IllegalArgumentException if the event could never be sent as it asks to be;
	 * the message says why, as a part of a sentence
	 */
	default void check(OutboxRecord event) {
	}

	/**
	 * Starts to send records and returns without waiting for the broker. Thread-safe: the
	 * relay calls it from one thread, but events may be sent without the outbox at the
	 * same time. Each delivery is completed exactly once, from any thread, at the latest
	 * when the transport's own time limit has passed; a record counts as acknowledged
	 * only when the broker has confirmed that it is stored and routed. Records are handed
	 * over in the order of the list; records of the same key and destination are only in
	 * one batch if the user has given up strict order or sends them without the outbox.
	 * <p>
	 * Never blocks for an unreachable broker: a destination that is not known to be
	 * usable is probed aside. A failure of one record is reported through its delivery;
	 * an exception means that the records which have not been completed were not sent.
	 * @param batch the records
	 */
	void send(List<? extends Delivery> batch);

	/**
	 * Releases what the transport itself has opened, never the application's own clients.
	 * Deliveries that are still open are completed as failed.
	 */
	@Override
	void close();

}
