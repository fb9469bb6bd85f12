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

package dev.outbox.relay.model;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The protocol keeps its promises in whatever order things happen, and each of its rules
 * is needed for that. A thousand seeds by default, as many as the system property
 * {@code outbox.model.seeds} says otherwise.
 * <p>
 * The model has leases, reading with snapshots, backfills, chains, settling and dead
 * letters, as the relay has them on PostgreSQL; it has no pauses of destinations, no
 * spilling and no failover of the database. It is no test of the relay's code: that is
 * what the crash tests are.
 */
class ModelTests {

	private static final long SEEDS = Long.getLong("outbox.model.seeds", 1000);

	@Test
	void nothingGoesWrongInAnyOrder() {
		assertThat(LongStream.range(0, SEEDS)
			.parallel()
			.boxed()
			.flatMap((seed) -> Stream.of(Run.of(seed, false, null), Run.of(seed, true, null)))
			.filter(Run::isWrong)
			.map(Run::replay)
			.findFirst()).isEmpty();
	}

	/**
	 * The message of a failure would be the shortest schedule that shows it.
	 */
	@ParameterizedTest
	@EnumSource
	void withoutOneOfItsRulesSomethingDoes(Mutation without) {
		Predicate<Run> shown = (run) -> run.wrong().keySet().stream().anyMatch(without.shownBy()::contains);
		List<Run> found = LongStream.range(0, Long.MAX_VALUE)
			.boxed()
			.flatMap((seed) -> Stream.of(Run.of(seed, false, without), Run.of(seed, true, without)))
			.limit(20_000)
			.filter(shown)
			.limit(3)
			.toList();
		assertThat(found).hasSize(3);
		Run shortest = found.stream().min(Comparator.comparingLong(Run::steps)).orElseThrow();
		assertThat(shortest.replay()).contains(without.name());
	}

	@Test
	void aSeedHasOneHistory() {
		assertThat(Run.of(7, true, Mutation.NO_CHAIN)).isEqualTo(Run.of(7, true, Mutation.NO_CHAIN));
		assertThat(Run.of(7, true, null).replay()).isEqualTo(Run.of(7, true, null).replay());
	}

	/**
	 * A schedule that was run.
	 */
	record Run(long seed, boolean faults, @Nullable Mutation without, long steps, Map<Violation, String> wrong) {

		static Run of(long seed, boolean faults, @Nullable Mutation without) {
			Schedule schedule = new Schedule(seed, faults, without, false);
			Map<Violation, String> wrong = schedule.run();
			return new Run(seed, faults, without, schedule.steps(), wrong);
		}

		boolean isWrong() {
			return !this.wrong.isEmpty();
		}

		/**
		 * Tells what happened, step by step.
		 */
		String replay() {
			Schedule schedule = new Schedule(this.seed, this.faults, this.without, true);
			schedule.run();
			return "seed " + this.seed + (this.faults ? " with faults" : "") + ", without "
					+ Objects.requireNonNullElse(this.without, "nothing") + ": " + this.wrong + "\n"
					+ String.join("\n", schedule.notes());
		}

	}

}
