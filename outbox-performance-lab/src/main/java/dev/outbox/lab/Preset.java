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

package dev.outbox.lab;

import java.time.Duration;
import java.util.List;

/**
 * How much of each case is done.
 *
 * @param name the name on the command line
 * @param rounds how often everybody does everything
 * @param backlogs how many events wait, for this library and the limits
 * @param peersUpTo the largest backlog that the other libraries get
 * @param defaultsUpTo the largest backlog of another library without tuning
 * @param payloads bytes per event
 * @param rates events per second of the open loop
 * @param load how long a load lasts
 * @param cut after what time a drain is cut
 * @param instances how many instances drain together
 * @param extremes whether peers without tuning, and ourselves with it, do everything
 */
record Preset(String name, int rounds, List<Integer> backlogs, int peersUpTo, int defaultsUpTo, List<Integer> payloads,
		List<Integer> rates, Duration load, Duration cut, List<Integer> instances, boolean extremes) {

	static Preset named(String name) {
		return switch (name) {
			case "smoke" -> smoke();
			case "quick" -> quick();
			case "docs" -> docs();
			case "full" -> full();
			default -> throw new IllegalArgumentException(
					"There is no preset '" + name + "'; nothing was started. There are smoke, quick, docs and full");
		};
	}

	/** Everybody does something: whether it works, not how fast. */
	static Preset smoke() {
		return new Preset("smoke", 1, List.of(200), 200, 200, List.of(), List.of(), Duration.ofSeconds(1),
				Duration.ofSeconds(60), List.of(), true);
	}

	static Preset quick() {
		return new Preset("quick", 1, List.of(10_000, 100_000), 10_000, 10_000, List.of(1_000), List.of(200, 1_000),
				Duration.ofSeconds(5), Duration.ofSeconds(5), List.of(1, 2), false);
	}

	static Preset docs() {
		return new Preset("docs", 2, List.of(10_000, 100_000, 1_000_000), 100_000, 10_000, List.of(100, 1_000, 10_000),
				List.of(200, 1_000, 3_000), Duration.ofSeconds(6), Duration.ofSeconds(8), List.of(1, 2, 4), false);
	}

	static Preset full() {
		return new Preset("full", 3, List.of(10_000, 100_000, 1_000_000, 10_000_000), 100_000, 100_000,
				List.of(100, 1_000, 10_000, 100_000), List.of(200, 1_000, 3_000), Duration.ofSeconds(30),
				Duration.ofSeconds(120), List.of(1, 2, 4, 8), true);
	}

}
