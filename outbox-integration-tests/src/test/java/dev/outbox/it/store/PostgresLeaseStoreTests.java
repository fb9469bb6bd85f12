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

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.LeaseStore.Leases;
import dev.outbox.store.LeaseStore.TakenPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Who gets which partitions.
 */
class PostgresLeaseStoreTests {

	private static final Duration TTL = Duration.ofMinutes(1);

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private StoreHarness harness;

	private LeaseStore leases;

	@BeforeEach
	void empty() {
		this.harness = new StoreHarness(database);
		this.leases = this.harness.leases();
	}

	@Test
	void partitionsAreTakenPerTransportAndCarryAnEpoch() {
		UUID one = join("kafka", "rabbit");
		UUID two = join("kafka");
		assertThat(this.leases.observe(one).instances()).containsEntry("kafka", 2).containsEntry("rabbit", 1);
		List<TakenPartition> taken = this.leases.take(one, "kafka", 32);
		assertThat(taken).hasSize(32).allMatch((partition) -> partition.epoch() == 1 && !partition.abandoned());
		assertThat(this.leases.take(two, "kafka", 100)).hasSize(32);
		assertThat(this.leases.take(one, "rabbit", 100)).hasSize(64);
		Leases leases = this.leases.observe(one);
		assertThat(leases.owned().get("kafka")).hasSize(32).containsEntry(taken.get(0).part(), 1L);
		assertThat(leases.owned().get("rabbit")).hasSize(64);
	}

	@Test
	void whatIsGivenBackIsNotAbandoned() {
		UUID one = join("kafka");
		this.leases.take(one, "kafka", 64);
		this.leases.release(one, "kafka", List.of(3, 5));
		UUID two = join("kafka");
		assertThat(this.leases.take(two, "kafka", 64)).extracting(TakenPartition::part, TakenPartition::epoch)
			.containsExactlyInAnyOrder(tuple(3, 2L), tuple(5, 2L));
		this.leases.release(one, "kafka", List.of(3));
		assertThat(this.leases.observe(two).owned().get("kafka")).containsOnlyKeys(3, 5);
		this.leases.leave(one);
		assertThat(this.leases.take(two, "kafka", 64)).hasSize(62).noneMatch(TakenPartition::abandoned);
		assertThat(this.leases.observe(two).instances()).containsEntry("kafka", 1);
	}

	@Test
	void whatAnExpiredInstanceOwnedIsAbandoned() {
		UUID one = UUID.randomUUID();
		this.leases.join(one, Set.of("kafka"), Duration.ofMillis(1));
		this.leases.take(one, "kafka", 64);
		database.sql("UPDATE outbox_partition SET owner = '" + one + "', epoch = 7");
		await().until(() -> !this.leases.renew(one, TTL));
		UUID two = join("kafka");
		assertThat(this.leases.take(two, "kafka", 64)).hasSize(64)
			.allMatch((partition) -> partition.abandoned() && partition.epoch() == 8);
		assertThat(this.leases.renew(one, TTL)).isFalse();
		assertThat(this.leases.take(one, "kafka", 64)).isEmpty();
	}

	@Test
	void aRenewedLeaseLives() {
		UUID one = UUID.randomUUID();
		this.leases.join(one, Set.of("kafka"), Duration.ofSeconds(30));
		assertThat(this.leases.renew(one, TTL)).isTrue();
		assertThat(database.number("SELECT count(*) FROM outbox_instance"
				+ " WHERE expires_at > clock_timestamp() + interval '40 seconds'"))
			.isOne();
		assertThat(this.leases.renew(UUID.randomUUID(), TTL)).isFalse();
	}

	/**
	 * A renewal that is under way when the lease expires is not overtaken by those who
	 * remove expired leases.
	 */
	@Test
	void aLeaseThatIsBeingRenewedIsNotRemoved() throws Exception {
		UUID one = join("kafka");
		this.leases.take(one, "kafka", 64);
		UUID two = join("kafka");
		database.sql("UPDATE outbox_instance SET expires_at = clock_timestamp() - interval '1 second' WHERE id = '"
				+ one + "'");
		try (Connection renewal = database.dataSource().getConnection();
				Statement statement = renewal.createStatement()) {
			renewal.setAutoCommit(false);
			statement.execute("UPDATE outbox_instance SET expires_at = clock_timestamp() + interval '1 minute'"
					+ " WHERE id = '" + one + "'");
			assertThat(this.leases.renew(two, TTL)).isTrue();
			assertThat(this.leases.take(two, "kafka", 64)).isEmpty();
			renewal.commit();
		}
		assertThat(this.leases.take(two, "kafka", 64)).isEmpty();
	}

	/**
	 * Rule 12: of two instances that take at the same time, the second does not take what
	 * the first has just taken, however the server repeats its checks.
	 */
	@Test
	void instancesThatTakeAtTheSameTimeNeverShareAPartition() throws Exception {
		UUID first = join("kafka");
		UUID second = join("kafka");
		CompletableFuture<List<TakenPartition>> waiting;
		try (Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("SELECT pg_advisory_xact_lock(" + StoreHarness.TABLES.lock("partitions") + ')');
			statement.execute("UPDATE outbox_partition SET owner = '" + first + "', epoch = epoch + 1 WHERE part < 40");
			waiting = CompletableFuture.supplyAsync(() -> this.leases.take(second, "kafka", 64));
			await().until(() -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
			connection.commit();
		}
		assertThat(waiting.get()).extracting(TakenPartition::part)
			.containsExactlyInAnyOrderElementsOf(IntStream.range(40, 64).boxed().toList());
		assertThat(this.leases.observe(first).owned().get("kafka")).hasSize(40);
	}

	@Test
	void manyInstancesThatTakeAtOnceShareAllPartitions() {
		for (int round = 0; round < 5; round++) {
			List<UUID> instances = IntStream.range(0, 8).mapToObj((i) -> join("kafka")).toList();
			List<CompletableFuture<List<TakenPartition>>> all = new ArrayList<>();
			for (UUID instance : instances) {
				all.add(CompletableFuture.supplyAsync(() -> this.leases.take(instance, "kafka", 8)));
			}
			Set<Integer> parts = new HashSet<>();
			all.forEach(
					(taken) -> taken.join().forEach((partition) -> assertThat(parts.add(partition.part())).isTrue()));
			assertThat(parts).hasSize(64);
			instances.forEach(this.leases::leave);
		}
	}

	@Test
	void manyInstancesThatJoinAtOnceCreateThePartitionsOnce() {
		List<CompletableFuture<UUID>> all = IntStream.range(0, 8)
			.mapToObj((i) -> CompletableFuture.supplyAsync(() -> join("a", "b", "c")))
			.toList();
		all.forEach(CompletableFuture::join);
		assertThat(database.number("SELECT count(*) FROM outbox_partition")).isEqualTo(3 * 64);
	}

	@Test
	void whatIsHeldBackIsObserved() {
		UUID one = join("kafka");
		Destination orders = new Destination("kafka", "orders");
		HoldStore holds = this.harness.dialect().holdStore(database.dataSource(), StoreHarness.TABLES);
		assertThat(holds.pause(orders)).isTrue();
		assertThat(holds.pause(orders)).isFalse();
		database.sql("INSERT INTO outbox_blocked_key VALUES ('kafka', 'orders', 'k', now())");
		Leases leases = this.leases.observe(one);
		assertThat(leases.pausedDestinations()).containsExactly(orders);
		assertThat(leases.blockedKeys()).containsExactly(new BlockedKey(orders, "k"));
		assertThat(holds.resume(orders)).isTrue();
		assertThat(holds.resume(orders)).isFalse();
		assertThat(holds.unblock(orders, "k")).isTrue();
		assertThat(holds.unblock(orders, "k")).isFalse();
		assertThat(this.leases.observe(one).pausedDestinations()).isEmpty();
		assertThat(this.leases.observe(one).blockedKeys()).isEmpty();
	}

	private UUID join(String... transports) {
		UUID instance = UUID.randomUUID();
		this.leases.join(instance, Set.of(transports), TTL);
		return instance;
	}

}
