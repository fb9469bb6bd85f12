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

package dev.outbox.store.mongo;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import dev.outbox.store.mongo.MissingNumbers.Range;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MissingNumbersTests {

	@Test
	void whatHasBeenSeenIsNotMissingAnyMore() {
		MissingNumbers missing = missing(new Range(3, 10, 1), new Range(20, 20, 2));
		assertThat(missing.without(new TreeSet<>(List.of(3L, 5L, 6L, 10L, 15L, 20L))).ranges())
			.containsExactly(new Range(4, 4, 1), new Range(7, 9, 1));
	}

	@Test
	void whatIsLaterComesBehind() {
		assertThat(missing(new Range(1, 2, 1)).and(List.of(new Range(4, 5, 2))).ranges())
			.containsExactly(new Range(1, 2, 1), new Range(4, 5, 2));
	}

	@Test
	void aUnionCountsFromTheLaterTime() {
		assertThat(missing(new Range(1, 5, 7), new Range(9, 9, 1)).union(missing(new Range(4, 6, 3))).ranges())
			.containsExactly(new Range(1, 6, 7), new Range(9, 9, 1));
	}

	@Test
	void aUnionHoldsAllOfBoth() {
		assertThat(missing(new Range(1, 10, 1)).union(missing(new Range(2, 3, 1), new Range(5, 12, 1))).ranges())
			.containsExactly(new Range(1, 12, 1));
	}

	@Test
	void whatWasPassedBeforeATimeIsForgotten() {
		MissingNumbers missing = missing(new Range(1, 1, 10), new Range(3, 3, 20));
		assertThat(missing.anyBefore(10)).isFalse();
		assertThat(missing.anyBefore(11)).isTrue();
		assertThat(missing.since(20).ranges()).containsExactly(new Range(3, 3, 20));
	}

	/**
	 * The clock may begin anywhere.
	 */
	@Test
	void timesAreComparedByTheirDifference() {
		MissingNumbers missing = missing(new Range(1, 1, Long.MAX_VALUE - 1));
		assertThat(missing.anyBefore(Long.MIN_VALUE + 5)).isTrue();
	}

	@Test
	void fewRangesAreAskedForOneByOne() {
		MissingNumbers missing = missing(new Range(1, 1, 1), new Range(3, 3, 1));
		assertThat(missing.asked()).isEqualTo(missing.ranges());
	}

	@Test
	void ofManyRangesThoseThatAreClosestAreAskedForTogether() {
		List<Range> ranges = new ArrayList<>();
		for (long i = 0; i < MissingNumbers.MOST; i++) {
			ranges.add(new Range(i * 1000, i * 1000, 1));
		}
		ranges.add(new Range(MissingNumbers.MOST * 1000L - 10, MissingNumbers.MOST * 1000L, 1));
		ranges.add(new Range(MissingNumbers.MOST * 1000L + 2, MissingNumbers.MOST * 1000L + 3, 1));
		List<Range> asked = new MissingNumbers(ranges).asked();
		assertThat(asked).hasSizeLessThanOrEqualTo(MissingNumbers.MOST);
		assertThat(ranges).allMatch(
				(range) -> asked.stream().anyMatch((wide) -> wide.from() <= range.from() && range.to() <= wide.to()));
		assertThat(asked).contains(new Range(0, 0, 1));
	}

	private static MissingNumbers missing(Range... ranges) {
		return new MissingNumbers(List.of(ranges));
	}

}
