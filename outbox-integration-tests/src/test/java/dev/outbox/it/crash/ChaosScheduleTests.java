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

package dev.outbox.it.crash;

import java.time.Duration;
import java.util.List;

import dev.outbox.it.crash.ChaosSchedule.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChaosScheduleTests {

	private static final Duration LEASE = Duration.ofSeconds(2);

	@Test
	void theSameSeedGivesTheSameFaults() {
		assertThat(schedule(42)).isEqualTo(schedule(42)).isNotEqualTo(schedule(43));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void everyKindOfFaultHappensWithinAMinute(long seed) {
		assertThat(schedule(seed)).extracting(Step::fault).contains(Fault.values());
	}

	@Test
	void anInstanceIsFrozenForLongerThanItsLease() {
		assertThat(ChaosSchedule.of(1, Duration.ofMinutes(20), 3, LEASE))
			.filteredOn((step) -> step.fault() == Fault.FREEZE_INSTANCE)
			.hasSizeGreaterThan(20)
			.allSatisfy((step) -> assertThat(step.length()).isGreaterThan(LEASE))
			.extracting(Step::instance)
			.contains(0, 1, 2);
	}

	private static List<Step> schedule(long seed) {
		return ChaosSchedule.of(seed, Duration.ofSeconds(60), 3, LEASE);
	}

}
