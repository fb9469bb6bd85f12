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

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

import dev.outbox.OutboxRecord;
import dev.outbox.sample.journey.Step.Kind;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Writes down what this instance sees of the events. Thread-safe.
 */
@Component
public class Journeys {

	private final Clock clock = Clock.systemUTC();

	private final JourneyLog log;

	private final String instance;

	Journeys(JourneyLog log, @Value("${sample.instance:shop}") String instance) {
		this.log = log;
		this.instance = instance;
	}

	void stored(OutboxRecord event) {
		addSoon(Kind.STORED, event, this.clock.instant(), new String(event.payload(), StandardCharsets.UTF_8), 0);
	}

	void published(OutboxRecord event, Instant at, @Nullable String position) {
		addSoon(Kind.PUBLISHED, event, at, position, 0);
	}

	void failed(OutboxRecord event, int attempts, @Nullable String error) {
		addSoon(Kind.FAILED, event, this.clock.instant(), error, attempts);
	}

	void died(OutboxRecord event, int attempts, String error) {
		addSoon(Kind.DEAD, event, this.clock.instant(), error, attempts);
	}

	/**
	 * The consumer got an event. It is written down when this returns: a consumer that is
	 * killed before gets the event again.
	 * @param id the event's id
	 * @param type its logical type
	 * @param key its key
	 * @param payload its text
	 */
	public void consumed(String id, String type, @Nullable String key, String payload) {
		this.log.add(List.of(new Step(Kind.CONSUMED, id, type, key, this.clock.instant(), this.instance, payload, 0)));
	}

	private void addSoon(Kind kind, OutboxRecord event, Instant at, @Nullable String text, int attempts) {
		this.log.addSoon(new Step(kind, event.id().toString(), event.eventType(), event.key(), at, this.instance, text,
				attempts));
	}

}
