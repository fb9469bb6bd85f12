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

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.test.contract.Transaction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What is kept for a time in MongoDB.
 */
class MongoHousekeepingStoreTests extends DatabaseHousekeepingStoreContract {

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

	@Override
	Transaction lock() {
		return this.harness.begin()
			.with((mongo) -> mongo.getCollection("outbox_setting")
				.updateOne(Filters.eq("_id", "lock.housekeeping"), Updates.inc("value", 1L),
						new UpdateOptions().upsert(true)));
	}

}
