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
import java.util.Set;
import java.util.TreeSet;

import dev.outbox.store.mongo.MissingNumbers.Asked;
import dev.outbox.store.mongo.MissingNumbers.Range;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MissingNumbersTests {

	@Test
	void whatHasBeenSeenIsNotMissingAnyMore() {
		MissingNumbers missing = missing(new Range(3, 10), new Range(20, 20));
		assertThat(missing.without(new TreeSet<>(List.of(3L, 5L, 6L, 10L, 15L, 20L))).ranges())
			.containsExactly(new Range(4, 4), new Range(7, 9));
	}

	@Test
	void whatIsLaterComesBehindAndTheOldestGoFirst() {
		assertThat(missing(new Range(1, 2)).and(List.of(new Range(4, 5))).ranges()).containsExactly(new Range(1, 2),
				new Range(4, 5));
		MissingNumbers many = holes(MissingNumbers.MOST_KEPT).and(List.of(new Range(500_000, 500_000)));
		assertThat(many.ranges()).hasSize(MissingNumbers.MOST_KEPT).doesNotContain(new Range(0, 0));
		assertThat(many.last()).isEqualTo(500_000);
	}

	@Test
	void aUnionHoldsAllOfBoth() {
		assertThat(
				missing(new Range(1, 10)).union(missing(new Range(2, 3), new Range(5, 12), new Range(20, 20))).ranges())
			.containsExactly(new Range(1, 12), new Range(20, 20));
		assertThat(missing(new Range(1, 1)).union(missing(new Range(2, 2))).ranges()).containsExactly(new Range(1, 2));
	}

	@Test
	void whatIsSettledGoesButForWhatIsThere() {
		MissingNumbers missing = missing(new Range(1, 5), new Range(8, 12));
		assertThat(missing.upTo(9).ranges()).containsExactly(new Range(1, 5), new Range(8, 9));
		assertThat(missing.above(9, new TreeSet<>(Set.of(3L))).ranges()).containsExactly(new Range(3, 3),
				new Range(10, 12));
	}

	@Test
	void aNumberIsFoundInItsRange() {
		MissingNumbers missing = missing(new Range(1, 5), new Range(8, 12));
		assertThat(missing.contains(1)).isTrue();
		assertThat(missing.contains(6)).isFalse();
		assertThat(missing.contains(12)).isTrue();
		assertThat(missing.contains(13)).isFalse();
	}

	@Test
	void fewAreAskedForAtOnce() {
		Asked asked = missing(new Range(1, 2), new Range(10, 1000)).asked(0);
		assertThat(asked.isComplete()).isTrue();
		assertThat(asked.numbers()).containsExactly(1L, 2L);
		assertThat(asked.ranges()).containsExactly(new Range(10, 1000));
	}

	/**
	 * Nothing else may be asked for: what has been passed and is still there would come
	 * again and again.
	 */
	@Test
	void ofManyTheNewestAreAskedForEachTimeAndTheOthersByTurns() {
		MissingNumbers missing = holes(5000);
		TreeSet<Long> all = new TreeSet<>();
		long turn = 0;
		for (int i = 0; i < 5; i++) {
			Asked asked = missing.asked(turn);
			assertThat(asked.isComplete()).isFalse();
			assertThat(asked.numbers()).hasSize(MissingNumbers.MOST_NUMBERS).contains(missing.last());
			assertThat(asked.numbers()).allMatch(missing::contains);
			all.addAll(asked.numbers());
			turn = asked.turn();
		}
		assertThat(all).hasSize(5000);
	}

	@Test
	void partsHoldAllOfThem() {
		TreeSet<Long> all = new TreeSet<>();
		holes(5000).parts().forEach((part) -> all.addAll(part.numbers()));
		assertThat(all).hasSize(5000);
		assertThat(MissingNumbers.NONE.parts()).isEmpty();
	}

	private static MissingNumbers holes(int count) {
		List<Range> ranges = new ArrayList<>();
		for (long i = 0; i < count; i++) {
			ranges.add(new Range(i * 2, i * 2));
		}
		return new MissingNumbers(ranges);
	}

	private static MissingNumbers missing(Range... ranges) {
		return new MissingNumbers(List.of(ranges));
	}

}
