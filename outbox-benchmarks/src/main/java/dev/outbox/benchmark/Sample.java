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

package dev.outbox.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one figure was in each run.
 */
final class Sample {

	private final double[] sorted;

	Sample(List<Double> values) {
		this.sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
	}

	double median() {
		int middle = this.sorted.length / 2;
		return (this.sorted.length % 2 == 1) ? this.sorted[middle]
				: (this.sorted[middle - 1] + this.sorted[middle]) / 2;
	}

	/**
	 * Return the value below which a share of all values lies.
	 * @param values the values in ascending order
	 * @param share a number from 0 to 1
	 */
	static double percentile(double[] values, double share) {
		int rank = (int) Math.ceil(share * values.length);
		return values[Math.min(values.length, Math.max(1, rank)) - 1];
	}

	/**
	 * Return median and spread, rounded to what can be told apart.
	 */
	Map<String, Object> summary() {
		Map<String, Object> summary = new TreeMap<>();
		summary.put("median", round(median()));
		summary.put("min", round(this.sorted[0]));
		summary.put("max", round(this.sorted[this.sorted.length - 1]));
		return summary;
	}

	static double round(double value) {
		double scale = (Math.abs(value) >= 1000) ? 1 : (Math.abs(value) >= 10) ? 10 : 1000;
		return Math.round(value * scale) / scale;
	}

	@Override
	public String toString() {
		return Arrays.toString(this.sorted);
	}

}
