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

package dev.outbox.doctor;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * Compares the clock of a server with that of this machine. What happens on the way is
 * not taken for a difference: only what is more than half of the time that the answer
 * took counts.
 */
public final class ClockExamination implements Examination {

	private static final int LOOKS = 3;

	private static final String CONSEQUENCE = ". Leases are not affected, they know one clock only. The times of events,"
			+ " delays until they are due and ages that are measured across both are wrong by that";

	private final String server;

	private final Callable<Instant> there;

	private final Clock here;

	private final Duration limit;

	/**
	 * Creates the examination.
	 * @param server what the server is called in a finding
	 * @param there asks the server for its time
	 * @param here the clock of this machine
	 * @param limit how much they may differ
	 */
	public ClockExamination(String server, Callable<Instant> there, Clock here, Duration limit) {
		this.server = server;
		this.there = there;
		this.here = here;
		this.limit = limit;
	}

	@Override
	public String name() {
		return "clock";
	}

	@Override
	public List<Finding> examine() throws Exception {
		Comparison best = compare();
		for (int i = 1; i < LOOKS; i++) {
			Comparison next = compare();
			best = (next.uncertainty().compareTo(best.uncertainty()) < 0) ? next : best;
		}
		Duration certain = best.difference().abs().minus(best.uncertainty());
		if (certain.compareTo(this.limit) <= 0) {
			return List.of();
		}
		String direction = best.difference().isNegative() ? "behind" : "ahead of";
		String problem = "Its clock is %d ms %s that of this instance (± %d ms)"
			.formatted(best.difference().abs().toMillis(), direction, best.uncertainty().toMillis());
		return List.of(Finding.warning("clock-skew", this.server, problem + CONSEQUENCE,
				"Let NTP or chrony set the clocks of both machines. If the difference is wanted, raise"
						+ " outbox.doctor.max-clock-skew"));
	}

	/**
	 * The elapsed time is that of another clock, which does not jump.
	 */
	private Comparison compare() throws Exception {
		Instant before = this.here.instant();
		long start = System.nanoTime();
		Instant answer = this.there.call();
		Duration half = Duration.ofNanos((System.nanoTime() - start) / 2);
		return new Comparison(Duration.between(before.plus(half), answer), half);
	}

	private record Comparison(Duration difference, Duration uncertainty) {

	}

}
