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
import java.util.Map;

import dev.outbox.it.crash.ChaosSchedule.Step;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Proves that the crash tests would find a broken relay: with one of its rules left out,
 * what it delivers is refuted. The relay as it is passes the same schedules.
 */
class RelayMutantsTests {

	private static final Logger log = LoggerFactory.getLogger(RelayMutantsTests.class);

	private static final Duration LEASE = Duration.ofSeconds(2);

	/**
	 * Where nothing dies no lease may end, however busy the machine is: each repetition
	 * is a violation there.
	 */
	private static final Duration LONG_LEASE = Duration.ofSeconds(15);

	private static final int COMMITTED = 2000;

	private static final int ATTEMPTS = 5;

	private static final Duration WRITING = Duration.ofSeconds(5);

	/**
	 * Some mutants have never done with their events.
	 */
	private static final Duration LONGEST_DRAIN = Duration.ofSeconds(20);

	@Test
	void theRealRelayIsNotRefuted() {
		assertThat(refutation(MutantCompiler.realClassPath(), "real", false, 0)).satisfies(RelayMutantsTests::isClean);
	}

	@Test
	@Tag("crash-long")
	void theRealRelayIsNotRefutedWhenAnInstanceDies() {
		assertThat(refutation(MutantCompiler.realClassPath(), "real", true, 0)).satisfies(RelayMutantsTests::isClean);
	}

	@ParameterizedTest
	@EnumSource(names = { "LATE_ROWS_ARE_NOT_READ", "NO_CHAIN" })
	void aBrokenRelayIsRefuted(RelayMutant mutant) {
		refute(mutant);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = { "LATE_ROWS_ARE_NOT_READ", "NO_CHAIN" })
	@Tag("crash-long")
	void everyOtherBrokenRelayIsRefuted(RelayMutant mutant) {
		refute(mutant);
	}

	private static void refute(RelayMutant mutant) {
		String classPath = mutant.classPath();
		Refutation found = refutation(classPath, mutant.name(), mutant.needsCrash(), 0);
		// What goes wrong only now and then need not do so within some seconds.
		for (int attempt = 1; attempt < ATTEMPTS
				&& !found.report().violated().containsAll(mutant.violated()); attempt++) {
			found = refutation(classPath, mutant.name(), mutant.needsCrash(), attempt);
		}
		assertThat(found.report().violated()).as(found.text()).containsAll(mutant.violated());
		if (mutant.violated().contains(Guarantee.DELIVERED)) {
			// What only waits would look like a loss.
			assertThat(found.drained()).as(found.text()).isTrue();
		}
		if (mutant.isRescued()) {
			assertThat(found.rescued()).as(found.text()).isPositive();
		}
	}

	private static void isClean(Refutation found) {
		assertThat(found.drained()).as("drained").isTrue();
		assertThat(found.report().violated()).as(found.text()).isEmpty();
		assertThat(found.rescued()).as("rescued").isZero();
		assertThat(found.report().committed()).as(found.text()).isGreaterThan(200);
	}

	/**
	 * The second instance starts when the first one is already writing and sending.
	 */
	private static Refutation refutation(String classPath, String name, boolean crash, int attempt) {
		CrashSettings settings = new CrashSettings(CrashDatabase.POSTGRESQL, CrashBroker.KAFKA,
				Long.getLong("outbox.crash.seed", 8) + attempt, WRITING, 2, 4, crash ? LEASE : LONG_LEASE, 0.02);
		List<Step> steps = crash ? List.of(new Step(WRITING, Fault.KILL_INSTANCE, 0, LEASE.plusSeconds(2)),
				new Step(WRITING.multipliedBy(2), Fault.KILL_INSTANCE, 1, LEASE.plusSeconds(2))) : List.of();
		int inFlight = CrashSettings.MAX_IN_FLIGHT * steps.size();
		try (CrashCluster cluster = new CrashCluster(settings, Map.of(0, classPath, 1, classPath))) {
			cluster.start();
			cluster.suffer(steps);
			CrashCluster.pause(WRITING);
			cluster.awaitCommitted(COMMITTED);
			boolean drained = true;
			try {
				cluster.drain(LONGEST_DRAIN);
			}
			catch (ConditionTimeoutException expected) {
				drained = false;
			}
			History history = cluster.history();
			HistoryReport report = HistoryChecker.check(history, inFlight);
			long rescued = cluster.rescued();
			String text = name + ", seed " + settings.seed() + ": " + report.summary() + ", rescued=" + rescued
					+ ", drained=" + drained + ", violated=" + report.violated() + "\n"
					+ HistoryChecker.counterexamples(history, inFlight);
			log.info("{}", text);
			return new Refutation(report, rescued, drained, text);
		}
	}

	/**
	 * What a run has shown.
	 */
	private record Refutation(HistoryReport report, long rescued, boolean drained, String text) {

	}

}
