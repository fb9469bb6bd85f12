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
	MongoStoreHarness harness() {
		return this.harness;
	}

	/**
	 * What waits elsewhere stays, and what was between is gone.
	 */
	@Test
	void behindManyHolesTheScanGoesOn() {
		insertWithHoles("a", 3000);
		Scan scan = this.harness.scan();
		List<String> found = new ArrayList<>();
		for (int i = 0; i < 40 && found.size() < 3000; i++) {
			found.addAll(scan.poll(100));
		}
		assertThat(found).hasSize(3000).doesNotHaveDuplicates();
	}

	/**
	 * Not all numbers are asked for then.
	 */
	@Test
	void behindManyHolesAKeyKeepsItsOrder() {
		Scan scan = this.harness.scan();
		try (Transaction early = this.harness.begin().insert("k", "k-1")) {
			insertWithHoles("a", 5000);
			scan.drain(1000);
			early.commit();
		}
		this.harness.insert("k", "k-2");
		assertThat(scan.poll()).containsExactly("k-1", "k-2");
	}

	@Test
	void behindManyHolesWhatCommitsLateIsFoundByTurns() {
		Scan scan = this.harness.scan();
		try (Transaction late = this.harness.begin()) {
			late.insert("late", "late");
			insertWithHoles("a", 5000);
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
