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

import dev.outbox.store.jdbc.Gaps.Asked;
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
		Gaps union = gaps(range(1, 3).foundEmpty(0)).union(gaps(range(1, 3)));
		assertThat(union.ranges()).containsExactly(range(1, 3));
	}

	/**
	 * Of one of them nobody knows yet which transactions may have its numbers.
	 */
	@Test
	void aMarkIsLostWhenOneOfBothHasNone() {
		Gap noted = range(1, 3).mayHaveRows(7);
		assertThat(noted.joined(range(4, 5).mayHaveRows(9)).mark()).isEqualTo(9);
		assertThat(noted.joined(range(4, 5).foundRows()).mark()).isZero();
		assertThat(range(4, 5).foundRows().joined(noted).mark()).isZero();
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
	 * Numbers of transactions that were rolled back must not fill the memory.
	 */
	@Test
	void tooManyRangesLoseTheOldestOnesThatAreEmpty() {
		List<Gap> many = new ArrayList<>();
		for (int i = 0; i < 2 * Gaps.MAX_EMPTY; i++) {
			many.add((i % 2 == 0) ? range(3 * i, 3 * i).foundEmpty(0) : range(3 * i, 3 * i).foundRows());
		}
		Gap empty = range(6 * Gaps.MAX_EMPTY, 6 * Gaps.MAX_EMPTY + 1).foundEmpty(0);
		Gaps gaps = new Gaps(many).and(List.of(empty));
		assertThat(gaps.ranges()).hasSize(2 * Gaps.MAX_EMPTY)
			.contains(many.get(1), many.get(2), empty)
			.doesNotContain(many.get(0));
	}

	@Test
	void whatMayBeRunningAndTheNewestAreAlwaysAskedFor() {
		List<Gap> many = new ArrayList<>();
		for (int i = 0; i < 3000; i++) {
			Gap gap = range(3 * i, 3 * i);
			many.add((i % 3 == 0) ? gap.foundRows() : (i % 3 == 1) ? gap : gap.foundEmpty(0));
		}
		List<Gap> last = many.subList(1500, 3000);
		for (long turn : List.of(0L, 4000L, 9000L)) {
			assertThat(new Gaps(many).asked(turn).ranges())
				.containsAll(many.stream().filter((gap) -> !gap.isEmpty()).toList())
				.containsAll(last)
				.isSortedAccordingTo((a, b) -> Long.compare(a.from(), b.from()))
				.doesNotHaveDuplicates();
		}
	}

	@Test
	void whatIsEmptyIsAskedForByTurns() {
		for (int length : List.of(1, 700, 300_000)) {
			List<Gap> empty = new ArrayList<>();
			for (int i = 0; i < 2345; i++) {
				empty.add(range((long) i * (length + 5), (long) i * (length + 5) + length - 1).foundEmpty(0));
			}
			Gaps gaps = new Gaps((length < 300_000) ? empty : empty.subList(0, 3));
			Set<Long> asked = new TreeSet<>();
			long turn = 0;
			do {
				Asked now = gaps.asked(turn);
				assertThat(now.ranges().size()).isLessThanOrEqualTo(2 * Gaps.ASKED_RANGES);
				assertThat(now.ranges().stream().mapToLong((gap) -> gap.to() - gap.from() + 1).sum())
					.isLessThanOrEqualTo(2 * Gaps.ASKED_NUMBERS);
				assertThat(numbers(new Gaps(now.ranges()))).contains(gaps.ranges().get(gaps.ranges().size() - 1).to());
				asked.addAll(numbers(new Gaps(now.ranges())));
				turn = now.turn();
			}
			while (turn != 0);
			assertThat(asked).isEqualTo(numbers(gaps));
		}
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
			.forEach((gap) -> LongStream.rangeClosed(gap.from(), gap.to()).forEach((seq) -> unique(numbers, seq)));
		return numbers;
	}

	private static void unique(Set<Long> numbers, long seq) {
		if (!numbers.add(seq)) {
			throw new AssertionError(seq + " is in two ranges");
		}
	}

	private static Gaps of(Set<Long> numbers) {
		return new Gaps(numbers.stream().map((seq) -> range(seq, seq)).toList());
	}

	private static Gaps gaps(Gap... gaps) {
		return new Gaps(List.of(gaps));
	}

	private static Gap range(long from, long to) {
		return Gap.passed(from, to, 0);
	}

}
