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

import java.util.List;
import java.util.Map;

import dev.outbox.benchmark.Report.Figures;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SampleTests {

	@Test
	void theMedianOfAnEvenNumberOfRunsLiesBetweenTheTwoInTheMiddle() {
		assertThat(new Sample(List.of(4.0, 1.0, 3.0, 9.0)).median()).isEqualTo(3.5);
	}

	@Test
	void theSpreadIsPartOfTheSummary() {
		assertThat(new Sample(List.of(2.0, 1.0, 7.0)).summary())
			.isEqualTo(Map.of("median", 2.0, "min", 1.0, "max", 7.0));
	}

	@Test
	void aPercentileIsTheSmallestValueThatCoversTheShare() {
		double[] values = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };
		assertThat(Sample.percentile(values, 0.5)).isEqualTo(5);
		assertThat(Sample.percentile(values, 0.99)).isEqualTo(10);
		assertThat(Sample.percentile(values, 0.0)).isEqualTo(1);
	}

	@Test
	void ratiosAreTakenRunByRun() {
		Figures ours = new Figures();
		Figures theirs = new Figures();
		for (double disturbance : new double[] { 1, 10, 100 }) {
			ours.add("speed", 3 * disturbance);
			theirs.add("speed", 4 * disturbance);
		}
		assertThat(ours.ratios("speed", theirs)).containsExactly(0.75, 0.75, 0.75);
	}

}
