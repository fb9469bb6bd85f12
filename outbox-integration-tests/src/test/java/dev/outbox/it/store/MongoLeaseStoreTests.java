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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.LeaseStore.TakenPartition;
import dev.outbox.store.mongo.MongoStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who gets which partitions in MongoDB.
 */
class MongoLeaseStoreTests extends DatabaseLeaseStoreContract {

	@RegisterExtension
	static MongoTestDatabase database = MongoTestDatabase.fresh();

	private MongoStoreHarness harness;

	@BeforeEach
	void empty() {
		this.harness = new MongoStoreHarness(database);
	}

	@Override
	protected MongoStoreHarness harness() {
		return this.harness;
	}

	// Who is there at the same time

	/**
	 * Between any two commands of one that takes, another one joins and takes what it
	 * gets.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 6, 7, 8, 9 })
	void whoComesBetweenKeepsWhatItHasTaken(int command) {
		UUID dead = join("kafka");
		this.harness.leases().take(dead, "kafka", 64);
		UUID slow = UUID.randomUUID();
		UUID fast = UUID.randomUUID();
		List<TakenPartition> gotFast = new ArrayList<>();
		AtomicInteger commands = new AtomicInteger(-1);
		try (MongoClient client = MongoCollections.listening(database, (event) -> {
			if (commands.get() >= 0 && commands.incrementAndGet() == command) {
				this.harness.leases().join(fast, "test", Set.of("kafka"), TTL);
				gotFast.addAll(this.harness.leases().take(fast, "kafka", 64));
			}
		})) {
			LeaseStore leases = new MongoStore(client, database.name(), MongoStoreHarness.NAMES).leaseStore(64);
			leases.join(slow, "test", Set.of("kafka"), TTL);
			this.harness.collection("instance").deleteOne(Filters.ne("_id", slow));
			commands.set(0);
			List<TakenPartition> gotSlow = leases.take(slow, "kafka", 64);
			commands.set(-1);
			assertThat(parts(gotSlow)).doesNotContainAnyElementsOf(parts(gotFast));
			int left = 64 - gotFast.size() - gotSlow.size();
			assertThat(leases.take(slow, "kafka", 64)).hasSize(left);
			assertThat(leases.observe(fast).owned().getOrDefault("kafka", Map.of()).keySet())
				.containsExactlyInAnyOrderElementsOf(parts(gotFast));
		}
	}

	/**
	 * Others may have taken over already what it would deliver.
	 */
	@Test
	void whoHasNoLeaseAnyMoreTakesNothing() {
		UUID late = join("kafka");
		this.harness.expireLeases(1);
		assertThat(this.harness.leases().take(late, "kafka", 64)).isEmpty();
		assertThat(this.harness.leases().take(join("kafka"), "kafka", 64)).hasSize(64);
	}

	private static List<Integer> parts(List<TakenPartition> taken) {
		return taken.stream().map(TakenPartition::part).toList();
	}

	/**
	 * The server ends the transaction of an owner that has stopped after a minute only.
	 */
	@Test
	void aPartitionThatATransactionHoldsKeepsNobodyFromTheOthers() {
		UUID dead = join("kafka");
		this.harness.leases().take(dead, "kafka", 64);
		this.harness.expireLeases(1);
		UUID one = join("kafka");
		try (MongoTransaction open = this.harness.begin()
			.with((mongo) -> mongo.getCollection("outbox_partition")
				.updateOne(Filters.eq("_id", "kafka/3"), Updates.inc("guard", 1L)))) {
			assertThat(open).isNotNull();
			assertThat(parts(this.harness.leases().take(one, "kafka", 64))).hasSize(63).doesNotContain(3);
			assertThat(this.harness.leases().renew(one, TTL)).isTrue();
		}
		assertThat(parts(this.harness.leases().take(one, "kafka", 64))).containsExactly(3);
	}

	/**
	 * An instance that has stopped while it took something.
	 */
	@Test
	void anInstanceThatATransactionHoldsKeepsNobodyFromRenewing() {
		UUID dead = join("kafka");
		this.harness.expireLeases(0);
		UUID one = join("kafka");
		try (MongoTransaction open = this.harness.begin()
			.with((mongo) -> mongo.getCollection("outbox_instance")
				.updateOne(Filters.eq("_id", dead), Updates.inc("takes", 1L)))) {
			assertThat(open).isNotNull();
			assertThat(this.harness.leases().renew(one, TTL)).isTrue();
			assertThat(this.harness.leases().take(one, "kafka", 64)).hasSize(64);
			assertThat(this.harness.count("instance")).isEqualTo(2);
		}
		assertThat(this.harness.leases().renew(one, TTL)).isTrue();
		assertThat(this.harness.count("instance")).isOne();
	}

}
