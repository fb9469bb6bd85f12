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

package dev.outbox.test.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.LeaseStore.Leases;
import dev.outbox.store.LeaseStore.TakenPartition;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.Operator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Who gets which partitions, by a {@link LeaseStore}, and what is held back, by a
 * {@link HoldStore}.
 */
public abstract class LeaseStoreContract {

	/**
	 * How long leases last that do not expire during a test.
	 */
	protected static final Duration TTL = Duration.ofMinutes(1);

	private static final Operator ANN = new Operator("ann");

	private static final Duration SHORT = Duration.ofSeconds(15);

	/**
	 * Returns the store, which is empty when a test begins: the same one whenever it is
	 * asked for during a test.
	 * @return what the test needs of it
	 */
	protected abstract StoreHarness harness();

	private LeaseStore leases() {
		return harness().leases();
	}

	@Test
	protected void partitionsAreTakenPerTransportAndCarryAnEpoch() {
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
	protected void whatIsGivenBackIsNotAbandoned() {
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
	protected void whatAnExpiredInstanceOwnedIsAbandoned() {
		UUID one = join("kafka");
		assertThat(leases().take(one, "kafka", 64)).hasSize(64);
		assertThat(leases().renew(one, Duration.ofMillis(1))).isTrue();
		UUID two = join("kafka");
		List<TakenPartition> taken = new ArrayList<>();
		await().atMost(TTL).untilAsserted(() -> {
			taken.addAll(leases().take(two, "kafka", 64));
			assertThat(taken).hasSize(64);
		});
		assertThat(taken).allMatch((partition) -> partition.abandoned() && partition.epoch() == 2);
		assertThat(leases().renew(one, TTL)).isFalse();
		assertThat(leases().take(one, "kafka", 64)).isEmpty();
		assertThat(leases().observe(one).owned().getOrDefault("kafka", Map.of())).isEmpty();
	}

	/**
	 * It outlives one that was as long, and is younger.
	 */
	@Test
	protected void aRenewedLeaseLives() {
		UUID one = UUID.randomUUID();
		leases().join(one, "test", Set.of("kafka"), SHORT);
		assertThat(leases().renew(one, TTL)).isTrue();
		leases().join(UUID.randomUUID(), "test", Set.of("kafka"), SHORT);
		await().atMost(TTL).until(() -> leases().observe(one).instances().getOrDefault("kafka", 0) < 2);
		assertThat(leases().renew(one, TTL)).isTrue();
		assertThat(leases().observe(one).instances()).containsEntry("kafka", 1);
		assertThat(leases().renew(UUID.randomUUID(), TTL)).isFalse();
	}

	@Test
	protected void manyInstancesThatTakeAtOnceShareAllPartitions() {
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
	protected void whatIsHeldBackIsObserved() {
		Claim claim = harness().claim("a");
		Destination orders = StoreHarness.ORDERS;
		HoldStore holds = harness().holds();
		assertThat(holds.pause(orders, ANN)).isTrue();
		assertThat(holds.pause(orders, ANN)).isFalse();
		harness().insert("a", "head");
		EventRef head = harness().scan().step(Long.MAX_VALUE, 1, Long.MAX_VALUE).events().get(0).ref();
		assertThat(harness().relay()
			.deadLetter(claim, head, new GivenUp("no", "0123456789abcdef", null, true, true, false))).isTrue();
		Leases leases = leases().observe(claim.owner());
		assertThat(leases.pausedDestinations()).containsExactly(orders);
		assertThat(leases.blockedKeys()).containsExactly(new BlockedKey(orders, "a"));
		assertThat(holds.resume(orders, ANN)).isTrue();
		assertThat(holds.resume(orders, ANN)).isFalse();
		assertThat(holds.unblock(orders, "a", ANN)).isTrue();
		assertThat(holds.unblock(orders, "a", ANN)).isFalse();
		assertThat(leases().observe(claim.owner()).pausedDestinations()).isEmpty();
		assertThat(leases().observe(claim.owner()).blockedKeys()).isEmpty();
	}

	/**
	 * A broker that is down must not hold up another one, nor come back by a restart.
	 */
	@Test
	protected void aPauseIsOfOneDestinationOfOneBrokerAndOutlivesTheInstances() {
		Destination orders = StoreHarness.ORDERS;
		Destination elsewhere = new Destination("other", orders.name());
		HoldStore holds = harness().holds();
		assertThat(holds.pause(orders, ANN)).isTrue();
		UUID one = join("test", "other");
		assertThat(leases().observe(one).pausedDestinations()).containsExactly(orders);
		assertThat(holds.resume(elsewhere, ANN)).isFalse();
		assertThat(holds.resume(new Destination("test", "bills"), ANN)).isFalse();
		assertThat(holds.pause(elsewhere, ANN)).isTrue();
		assertThat(holds.resume(orders, ANN)).isTrue();
		leases().leave(one);
		UUID two = join("test", "other");
		assertThat(leases().observe(two).pausedDestinations()).containsExactly(elsewhere);
	}

	/**
	 * Lets an instance join.
	 * @param transports what it can send through
	 * @return its id
	 */
	protected final UUID join(String... transports) {
		UUID instance = UUID.randomUUID();
		leases().join(instance, "test", Set.of(transports), TTL);
		return instance;
	}

}
