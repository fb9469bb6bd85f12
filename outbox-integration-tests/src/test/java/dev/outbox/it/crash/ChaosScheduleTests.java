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
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class ChaosScheduleTests {

	private static final Duration LEASE = Duration.ofSeconds(2);

	@Test
	void theSameSeedGivesTheSameFaults() {
		assertThat(schedule(42, CrashBroker.RABBIT)).isEqualTo(schedule(42, CrashBroker.RABBIT))
			.isNotEqualTo(schedule(43, CrashBroker.RABBIT));
	}

	@ParameterizedTest
	@EnumSource
	void everyKindOfFaultHappensWithinAMinute(CrashBroker broker) {
		for (long seed = 1; seed <= 20; seed++) {
			assertThat(schedule(seed, broker)).extracting(Step::fault).containsAll(broker.faults());
		}
	}

	@Test
	void everyKindOfFaultHappensInTheRunsOfEveryBuild() {
		assertThat(faults(
				CrashSettings.of(CrashDatabase.POSTGRESQL, 1, Duration.ofSeconds(CrashTests.SECONDS_ON_POSTGRES))))
			.containsAll(CrashBroker.KAFKA.faults());
		assertThat(
				faults(CrashSettings.of(CrashDatabase.MARIADB, 1, Duration.ofSeconds(CrashTests.SECONDS_ON_MARIADB))))
			.containsAll(CrashBroker.KAFKA.faults());
		assertThat(faults(CrashSettings.of(CrashDatabase.POSTGRESQL, CrashBroker.RABBIT, 1,
				Duration.ofSeconds(CrashTests.SECONDS_ON_RABBIT))))
			.containsAll(CrashBroker.RABBIT.faults());
		assertThat(faults(CrashSettings.of(CrashDatabase.MONGODB, 1, Duration.ofSeconds(CrashTests.SECONDS_ON_MONGO))))
			.containsAll(CrashBroker.KAFKA.faults())
			.contains(Fault.STEP_DOWN, Fault.LOSE_HISTORY);
	}

	@ParameterizedTest
	@EnumSource(names = { "H2", "SQLITE" })
	void everyKindOfFaultHappensInTheRunsOnEmbeddedDatabases(CrashDatabase database) {
		assertThat(faults(CrashSettings.of(database, 1, Duration.ofSeconds(CrashTests.SECONDS_ON_EMBEDDED))))
			.containsAll(CrashBroker.KAFKA.faults());
	}

	private static List<Fault> faults(CrashSettings settings) {
		return ChaosSchedule
			.of(settings.seed(), settings.faults(), settings.length(), settings.instances(), settings.lease())
			.stream()
			.map(Step::fault)
			.toList();
	}

	@Test
	void onlyWhatABrokerCanSufferHappens() {
		assertThat(CrashBroker.RABBIT.faults()).contains(Fault.FREEZE_BROKER, Fault.CLOSE_CONNECTIONS,
				Fault.RAISE_ALARM);
		assertThat(schedule(1, CrashBroker.KAFKA)).extracting(Step::fault)
			.doesNotContain(Fault.FREEZE_BROKER, Fault.CLOSE_CONNECTIONS, Fault.RAISE_ALARM);
	}

	@Test
	void anInstanceIsFrozenForLongerThanItsLease() {
		assertThat(ChaosSchedule.of(1, CrashBroker.KAFKA.faults(), Duration.ofMinutes(20), 3, LEASE))
			.filteredOn((step) -> step.fault() == Fault.FREEZE_INSTANCE)
			.hasSizeGreaterThan(20)
			.allSatisfy((step) -> assertThat(step.length()).isGreaterThan(LEASE))
			.extracting(Step::instance)
			.contains(0, 1, 2);
	}

	private static List<Step> schedule(long seed, CrashBroker broker) {
		return ChaosSchedule.of(seed, broker.faults(), Duration.ofSeconds(60), 3, LEASE);
	}

}
