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

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * The newest events, in memory. Thread-safe.
 */
@Component
public class Journeys {

	private static final int REMEMBERED = 200;

	private final Clock clock = Clock.systemUTC();

	private final Map<String, Journey> journeys = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Journey> eldest) {
			return size() > REMEMBERED;
		}

	};

	void stored(String id, String type, @Nullable String key, String payload) {
		Instant now = this.clock.instant();
		update(id, type, key, (journey) -> journey.stored(now, payload));
	}

	void published(String id, String type, @Nullable String key, Instant at, @Nullable String position) {
		update(id, type, key, (journey) -> journey.published(at, position));
	}

	void failed(String id, String type, @Nullable String key, int times, @Nullable String error) {
		update(id, type, key, (journey) -> journey.failed(times, error));
	}

	/**
	 * The consumer got an event.
	 * @param id the event's id
	 * @param type its logical type
	 * @param key its key
	 * @param payload its text
	 */
	public void consumed(String id, String type, @Nullable String key, String payload) {
		Instant now = this.clock.instant();
		update(id, type, key, (journey) -> journey.consumed(now, payload));
	}

	synchronized List<Journey> newestFirst() {
		List<Journey> newest = new ArrayList<>(this.journeys.values());
		Collections.reverse(newest);
		return newest;
	}

	private synchronized void update(String id, String type, @Nullable String key, UnaryOperator<Journey> change) {
		Journey known = this.journeys.get(id);
		this.journeys.put(id, change.apply((known != null) ? known : Journey.of(id, type, key)));
	}

}
