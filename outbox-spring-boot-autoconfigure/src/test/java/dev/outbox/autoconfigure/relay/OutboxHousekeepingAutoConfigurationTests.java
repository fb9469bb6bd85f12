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

package dev.outbox.autoconfigure.relay;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.relay.Housekeeper;
import dev.outbox.store.ArchivePartition;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxHousekeepingAutoConfigurationTests {

	private static final Duration DAY = Duration.ofDays(1);

	private final RecordingStore store = new RecordingStore();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(OutboxHousekeepingAutoConfiguration.class))
		.withBean(HousekeepingStore.class, () -> this.store)
		.withPropertyValues("outbox.cleanup.interval=5ms");

	@Test
	void deadLettersAndTheArchiveNeverExpireByThemselves() {
		this.runner.withPropertyValues("outbox.published.mode=archive").run((context) -> awaitWork());
		assertThat(this.store.retentions).isEqualTo(Map.of(Kept.IDEMPOTENCY_KEY, DAY.multipliedBy(7)));
		assertThat(this.store.partitions).isEmpty();
	}

	@Test
	void eachExpiresAsItIsTold() {
		this.runner
			.withPropertyValues("outbox.published.mode=archive", "outbox.published.retention=30d",
					"outbox.published.partition=month", "outbox.dead-letter.retention=90d")
			.run((context) -> awaitWork());
		assertThat(this.store.retentions).isEqualTo(Map.of(Kept.IDEMPOTENCY_KEY, DAY.multipliedBy(7),
				Kept.ARCHIVED_EVENT, DAY.multipliedBy(30), Kept.DEAD_LETTER, DAY.multipliedBy(90)));
		assertThat(this.store.partitions).isEqualTo(Map.of(ArchivePartition.MONTH, DAY.multipliedBy(30)));
	}

	/**
	 * What was archived before expires all the same.
	 */
	@Test
	void withoutAnArchiveThereAreNoNewPartitions() {
		this.runner.withPropertyValues("outbox.published.retention=30d").run((context) -> awaitWork());
		assertThat(this.store.retentions).containsKey(Kept.ARCHIVED_EVENT);
		assertThat(this.store.partitions).containsOnlyKeys(ArchivePartition.NONE);
	}

	@Test
	void anInstanceCanLeaveItToOthers() {
		this.runner.withPropertyValues("outbox.cleanup.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(Housekeeper.class));
	}

	private void awaitWork() {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.store.retentions.containsKey(Kept.IDEMPOTENCY_KEY) && this.store.rounds > 2);
	}

	private static final class RecordingStore implements HousekeepingStore {

		private final Map<Kept, Duration> retentions = new ConcurrentHashMap<>();

		private final Map<ArchivePartition, Duration> partitions = new ConcurrentHashMap<>();

		private volatile int rounds;

		@Override
		public int removeExpired(Kept what, Duration retention, int limit) {
			this.retentions.put(what, retention);
			if (what == Kept.IDEMPOTENCY_KEY) {
				this.rounds++;
			}
			return 0;
		}

		@Override
		public void maintainArchive(Duration retention, ArchivePartition partition) {
			this.partitions.put(partition, retention);
		}

	}

}
