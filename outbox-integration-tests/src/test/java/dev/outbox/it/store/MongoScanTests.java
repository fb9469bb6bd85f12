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

import com.mongodb.client.model.Filters;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.test.contract.LateRowsContract;
import dev.outbox.test.contract.Scan;
import dev.outbox.test.contract.Transaction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scans in MongoDB.
 */
class MongoScanTests extends LateRowsContract {

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
	 * What waits elsewhere stays, and what was between is gone.
	 */
	@Test
	void behindManyHolesTheScanGoesOn() {
		insertWithHoles("a", 2500);
		Scan scan = this.harness.scan();
		List<String> found = new ArrayList<>();
		for (int i = 0; i < 40 && found.size() < 2500; i++) {
			found.addAll(scan.poll(100));
		}
		assertThat(found).hasSize(2500).doesNotHaveDuplicates();
	}

	/**
	 * Not all numbers are asked for then.
	 */
	@Test
	void behindManyHolesKeysKeepTheirOrder() {
		Scan scan = this.harness.scan();
		List<Transaction> early = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			early.add(this.harness.begin().insert("k" + i, i + "-1"));
			insertWithHoles("a", 300);
		}
		scan.drain(1000);
		early.forEach(Transaction::commitAndClose);
		for (int i = 0; i < 8; i++) {
			this.harness.insert("k" + i, i + "-2");
		}
		List<String> found = scan.poll();
		for (int i = 0; i < 8; i++) {
			assertThat(found).containsSubsequence(i + "-1", i + "-2");
		}
	}

	/**
	 * Neither the oldest ones nor the newest are asked for again and again while others
	 * are not.
	 */
	@Test
	void behindManyHolesWhatCommitsLateIsFoundByTurns() {
		Scan scan = this.harness.scan();
		insertWithHoles("a", 2500);
		try (Transaction late = this.harness.begin()) {
			late.insert("late", "late");
			insertWithHoles("a", 2500);
			scan.drain(1000);
			late.commit();
		}
		List<String> found = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			found.addAll(scan.poll());
		}
		assertThat(found).containsExactly("late");
	}

	/**
	 * Writes events of which every other one has been delivered.
	 */
	private void insertWithHoles(String key, int count) {
		try (Transaction transaction = this.harness.begin()) {
			transaction.insertMany(2 * count, key);
			transaction.commit();
		}
		this.harness.collection("event").deleteMany(Filters.and(Filters.eq("key", key), Filters.mod("seq", 2, 0)));
	}

}
