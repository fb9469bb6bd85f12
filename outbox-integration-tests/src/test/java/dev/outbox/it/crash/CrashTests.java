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

import dev.outbox.fixtures.mysql.EnabledIfMySql;
import dev.outbox.fixtures.oracle.EnabledIfOracle;
import dev.outbox.fixtures.rabbit.EnabledIfRabbitServer;
import dev.outbox.fixtures.sqlserver.EnabledIfSqlServer;
import dev.outbox.it.crash.ChaosSchedule.Step;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Kills, freezes and cuts off everything while events are written, and then compares what
 * was delivered with what was committed.
 */
class CrashTests {

	/**
	 * Enough for every kind of fault with the first seed, as those below.
	 */
	static final long SECONDS_ON_POSTGRES = 40;

	static final long SECONDS_ON_MARIADB = 40;

	static final long SECONDS_ON_RABBIT = 50;

	static final long SECONDS_ON_MONGO = 45;

	static final long SECONDS_ON_EMBEDDED = 30;

	private static final Logger log = LoggerFactory.getLogger(CrashTests.class);

	@Test
	void nothingIsLostAndNothingIsOutOfOrderWhateverDies() {
		run(CrashSettings.of(CrashDatabase.POSTGRESQL, Long.getLong("outbox.crash.seed", 1),
				Duration.ofSeconds(Long.getLong("outbox.crash.seconds", SECONDS_ON_POSTGRES))));
	}

	/**
	 * Late commits are found by another rule there.
	 */
	@Test
	@Tag("all-databases")
	void nothingIsLostAndNothingIsOutOfOrderOnMariaDb() {
		run(CrashSettings.of(CrashDatabase.MARIADB, Long.getLong("outbox.crash.seed", 1),
				Duration.ofSeconds(Long.getLong("outbox.crash.seconds", SECONDS_ON_MARIADB))));
	}

	@Test
	@EnabledIfMySql
	void nothingIsLostAndNothingIsOutOfOrderOnMySql() {
		run(CrashSettings.of(CrashDatabase.MYSQL, Long.getLong("outbox.crash.seed", 1),
				Duration.ofSeconds(Long.getLong("outbox.crash.seconds", SECONDS_ON_MARIADB))));
	}

	/**
	 * With a server in a process of its own, which is killed, too.
	 */
	@Test
	@Tag("all-databases")
	void nothingIsLostAndNothingIsOutOfOrderOnH2() {
		run(CrashSettings.of(CrashDatabase.H2, Long.getLong("outbox.crash.seed", 1),
				Duration.ofSeconds(Long.getLong("outbox.crash.seconds", SECONDS_ON_EMBEDDED))));
	}

	/**
	 * Processes that share a file. The slow one keeps all others from writing.
	 */
	@Test
	@Tag("all-databases")
	void nothingIsLostAndNothingIsOutOfOrderOnSqlite() {
		run(CrashSettings.of(CrashDatabase.SQLITE, Long.getLong("outbox.crash.seed", 1),
				Duration.ofSeconds(Long.getLong("outbox.crash.seconds", SECONDS_ON_EMBEDDED))));
	}

	@Test
	@EnabledIfSqlServer
	void nothingIsLostAndNothingIsOutOfOrderOnSqlServer() {
		run(CrashSettings.of(CrashDatabase.SQLSERVER, Long.getLong("outbox.crash.seed", 1),
				Duration.ofSeconds(Long.getLong("outbox.crash.seconds", 60))));
	}

	@Test
	@EnabledIfOracle
	void nothingIsLostAndNothingIsOutOfOrderOnOracle() {
		run(CrashSettings.of(CrashDatabase.ORACLE, Long.getLong("outbox.crash.seed", 1),
				Duration.ofSeconds(Long.getLong("outbox.crash.seconds", 60))));
	}

	/**
	 * With a double of the server, which also steps down and loses its history.
	 */
	@Test
	void nothingIsLostAndNothingIsOutOfOrderOnMongo() {
		run(CrashSettings.of(CrashDatabase.MONGODB, Long.getLong("outbox.crash.seed", 1),
				Duration.ofSeconds(Long.getLong("outbox.crash.seconds", SECONDS_ON_MONGO))));
	}

	/**
	 * With an exchange for a classic queue, and one for a quorum queue.
	 */
	@Test
	@EnabledIfRabbitServer
	void nothingIsLostAndNothingIsOutOfOrderOnRabbit() {
		run(CrashSettings.of(CrashDatabase.POSTGRESQL, CrashBroker.RABBIT, Long.getLong("outbox.crash.seed", 1),
				Duration.ofSeconds(Long.getLong("outbox.crash.seconds", SECONDS_ON_RABBIT))));
	}

	@Test
	@EnabledIfRabbitServer
	@Tag("crash-long")
	void nothingIsLostAndNothingIsOutOfOrderOnRabbitInTwentyMinutes() {
		run(CrashSettings.of(CrashDatabase.POSTGRESQL, CrashBroker.RABBIT,
				Long.getLong("outbox.crash.seed", System.nanoTime()),
				Duration.ofSeconds(Long.getLong("outbox.crash.seconds", 1200))));
	}

	@ParameterizedTest
	@EnumSource
	@Tag("crash-long")
	void nothingIsLostAndNothingIsOutOfOrderInTwentyMinutes(CrashDatabase database) {
		run(CrashSettings.of(database, Long.getLong("outbox.crash.seed", System.nanoTime()),
				Duration.ofSeconds(Long.getLong("outbox.crash.seconds", 1200))));
	}

	private static void run(CrashSettings settings) {
		List<Step> steps = ChaosSchedule.of(settings.seed(), settings.faults(), settings.length(), settings.instances(),
				settings.lease());
		run(settings, steps, new CrashCluster(settings));
	}

	/**
	 * Runs a cluster and closes it.
	 */
	static void run(CrashSettings settings, List<Step> steps, CrashCluster instances) {
		try (CrashCluster cluster = instances) {
			cluster.start();
			cluster.suffer(steps);
			try {
				cluster.drain();
			}
			catch (ConditionTimeoutException ex) {
				throw new AssertionError("seed " + settings.seed() + ": the outbox did not drain\n" + cluster.remains(),
						ex);
			}
			int inFlight = CrashSettings.MAX_IN_FLIGHT
					* steps.stream().mapToInt((step) -> step.fault().repeatedWindows(settings.instances())).sum();
			History history = cluster.history();
			HistoryReport report = HistoryChecker.check(history, inFlight);
			long rescued = cluster.rescued();
			log.info("Crash test on {} and {}, seed {}, {} faults: {}, of at most {} in flight; rescued={}",
					settings.database(), settings.broker(), settings.seed(), steps.size(), report.summary(), inFlight,
					rescued);
			assertThat(report.isClean())
				.as("seed %s: %s%n%s%nfaults: %s", settings.seed(), report.summary(),
						HistoryChecker.counterexamples(history, inFlight), steps)
				.isTrue();
			assertThat(rescued).as("seed %s: events that only the sweep has found; faults: %s", settings.seed(), steps)
				.isZero();
			assertThat(report.committed()).isGreaterThan(200);
			assertThat(report.deadLetters()).isPositive();
			assertThat(report.injectedDuplicates()).isPositive();
		}
	}

}
