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

package com.example.toyoutbox;

import java.time.Duration;
import java.time.Instant;

import dev.outbox.OutboxRecord;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * An event that waits. Guarded by its database.
 */
final class ToyRow {

	private static final int LARGE = 16_384;

	private static final byte[] NOT_LOADED = new byte[0];

	final long seq;

	final int part;

	final OutboxRecord event;

	/**
	 * Which change has made it visible.
	 */
	long change;

	int attempts;

	int crashes;

	@Nullable Instant firstFailedAt;

	@Nullable Instant dueAt;

	ToyRow(long seq, int part, OutboxRecord event) {
		this.seq = seq;
		this.part = part;
		this.event = event;
	}

	int size() {
		return this.event.payload().length;
	}

	StoredEvent read(Instant now) {
		boolean loaded = size() <= LARGE;
		return new StoredEvent(this.seq, this.part, loaded ? this.event : this.event.withPayload(NOT_LOADED), size(),
				loaded, this.attempts, this.crashes, between(now, this.dueAt),
				(this.firstFailedAt != null) ? between(this.firstFailedAt, now) : Duration.ZERO, null);
	}

	static Duration between(Instant from, @Nullable Instant to) {
		return (to != null && to.isAfter(from)) ? Duration.between(from, to) : Duration.ZERO;
	}

}
