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

package dev.outbox.lab;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The figures of one contender in one case: a value for each round, by name, and what has
 * to be said about them.
 */
final class Figures {

	private final Map<String, List<Double>> values = new LinkedHashMap<>();

	private final Set<String> notes = new LinkedHashSet<>();

	/**
	 * Return where figures are written that nobody reads.
	 */
	static Figures ignored() {
		return new Figures();
	}

	void add(String name, double value) {
		if (Double.isFinite(value)) {
			this.values.computeIfAbsent(name, (key) -> new ArrayList<>()).add(value);
		}
	}

	void note(String note) {
		this.notes.add(note);
	}

	Set<String> notes() {
		return this.notes;
	}

	Map<String, List<Double>> values() {
		return this.values;
	}

	boolean has(String name) {
		return this.values.containsKey(name);
	}

	/**
	 * Return the median of a figure, NaN where there is none.
	 */
	double median(String name) {
		List<Double> runs = this.values.getOrDefault(name, List.of());
		return runs.isEmpty() ? Double.NaN : new Spread(runs).median();
	}

	Map<String, Object> toJson() {
		Map<String, Object> json = new LinkedHashMap<>();
		Map<String, Object> figures = new LinkedHashMap<>();
		this.values.forEach((name, runs) -> figures.put(name, new Spread(runs).toJson()));
		json.put("figures", figures);
		if (!this.notes.isEmpty()) {
			json.put("notes", List.copyOf(this.notes));
		}
		return json;
	}

}
