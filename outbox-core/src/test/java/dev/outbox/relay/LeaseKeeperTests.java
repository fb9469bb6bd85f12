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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.outbox.store.LeaseStore;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class LeaseKeeperTests {

	private final RecordingStore store = new RecordingStore();

	private final LeaseKeeper keeper = new LeaseKeeper(this.store, RelaySettings.defaults());

	/**
	 * As where another transaction has written their documents, until that ends.
	 */
	@Test
	void partitionsThatCannotBeGivenBackDoNotCostTheLease() {
		this.keeper.turn();
		this.keeper.vacated("kafka", Set.of(1));
		this.store.releases = false;
		for (int i = 0; i < 2; i++) {
			this.keeper.failed(new IllegalStateException());
			this.store.calls.clear();
			assertThatIllegalStateException().isThrownBy(this.keeper::turn);
			assertThat(this.store.calls).containsExactly("renew", "release");
		}
		assertThat(this.keeper.isLeased()).isTrue();
	}

	/**
	 * What is still owned when the lanes are told is theirs again.
	 */
	@Test
	void whatIsGivenBackIsNotOwnedAnyMoreWhenTheLanesAreTold() {
		this.keeper.turn();
		this.keeper.vacated("kafka", Set.of(1));
		this.keeper.refresh();
		this.store.calls.clear();
		this.keeper.turn();
		assertThat(this.store.calls).containsExactly("renew", "release", "observe");
	}

	private static final class RecordingStore implements LeaseStore {

		private final List<String> calls = new ArrayList<>();

		private boolean releases = true;

		@Override
		public void join(UUID instance, String name, Set<String> transports, Duration ttl) {
			this.calls.add("join");
		}

		@Override
		public boolean renew(UUID instance, Duration ttl) {
			this.calls.add("renew");
			return true;
		}

		@Override
		public Leases observe(UUID instance) {
			this.calls.add("observe");
			return new Leases(Map.of(), Map.of(), Set.of(), Set.of());
		}

		@Override
		public List<TakenPartition> take(UUID instance, String transport, int count) {
			this.calls.add("take");
			return List.of();
		}

		@Override
		public void release(UUID instance, String transport, Collection<Integer> parts) {
			this.calls.add("release");
			if (!this.releases) {
				throw new IllegalStateException("asked for by the test");
			}
		}

		@Override
		public void leave(UUID instance) {
			this.calls.add("leave");
		}

	}

}
