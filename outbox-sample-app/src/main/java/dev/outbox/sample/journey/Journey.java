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

package dev.outbox.sample.journey;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How far an event has come. A time is {@code null} as long as it has not got there, or
 * when this instance did not see it.
 *
 * @param id the event's id
 * @param type its logical type
 * @param key its key
 * @param payload its text
 * @param storedAt when its transaction had been committed
 * @param publishedAt when the broker had acknowledged it
 * @param position where the broker put it
 * @param failures how often sending it has failed
 * @param lastError why sending it failed last
 * @param consumedAt when the consumer got it first
 * @param consumptions how often the consumer got it
 */
record Journey(String id, String type, @Nullable String key, @Nullable String payload, @Nullable Instant storedAt,
		@Nullable Instant publishedAt, @Nullable String position, int failures, @Nullable String lastError,
		@Nullable Instant consumedAt, int consumptions) {

	static Journey of(String id, String type, @Nullable String key) {
		return new Journey(id, type, key, null, null, null, null, 0, null, null, 0);
	}

	Journey stored(Instant at, String text) {
		return new Journey(this.id, this.type, this.key, text, at, this.publishedAt, this.position, this.failures,
				this.lastError, this.consumedAt, this.consumptions);
	}

	Journey published(Instant at, @Nullable String where) {
		return new Journey(this.id, this.type, this.key, this.payload, this.storedAt, at, where, this.failures, null,
				this.consumedAt, this.consumptions);
	}

	Journey failed(int times, @Nullable String error) {
		return new Journey(this.id, this.type, this.key, this.payload, this.storedAt, this.publishedAt, this.position,
				times, error, this.consumedAt, this.consumptions);
	}

	Journey consumed(Instant at, String text) {
		return new Journey(this.id, this.type, this.key, text, this.storedAt, this.publishedAt, this.position,
				this.failures, this.lastError, (this.consumedAt != null) ? this.consumedAt : at, this.consumptions + 1);
	}

}
