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

package dev.outbox.it.store;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.outbox.store.LeaseStore.TakenPartition;
import dev.outbox.test.contract.LeaseStoreContract;
import dev.outbox.test.contract.Transaction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who gets which partitions, seen in the database itself: on every one of ours.
 */
abstract class DatabaseLeaseStoreContract extends LeaseStoreContract {

	@Override
	protected abstract DatabaseHarness harness();

	@Test
	void anEpochGoesOnWhereverItIs() {
		UUID one = join("kafka");
		harness().leases().take(one, "kafka", 64);
		harness().expireLeases(7);
		assertThat(harness().leases().renew(one, TTL)).isFalse();
		UUID two = join("kafka");
		assertThat(harness().leases().take(two, "kafka", 64)).hasSize(64)
			.allMatch((partition) -> partition.abandoned() && partition.epoch() == 8)
			.extracting(TakenPartition::part)
			.doesNotHaveDuplicates();
	}

	@Test
	void aRenewedLeaseLastsAsLongAsItIsTold() {
		UUID one = UUID.randomUUID();
		harness().leases().join(one, "test", Set.of("kafka"), Duration.ofSeconds(30));
		assertThat(harness().leases().renew(one, TTL)).isTrue();
		assertThat(harness().instancesThatLiveFor(Duration.ofSeconds(40))).isOne();
	}

	/**
	 * A renewal that is under way when the lease expires is not overtaken by those who
	 * remove expired leases.
	 */
	@Test
	void aLeaseThatIsBeingRenewedIsNotRemoved() {
		UUID one = join("kafka");
		harness().leases().take(one, "kafka", 64);
		UUID two = join("kafka");
		try (Transaction renewal = harness().beginRenewal(one)) {
			assertThat(harness().leases().renew(two, TTL)).isTrue();
			assertThat(harness().leases().take(two, "kafka", 64)).isEmpty();
			renewal.commit();
		}
		assertThat(harness().leases().take(two, "kafka", 64)).isEmpty();
	}

	@Test
	void manyInstancesThatJoinAtOnceCreateThePartitionsOnce() {
		List<CompletableFuture<UUID>> all = IntStream.range(0, 8)
			.mapToObj((i) -> CompletableFuture.supplyAsync(() -> join("a", "b", "c")))
			.toList();
		all.forEach(CompletableFuture::join);
		assertThat(harness().count("partition")).isEqualTo(3 * 64);
	}

}
