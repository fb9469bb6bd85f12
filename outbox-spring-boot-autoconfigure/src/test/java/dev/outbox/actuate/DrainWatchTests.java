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

package dev.outbox.actuate;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.outbox.relay.BacklogMonitor.Reading;
import dev.outbox.store.Backlog;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DrainWatchTests {

	private final AtomicReference<Reading> reading = new AtomicReference<>(new Reading(null, null));

	private final AtomicLong published = new AtomicLong();

	private final AtomicLong now = new AtomicLong();

	private final DrainWatch watch = new DrainWatch(this.reading::get, this.published::get, this.now::get);

	@Test
	void nothingThatWaitsStandsStill() {
		measure(0, Duration.ZERO);
		measure(0, Duration.ZERO);
		assertThat(this.watch.standstill()).isZero();
	}

	@Test
	void aBacklogThatDoesNotShrinkStandsStill() {
		measure(5, Duration.ofHours(1));
		measure(5, Duration.ofHours(1));
		measure(6, Duration.ofHours(1));
		assertThat(this.watch.standstill()).isEqualTo(Duration.ofMinutes(2));
	}

	@Test
	void oneThatShrinksSomewhereElseDoesNot() {
		measure(5, Duration.ofHours(1));
		measure(5, Duration.ofHours(1));
		measure(4, Duration.ofHours(1));
		assertThat(this.watch.standstill()).isZero();
	}

	@Test
	void oneThatGrowsWhileThisInstancePublishesDoesNot() {
		measure(5, Duration.ofHours(1));
		this.published.incrementAndGet();
		measure(9, Duration.ofHours(1));
		assertThat(this.watch.standstill()).isZero();
	}

	@Test
	void eventsThatHaveJustComeHaveNotStoodStill() {
		measure(5, Duration.ofSeconds(2));
		measure(6, Duration.ofSeconds(2));
		assertThat(this.watch.standstill()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void whatCannotBeMeasuredIsNotKnownToStandStill() {
		measure(5, Duration.ofHours(1));
		measure(5, Duration.ofHours(1));
		this.reading.set(new Reading(null, "no connection"));
		this.watch.look();
		assertThat(this.watch.standstill()).isZero();
	}

	private void measure(long waiting, Duration oldest) {
		this.now.addAndGet(Duration.ofMinutes(1).toNanos());
		this.reading.set(new Reading(new Backlog(waiting, oldest, 0, 0), null));
		this.watch.look();
	}

}
