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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.outbox.store.ArchivePartition;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class HousekeeperTests {

	private static final Duration INTERVAL = Duration.ofHours(10);

	private final List<String> calls = new ArrayList<>();

	private int removed;

	private final Set<Kept> refused = EnumSet.noneOf(Kept.class);

	private final HousekeepingStore store = new HousekeepingStore() {

		@Override
		public int removeExpired(Kept what, Duration retention, int limit) {
			HousekeeperTests.this.calls.add("remove " + what + " " + limit);
			if (HousekeeperTests.this.refused.contains(what)) {
				throw new IllegalStateException("may not remove " + what);
			}
			return HousekeeperTests.this.removed;
		}

		@Override
		public void maintainArchive(Duration retention, ArchivePartition partition) {
			HousekeeperTests.this.calls.add("maintain " + retention.toDays() + " " + partition);
		}

		@Override
		public void keepArchive() {
			HousekeeperTests.this.calls.add("keep");
		}

	};

	/**
	 * After a full portion it waits for as long as its rows may take.
	 */
	@Test
	void aLargeRemovalTakesAsLongAsTheLimitSays() {
		this.removed = 1000;
		Housekeeper housekeeper = housekeeper(10);
		housekeeper.remove();
		assertThat(wait(housekeeper)).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(100));
		assertThat(this.calls).contains("remove ARCHIVED_EVENT 1000");
	}

	@Test
	void withAHighLimitAFullPortionIsSoonFollowedByTheNext() {
		this.removed = 1000;
		Housekeeper housekeeper = housekeeper(1_000_000);
		housekeeper.remove();
		assertThat(wait(housekeeper)).isLessThan(Duration.ofSeconds(1));
	}

	/**
	 * The archive is made ready before the first event is delivered, not an interval
	 * later.
	 */
	@Test
	void theArchiveIsMaintainedAtOnceAndRemovalWaitsForAnInterval() {
		assertThat(wait(housekeeper(10))).isGreaterThan(Duration.ofHours(9));
		assertThat(this.calls).containsExactly("maintain 30 DAY");
	}

	@Test
	void withoutARetentionTheArchiveIsKept() {
		new Housekeeper(this.store, Map.of(), INTERVAL, 1000, 10, ArchivePartition.NONE).work();
		assertThat(this.calls).containsExactly("keep");
	}

	@Test
	void aKindThatFailsKeepsNoOtherOneOffAndIsLeftAloneForAnInterval() {
		this.removed = 1000;
		this.refused.addAll(EnumSet.of(Kept.IDEMPOTENCY_KEY, Kept.ARCHIVED_EVENT));
		Map<Kept, Duration> retentions = Map.of(Kept.DEAD_LETTER, Duration.ofDays(1), Kept.ARCHIVED_EVENT,
				Duration.ofDays(30), Kept.IDEMPOTENCY_KEY, Duration.ofDays(7));
		Housekeeper housekeeper = new Housekeeper(this.store, retentions, INTERVAL, 1000, 1_000_000,
				ArchivePartition.NONE);
		assertThatIllegalStateException().isThrownBy(housekeeper::remove)
			.withMessage("may not remove IDEMPOTENCY_KEY")
			.satisfies((failure) -> assertThat(failure)
				.hasSuppressedException(new IllegalStateException("may not remove ARCHIVED_EVENT")));
		assertThat(this.calls).containsExactly("remove IDEMPOTENCY_KEY 1000", "remove ARCHIVED_EVENT 1000",
				"remove DEAD_LETTER 1000");
		this.calls.clear();
		housekeeper.remove();
		assertThat(this.calls).containsExactly("remove DEAD_LETTER 1000");
		assertThat(wait(housekeeper)).isLessThan(Duration.ofSeconds(1));
	}

	private Housekeeper housekeeper(int rowsPerSecond) {
		return new Housekeeper(this.store, Map.of(Kept.ARCHIVED_EVENT, Duration.ofDays(30)), INTERVAL, 1000,
				rowsPerSecond, ArchivePartition.DAY);
	}

	private static Duration wait(Housekeeper housekeeper) {
		return Duration.ofNanos(housekeeper.work());
	}

}
