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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.LeaseStore.Leases;
import dev.outbox.store.LeaseStore.TakenPartition;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.Operator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Who gets which partitions: on every database.
 */
abstract class LeaseStoreContract {

	static final Duration TTL = Duration.ofMinutes(1);

	abstract StoreHarness harness();

	private LeaseStore leases() {
		return harness().leases();
	}

	@Test
	void partitionsAreTakenPerTransportAndCarryAnEpoch() {
		UUID one = join("kafka", "rabbit");
		UUID two = join("kafka");
		assertThat(leases().observe(one).instances()).containsEntry("kafka", 2).containsEntry("rabbit", 1);
		List<TakenPartition> taken = leases().take(one, "kafka", 32);
		assertThat(taken).hasSize(32).allMatch((partition) -> partition.epoch() == 1 && !partition.abandoned());
		assertThat(leases().take(two, "kafka", 100)).hasSize(32);
		assertThat(leases().take(one, "rabbit", 100)).hasSize(64);
		Leases leases = leases().observe(one);
		assertThat(leases.owned().get("kafka")).hasSize(32).containsEntry(taken.get(0).part(), 1L);
		assertThat(leases.owned().get("rabbit")).hasSize(64);
	}

	@Test
	void whatIsGivenBackIsNotAbandoned() {
		UUID one = join("kafka");
		leases().take(one, "kafka", 64);
		leases().release(one, "kafka", List.of(3, 5));
		UUID two = join("kafka");
		assertThat(leases().take(two, "kafka", 64)).extracting(TakenPartition::part, TakenPartition::epoch)
			.containsExactlyInAnyOrder(tuple(3, 2L), tuple(5, 2L));
		leases().release(one, "kafka", List.of(3));
		assertThat(leases().observe(two).owned().get("kafka")).containsOnlyKeys(3, 5);
		leases().leave(one);
		assertThat(leases().take(two, "kafka", 64)).hasSize(62).noneMatch(TakenPartition::abandoned);
		assertThat(leases().observe(two).instances()).containsEntry("kafka", 1);
	}

	@Test
	void whatAnExpiredInstanceOwnedIsAbandoned() {
		UUID one = join("kafka");
		leases().take(one, "kafka", 64);
		harness().expireLeases(7);
		assertThat(leases().renew(one, TTL)).isFalse();
		UUID two = join("kafka");
		assertThat(leases().take(two, "kafka", 64)).hasSize(64)
			.allMatch((partition) -> partition.abandoned() && partition.epoch() == 8);
		assertThat(leases().renew(one, TTL)).isFalse();
		assertThat(leases().take(one, "kafka", 64)).isEmpty();
	}

	@Test
	void aRenewedLeaseLives() {
		UUID one = UUID.randomUUID();
		leases().join(one, "test", Set.of("kafka"), Duration.ofSeconds(30));
		assertThat(leases().renew(one, TTL)).isTrue();
		assertThat(harness().instancesThatLiveFor(Duration.ofSeconds(40))).isOne();
		assertThat(leases().renew(UUID.randomUUID(), TTL)).isFalse();
	}

	/**
	 * A renewal that is under way when the lease expires is not overtaken by those who
	 * remove expired leases.
	 */
	@Test
	void aLeaseThatIsBeingRenewedIsNotRemoved() {
		UUID one = join("kafka");
		leases().take(one, "kafka", 64);
		UUID two = join("kafka");
		try (Transaction renewal = harness().beginRenewal(one)) {
			assertThat(leases().renew(two, TTL)).isTrue();
			assertThat(leases().take(two, "kafka", 64)).isEmpty();
			renewal.commit();
		}
		assertThat(leases().take(two, "kafka", 64)).isEmpty();
	}

	@Test
	void manyInstancesThatTakeAtOnceShareAllPartitions() {
		for (int round = 0; round < 5; round++) {
			List<UUID> instances = IntStream.range(0, 8).mapToObj((i) -> join("kafka")).toList();
			List<CompletableFuture<List<TakenPartition>>> all = new ArrayList<>();
			for (UUID instance : instances) {
				all.add(CompletableFuture.supplyAsync(() -> leases().take(instance, "kafka", 8)));
			}
			Set<Integer> parts = new HashSet<>();
			all.forEach(
					(taken) -> taken.join().forEach((partition) -> assertThat(parts.add(partition.part())).isTrue()));
			// Who was in the way of others for long takes the rest later.
			leases().take(instances.get(0), "kafka", 64)
				.forEach((partition) -> assertThat(parts.add(partition.part())).isTrue());
			assertThat(parts).hasSize(64);
			instances.forEach(leases()::leave);
		}
	}

	@Test
	void manyInstancesThatJoinAtOnceCreateThePartitionsOnce() {
		List<CompletableFuture<UUID>> all = IntStream.range(0, 8)
			.mapToObj((i) -> CompletableFuture.supplyAsync(() -> join("a", "b", "c")))
			.toList();
		all.forEach(CompletableFuture::join);
		assertThat(harness().count("partition")).isEqualTo(3 * 64);
	}

	@Test
	void whatIsHeldBackIsObserved() {
		UUID one = join("kafka");
		Destination orders = new Destination("kafka", "orders");
		HoldStore holds = harness().holds();
		assertThat(holds.pause(orders, new Operator("test"))).isTrue();
		assertThat(holds.pause(orders, new Operator("test"))).isFalse();
		harness().block(orders, "k");
		Leases leases = leases().observe(one);
		assertThat(leases.pausedDestinations()).containsExactly(orders);
		assertThat(leases.blockedKeys()).containsExactly(new BlockedKey(orders, "k"));
		assertThat(holds.resume(orders, new Operator("test"))).isTrue();
		assertThat(holds.resume(orders, new Operator("test"))).isFalse();
		assertThat(holds.unblock(orders, "k", new Operator("test"))).isTrue();
		assertThat(holds.unblock(orders, "k", new Operator("test"))).isFalse();
		assertThat(leases().observe(one).pausedDestinations()).isEmpty();
		assertThat(leases().observe(one).blockedKeys()).isEmpty();
	}

	UUID join(String... transports) {
		UUID instance = UUID.randomUUID();
		leases().join(instance, "test", Set.of(transports), TTL);
		return instance;
	}

}
