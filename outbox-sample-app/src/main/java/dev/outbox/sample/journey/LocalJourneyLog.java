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

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The newest events, in the memory of this instance. Thread-safe.
 */
class LocalJourneyLog implements JourneyLog {

	private static final int REMEMBERED = 200;

	private final Map<String, Journey> journeys = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Journey> eldest) {
			return size() > REMEMBERED;
		}

	};

	@Override
	public synchronized void add(List<Step> steps) {
		for (Step step : steps) {
			Journey known = this.journeys.get(step.id());
			this.journeys.put(step.id(), ((known != null) ? known : Journey.of(step)).with(step));
		}
	}

	@Override
	public void addSoon(Step step) {
		add(List.of(step));
	}

	@Override
	public synchronized List<Journey> newestFirst() {
		List<Journey> newest = new ArrayList<>(this.journeys.values());
		Collections.reverse(newest);
		return newest;
	}

}
