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
import java.util.Map;
import java.util.Set;

import dev.outbox.Destination;
import dev.outbox.store.Backlog;
import dev.outbox.store.Backlog.Waiting;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ExcusedDestinations}.
 */
class ExcusedDestinationsTests {

	private static final Destination ORDERS = new Destination("kafka", "orders");

	private static final Duration LIMIT = Duration.ofMinutes(10);

	private final ExcusedDestinations excused = new ExcusedDestinations(LIMIT);

	private final Backlog late = backlog(Duration.ofHours(2));

	@Test
	void whatIsPausedIsExcusedUntilItHasCaughtUp() {
		assertThat(this.excused.look(Set.of(), this.late, 0)).isEmpty();
		assertThat(this.excused.look(Set.of(ORDERS), this.late, 1)).containsExactly(ORDERS);
		assertThat(this.excused.look(Set.of(), this.late, 2)).containsExactly(ORDERS);
		assertThat(this.excused.look(Set.of(), null, 3)).containsExactly(ORDERS);
		assertThat(this.excused.look(Set.of(), backlog(LIMIT), 4)).isEmpty();
		assertThat(this.excused.look(Set.of(), this.late, 5)).isEmpty();
	}

	@Test
	void whatIsEmptyHasCaughtUp() {
		this.excused.look(Set.of(ORDERS), this.late, 0);
		assertThat(this.excused.look(Set.of(), new Backlog(0, Duration.ZERO, 0, 0), 1)).isEmpty();
	}

	@Test
	void itHasOnlySoMuchTimeForThat() {
		this.excused.look(Set.of(ORDERS), this.late, 0);
		assertThat(this.excused.look(Set.of(), this.late, 1)).containsExactly(ORDERS);
		assertThat(this.excused.look(Set.of(), this.late, 1 + LIMIT.toNanos())).containsExactly(ORDERS);
		assertThat(this.excused.look(Set.of(), this.late, 2 + LIMIT.toNanos())).isEmpty();
	}

	private static Backlog backlog(Duration oldest) {
		return new Backlog(1, oldest, 0, 0, Map.of(ORDERS, new Waiting(1, oldest)), true);
	}

}
