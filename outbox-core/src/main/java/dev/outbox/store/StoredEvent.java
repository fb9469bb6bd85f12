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

package dev.outbox.store;

import java.time.Duration;

import dev.outbox.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * A row of the outbox as the relay reads it.
 *
 * @param seq sequence number: the order of the events of one key
 * @param part partition
 * @param event the event; its payload is empty while {@code payloadLoaded} is
 * {@code false}
 * @param payloadSize size of the payload in bytes
 * @param payloadLoaded whether {@code event} carries the payload; those above 16,384
 * bytes are fetched by {@link RelayStore#payloads} once there is room for them
 * @param attempts failed attempts so far
 * @param crashes how often a process died while this event was being sent carefully
 * @param retryIn how long the event still has to wait, zero if it is due; on the
 * database's clock at the time of reading
 * @param failingFor how long ago the first attempt failed, zero if none has
 * @param defect why the row's headers or options cannot be read, so that {@code event}
 * has none and must not be sent; {@code null} for all rows that the outbox has written
 * itself
 */
public record StoredEvent(long seq, int part, OutboxRecord event, int payloadSize, boolean payloadLoaded, int attempts,
		int crashes, Duration retryIn, Duration failingFor, @Nullable String defect) {

	/**
	 * Returns what names this row.
	 * @return the reference
	 */
	public EventRef ref() {
		return new EventRef(this.seq, this.event.id());
	}

	/**
	 * Returns the same row with its payload.
	 * @param payload the payload
	 * @return a copy
	 */
	public StoredEvent withPayload(byte[] payload) {
		return new StoredEvent(this.seq, this.part, this.event.withPayload(payload), payload.length, true,
				this.attempts, this.crashes, this.retryIn, this.failingFor, this.defect);
	}

}
