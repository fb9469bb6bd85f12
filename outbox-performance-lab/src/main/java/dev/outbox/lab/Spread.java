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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of some rounds.
 */
final class Spread {

	private final List<Double> runs;

	private final double[] sorted;

	Spread(List<Double> runs) {
		if (runs.isEmpty()) {
			throw new IllegalArgumentException("There are no values");
		}
		this.runs = List.copyOf(runs);
		this.sorted = runs.stream().mapToDouble(Double::doubleValue).sorted().toArray();
	}

	double median() {
		int middle = this.sorted.length / 2;
		return (this.sorted.length % 2 == 1) ? this.sorted[middle]
				: (this.sorted[middle - 1] + this.sorted[middle]) / 2;
	}

	double lowest() {
		return this.sorted[0];
	}

	double highest() {
		return this.sorted[this.sorted.length - 1];
	}

	Map<String, Object> toJson() {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("median", round(median()));
		json.put("lowest", round(lowest()));
		json.put("highest", round(highest()));
		json.put("runs", this.runs.stream().map(Spread::round).toList());
		return json;
	}

	/**
	 * Round to what can be told apart.
	 */
	static double round(double value) {
		double size = Math.abs(value);
		double scale = (size >= 1000) ? 1 : (size >= 10) ? 10 : 1000;
		return Math.round(value * scale) / scale;
	}

}
