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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Which faults happen when: the same for the same seed. Every kind of fault comes once
 * before any comes again.
 */
final class ChaosSchedule {

	private static final Duration FIRST = Duration.ofSeconds(3);

	private static final Duration QUIET_END = Duration.ofSeconds(3);

	private final Random random;

	private final int instances;

	private final Duration lease;

	private final Deque<Fault> bag = new ArrayDeque<>();

	private ChaosSchedule(long seed, int instances, Duration lease) {
		this.random = new Random(seed);
		this.instances = instances;
		this.lease = lease;
	}

	/**
	 * Makes a schedule.
	 * @param seed seed of everything that is random
	 * @param length how long faults happen
	 * @param instances number of application instances
	 * @param lease their lease
	 * @return the steps in the order of their times
	 */
	static List<Step> of(long seed, Duration length, int instances, Duration lease) {
		return new ChaosSchedule(seed, instances, lease).steps(length);
	}

	private List<Step> steps(Duration length) {
		List<Step> steps = new ArrayList<>();
		Duration at = FIRST;
		while (at.compareTo(length.minus(QUIET_END)) < 0) {
			Fault fault = nextFault();
			steps.add(new Step(at, fault, this.random.nextInt(this.instances), duration(fault)));
			at = at.plusMillis(3000 + this.random.nextInt(5000));
		}
		return steps;
	}

	private Fault nextFault() {
		if (this.bag.isEmpty()) {
			List<Fault> faults = Arrays.asList(Fault.values());
			Collections.shuffle(faults, this.random);
			this.bag.addAll(faults);
		}
		return this.bag.remove();
	}

	private Duration duration(Fault fault) {
		return switch (fault) {
			case FREEZE_INSTANCE -> this.lease.plusMillis(500 + this.random.nextInt(3000));
			case KILL_KAFKA, RESTART_KAFKA -> Duration.ofMillis(this.random.nextInt(3000));
			case KILL_DATABASE -> Duration.ofMillis(this.random.nextInt(1500));
			case KILL_INSTANCE, RESTART_INSTANCE -> Duration.ofMillis(this.random.nextInt(1000));
		};
	}

	/**
	 * One fault.
	 *
	 * @param at when it happens, from the start of the writers
	 * @param fault what happens
	 * @param instance to which instance, if to one
	 * @param length how long the part is away
	 */
	record Step(Duration at, Fault fault, int instance, Duration length) {

		@Override
		public String toString() {
			return this.at.toMillis() + "ms " + this.fault + " " + this.instance + " for " + this.length.toMillis()
					+ "ms";
		}

	}

}
