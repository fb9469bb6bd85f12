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

package dev.outbox.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A clock that goes like that of the system, ahead of it by what a test has added. It
 * dates events and says when they are due, with {@link StepRelay}; databases have clocks
 * of their own, which it does not change. Thread-safe.
 */
public final class TestClock extends Clock {

	private final Clock system;

	private final AtomicReference<Duration> ahead;

	/**
	 * Creates a clock that is not ahead.
	 */
	public TestClock() {
		this(Clock.systemUTC(), new AtomicReference<>(Duration.ZERO));
	}

	private TestClock(Clock system, AtomicReference<Duration> ahead) {
		this.system = system;
		this.ahead = ahead;
	}

	/**
	 * Lets time pass.
	 * @param duration how much, not negative
	 */
	public void advance(Duration duration) {
		if (duration.isNegative()) {
			throw new IllegalArgumentException(
					"Cannot advance the clock by " + duration + ": time does not go back. Nothing was changed");
		}
		this.ahead.updateAndGet((before) -> before.plus(duration));
	}

	/**
	 * Lets time pass until a certain moment.
	 * @param moment the moment, not in the past of this clock
	 */
	public void advanceTo(Instant moment) {
		advance(Duration.between(instant(), moment));
	}

	/**
	 * Returns how far the clock is ahead of the system's.
	 * @return what was added
	 */
	public Duration ahead() {
		return Objects.requireNonNull(this.ahead.get());
	}

	/**
	 * Sets the clock to the system's time.
	 */
	public void reset() {
		this.ahead.set(Duration.ZERO);
	}

	@Override
	public Instant instant() {
		return this.system.instant().plus(ahead());
	}

	@Override
	public ZoneId getZone() {
		return this.system.getZone();
	}

	@Override
	public Clock withZone(ZoneId zone) {
		return new TestClock(this.system.withZone(zone), this.ahead);
	}

}
