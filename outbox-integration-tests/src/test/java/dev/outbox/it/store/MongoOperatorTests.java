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
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.mongodb.client.model.Updates;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.store.AuditAction;
import dev.outbox.store.AuditEntry;
import dev.outbox.store.ClusterStore.Ownership;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.Operator;
import dev.outbox.test.contract.Deaths;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What operators see and hold back in MongoDB.
 */
class MongoOperatorTests extends OperatorContract {

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

	/**
	 * Nobody waits: all but one are in the way, and look again.
	 */
	@Test
	void ofManyOperatorsOneChangesSomething() {
		Operator operator = new Operator("test");
		HoldStore holds = this.harness.holds();
		new Deaths(this.harness).blocking("a");
		assertThatOneOfManyDoes(() -> holds.pause(DatabaseHarness.ORDERS, operator));
		assertThatOneOfManyDoes(() -> holds.resume(DatabaseHarness.ORDERS, operator));
		assertThatOneOfManyDoes(() -> holds.unblock(DatabaseHarness.ORDERS, "a", operator));
		assertThat(this.harness.audit().list(Long.MAX_VALUE, 100)).extracting(AuditEntry::action)
			.containsExactly(AuditAction.UNBLOCK, AuditAction.RESUME, AuditAction.PAUSE);
	}

	private static void assertThatOneOfManyDoes(Supplier<Boolean> change) {
		List<CompletableFuture<Boolean>> all = Stream.generate(() -> CompletableFuture.supplyAsync(change))
			.limit(6)
			.toList();
		assertThat(all.stream().map(CompletableFuture::join).filter((changed) -> changed)).hasSize(1);
	}

	/**
	 * All partitions have a document from the start.
	 */
	@Test
	void aPartitionThatNobodyHasTakenIsNotSeen() {
		LeaseStore leases = this.harness.leases();
		UUID one = UUID.randomUUID();
		leases.join(one, "test", Set.of("test"), Duration.ofMinutes(5));
		leases.take(one, "test", 3);
		assertThat(this.harness.cluster().observe(1).partitions()).hasSize(3)
			.extracting(Ownership::epoch)
			.containsOnly(1L);
	}

	@Test
	void noMoreDeadLettersAreTakenThanMemoryHolds() {
		Deaths deaths = new Deaths(this.harness);
		for (String key : List.of("a", "b", "c")) {
			deaths.forwarded(key);
		}
		this.harness.collection("dead_letter")
			.updateMany(new Document(), Updates.combine(Updates.set("payload", new Binary(new byte[5 << 20])),
					Updates.set("payloadSize", 5 << 20)));
		for (int i = 0; i < 3; i++) {
			assertThat(this.harness.forwards().take(10, Duration.ofMinutes(1))).hasSize(1);
		}
		assertThat(this.harness.forwards().take(10, Duration.ofMinutes(1))).isEmpty();
	}

}
