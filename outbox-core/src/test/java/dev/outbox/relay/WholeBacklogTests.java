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

package dev.outbox.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.outbox.Destination;
import dev.outbox.store.Backlog;
import dev.outbox.store.Backlog.Waiting;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WholeBacklog}.
 */
class WholeBacklogTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final List<Long> measuredFrom = new ArrayList<>();

	private String found = "kafka";

	private long now = -5;

	private final WholeBacklog backlog = new WholeBacklog((fromSeq) -> {
		this.measuredFrom.add(fromSeq);
		return new Backlog(1, Duration.ZERO, 0, 0, Map.of(new Destination(this.found, "t"), new Waiting(1, MINUTE)),
				true);
	}, () -> Set.of("kafka"), MINUTE, () -> this.now);

	@Test
	void everythingIsLookedAtFirstAndThenOnceInAMinute() {
		measure(MINUTE.dividedBy(2));
		measure(MINUTE.dividedBy(4));
		measure(MINUTE.dividedBy(4));
		measure(MINUTE.dividedBy(2));
		assertThat(this.measuredFrom).containsExactly(0L, 7L, 7L, 0L);
	}

	@Test
	void eventsThatTheRelayDoesNotSeeAreNotPassedOver() {
		this.found = "pigeon";
		measure(Duration.ofSeconds(1));
		measure(Duration.ofSeconds(1));
		this.found = "kafka";
		measure(Duration.ofSeconds(1));
		measure(Duration.ofSeconds(1));
		assertThat(this.measuredFrom).containsExactly(0L, 0L, 0L, 7L);
	}

	private void measure(Duration later) {
		this.backlog.measure(7);
		this.now += later.toNanos();
	}

}
