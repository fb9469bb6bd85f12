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

package dev.outbox.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

import dev.outbox.store.jdbc.Gaps.Gap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GapsTests {

	@Test
	void whatIsSeenIsNoGapAnyMore() {
		Gaps gaps = gaps(range(1, 5), range(7, 7), range(9, 12));
		assertThat(gaps.without(List.of(1L, 3L, 7L, 12L)).ranges()).containsExactly(range(2, 2), range(4, 5),
				range(9, 11));
		assertThat(gaps.without(List.of())).isSameAs(gaps);
		assertThat(gaps.without(List.of(6L, 8L))).isEqualTo(gaps);
	}

	@Test
	void aUnionHasWhatIsInEither() {
		assertThat(gaps(range(1, 3), range(10, 20)).union(gaps(range(2, 5), range(7, 8), range(15, 30))).ranges())
			.containsExactly(range(1, 5), range(7, 8), range(10, 30));
	}

	@Test
	void aRangeThatIsEmptyForOneOnlyIsNotEmpty() {
		Gaps union = gaps(range(1, 3).found(true)).union(gaps(range(1, 3)));
		assertThat(union.ranges()).containsExactly(range(1, 3));
	}

	@Test
	void setsOfNumbersAgreeWithRangesWhateverIsDone() {
		Random random = new Random(7);
		for (int round = 0; round < 500; round++) {
			Set<Long> one = numbers(random);
			Set<Long> other = numbers(random);
			List<Long> seen = new ArrayList<>(numbers(random));
			Set<Long> expected = new TreeSet<>(one);
			expected.addAll(other);
			seen.forEach(expected::remove);
			assertThat(numbers(of(one).union(of(other)).without(seen))).isEqualTo(expected);
		}
	}

	/**
	 * Numbers of transactions that were rolled back must not make each read slower for
	 * ever.
	 */
	@Test
	void tooManyRangesLoseTheOldestOnesThatAreEmpty() {
		List<Gap> many = new ArrayList<>();
		for (int i = 0; i < Gaps.MAX_RANGES; i++) {
			many.add(range(3 * i, 3 * i).found(i % 2 == 0));
		}
		long last = 3L * Gaps.MAX_RANGES;
		Gaps gaps = new Gaps(many).and(List.of(range(last, last), range(last + 3, last + 3)));
		assertThat(gaps.ranges()).hasSize(Gaps.MAX_RANGES)
			.contains(range(3, 3), range(last, last))
			.doesNotContain(many.get(0), many.get(2));
	}

	private static Set<Long> numbers(Random random) {
		Set<Long> numbers = new TreeSet<>();
		for (long seq = 1; seq < 40; seq++) {
			if (random.nextInt(3) == 0) {
				numbers.add(seq);
			}
		}
		return numbers;
	}

	private static Set<Long> numbers(Gaps gaps) {
		Set<Long> numbers = new TreeSet<>();
		gaps.ranges()
			.forEach((gap) -> LongStream.rangeClosed(gap.from(), gap.to())
				.forEach((seq) -> assertThat(numbers.add(seq)).isTrue()));
		return numbers;
	}

	private static Gaps of(Set<Long> numbers) {
		return new Gaps(numbers.stream().map((seq) -> range(seq, seq)).toList());
	}

	private static Gaps gaps(Gap... gaps) {
		return new Gaps(List.of(gaps));
	}

	private static Gap range(long from, long to) {
		return new Gap(from, to, 0, false);
	}

}
