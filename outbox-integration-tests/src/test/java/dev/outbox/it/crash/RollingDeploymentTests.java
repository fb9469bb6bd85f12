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

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.outbox.it.crash.ChaosSchedule.Step;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Instances of the previous state of the outbox and of the present one share the tables,
 * as they do in the middle of a rolling deployment, after the present one has migrated
 * them. The previous state is commit 6d36c41, the first one with tables that the present
 * one can use: nothing is released, and version 1 of the schema may still change. The
 * Maven profile {@code rolling} builds it.
 */
class RollingDeploymentTests {

	private static final int PRESENT = 0;

	private static final int PREVIOUS = 1;

	private static final Duration LEASE = Duration.ofSeconds(2);

	/**
	 * Long enough for the other one to take over, and to go on for a while.
	 */
	private static final Duration AWAY = LEASE.plusSeconds(3);

	@Test
	void nothingIsLostAndNothingIsOutOfOrderBetweenTwoReleases() {
		String home = System.getProperty("outbox.previous.home", "");
		assumeTrue(!home.isEmpty(), "needs the classes of the previous state: run the build with -Prolling");
		assumeTrue(Files.exists(Path.of(home, "built")),
				"needs the classes of the previous state, and its commit is not in the history of this checkout");
		CrashSettings settings = new CrashSettings(CrashDatabase.POSTGRESQL, CrashBroker.KAFKA, 314,
				Duration.ofSeconds(30), 2, 4, LEASE, 0.02);
		List<Step> steps = List.of(new Step(Duration.ofSeconds(4), Fault.KILL_INSTANCE, PREVIOUS, AWAY),
				new Step(Duration.ofSeconds(14), Fault.KILL_INSTANCE, PRESENT, AWAY),
				new Step(Duration.ofSeconds(24), Fault.RESTART_INSTANCE, PREVIOUS, AWAY),
				new Step(Duration.ofSeconds(32), Fault.FREEZE_INSTANCE, PRESENT, AWAY));
		CrashCluster cluster = new CrashCluster(settings, Map.of(PREVIOUS, classPath(home)));
		CrashTests.run(settings, steps, cluster);
		assertThat(cluster.classes(PREVIOUS)).isNotEmpty().allMatch((place) -> place.contains("/previous/"));
		assertThat(cluster.classes(PRESENT)).isNotEmpty().noneMatch((place) -> place.contains("/previous/"));
	}

	/**
	 * Puts the previous classes in the place of the present ones.
	 */
	private static String classPath(String home) {
		String present = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		return Arrays.stream(present.split(File.pathSeparator)).map((entry) -> {
			for (String module : List.of("outbox-core", "outbox-spring-boot-autoconfigure")) {
				if (entry.contains(File.separator + module + File.separator + "target" + File.separator)) {
					return Path.of(home, module, "target", "classes").toString();
				}
			}
			return entry;
		}).collect(Collectors.joining(File.pathSeparator));
	}

}
