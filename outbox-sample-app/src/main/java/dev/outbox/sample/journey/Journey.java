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
 * when nobody told about it.
 *
 * @param id the event's id
 * @param type its logical type
 * @param key its key
 * @param payload its text
 * @param storedAt when its transaction had been committed
 * @param publishedAt when the broker had acknowledged it
 * @param publishedBy the instance that sent it
 * @param position where the broker put it
 * @param failures how often sending it has failed
 * @param lastError why sending it failed last
 * @param diedAt when it became a dead letter, unless it was sent later
 * @param consumedAt when a consumer got it first
 * @param consumedBy the instance whose consumer got it first
 * @param consumptions how often consumers got it
 */
record Journey(String id, String type, @Nullable String key, @Nullable String payload, @Nullable Instant storedAt,
		@Nullable Instant publishedAt, @Nullable String publishedBy, @Nullable String position, int failures,
		@Nullable String lastError, @Nullable Instant diedAt, @Nullable Instant consumedAt, @Nullable String consumedBy,
		int consumptions) {

	static Journey of(Step step) {
		return new Journey(step.id(), step.type(), step.key(), null, null, null, null, null, 0, null, null, null, null,
				0);
	}

	Journey with(Step step) {
		return switch (step.kind()) {
			case STORED -> stored(step.at(), step.text());
			case PUBLISHED -> published(step.at(), step.instance(), step.text());
			case FAILED -> failed(step.attempts(), step.text(), null);
			case DEAD -> failed(step.attempts(), step.text(), step.at());
			case CONSUMED -> consumed(step.at(), step.instance(), step.text());
		};
	}

	private Journey stored(Instant at, @Nullable String text) {
		return new Journey(this.id, this.type, this.key, text, at, this.publishedAt, this.publishedBy, this.position,
				this.failures, this.lastError, this.diedAt, this.consumedAt, this.consumedBy, this.consumptions);
	}

	private Journey published(Instant at, String by, @Nullable String where) {
		return new Journey(this.id, this.type, this.key, this.payload, this.storedAt, at, by, where, this.failures,
				null, null, this.consumedAt, this.consumedBy, this.consumptions);
	}

	private Journey failed(int times, @Nullable String error, @Nullable Instant diedAt) {
		return new Journey(this.id, this.type, this.key, this.payload, this.storedAt, this.publishedAt,
				this.publishedBy, this.position, times, error, diedAt, this.consumedAt, this.consumedBy,
				this.consumptions);
	}

	private Journey consumed(Instant at, String by, @Nullable String text) {
		boolean first = this.consumedAt == null;
		return new Journey(this.id, this.type, this.key, text, this.storedAt, this.publishedAt, this.publishedBy,
				this.position, this.failures, this.lastError, null, first ? at : this.consumedAt,
				first ? by : this.consumedBy, this.consumptions + 1);
	}

}
