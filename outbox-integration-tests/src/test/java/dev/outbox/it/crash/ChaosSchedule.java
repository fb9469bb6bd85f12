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
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Which faults happen when: the same for the same seed. Every kind of fault comes once
 * before any comes again.
 */
final class ChaosSchedule {

	private static final Duration FIRST = Duration.ofSeconds(3);

	private static final Duration QUIET_END = Duration.ofSeconds(3);

	/**
	 * What is shared out between the kinds of faults, so that each happens within a
	 * minute.
	 */
	private static final int LONGEST_PAUSES = 30_000;

	private final Random random;

	private final Set<Fault> faults;

	private final int instances;

	private final Duration lease;

	private final Deque<Fault> bag = new ArrayDeque<>();

	private ChaosSchedule(long seed, Set<Fault> faults, int instances, Duration lease) {
		this.random = new Random(seed);
		this.faults = faults;
		this.instances = instances;
		this.lease = lease;
	}

	/**
	 * Makes a schedule.
	 * @param seed seed of everything that is random
	 * @param faults what can happen
	 * @param length how long faults happen
	 * @param instances number of application instances
	 * @param lease their lease
	 * @return the steps in the order of their times
	 */
	static List<Step> of(long seed, Set<Fault> faults, Duration length, int instances, Duration lease) {
		return new ChaosSchedule(seed, faults, instances, lease).steps(length);
	}

	private List<Step> steps(Duration length) {
		List<Step> steps = new ArrayList<>();
		Duration at = FIRST;
		while (at.compareTo(length.minus(QUIET_END)) < 0) {
			Fault fault = nextFault();
			steps.add(new Step(at, fault, this.random.nextInt(this.instances), duration(fault)));
			at = at.plusMillis(3000 + this.random.nextInt(LONGEST_PAUSES / this.faults.size()));
		}
		return steps;
	}

	private Fault nextFault() {
		if (this.bag.isEmpty()) {
			List<Fault> all = new ArrayList<>(this.faults);
			Collections.shuffle(all, this.random);
			this.bag.addAll(all);
		}
		return this.bag.remove();
	}

	private Duration duration(Fault fault) {
		return switch (fault) {
			case FREEZE_INSTANCE -> this.lease.plusMillis(500 + this.random.nextInt(3000));
			case KILL_BROKER, RESTART_BROKER, RAISE_ALARM -> Duration.ofMillis(this.random.nextInt(3000));
			case KILL_DATABASE, STEP_DOWN -> Duration.ofMillis(this.random.nextInt(1500));
			case FREEZE_BROKER -> Duration.ofMillis(1000 + this.random.nextInt(6000));
			case CLOSE_CONNECTIONS, LOSE_HISTORY -> Duration.ZERO;
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

		/**
		 * Waits as long as the part is to be away.
		 */
		void await() {
			LockSupport.parkNanos(this.length.toNanos());
		}

		@Override
		public String toString() {
			return this.at.toMillis() + "ms " + this.fault + " " + this.instance + " for " + this.length.toMillis()
					+ "ms";
		}

	}

}
