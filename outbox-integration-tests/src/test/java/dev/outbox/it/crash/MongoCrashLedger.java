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

package dev.outbox.it.crash;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import dev.outbox.OutboxPublisher;
import org.bson.Document;

import org.springframework.data.mongodb.core.FindAndModifyOptions;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.query.Criteria;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.data.mongodb.core.query.Update;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A ledger in documents. It counts up the keys when the events have been written: nobody
 * but the outbox keeps two transactions from writing events of one key at a time, and
 * what is rolled back has taken numbers.
 */
class MongoCrashLedger extends CrashLedger {

	static final String KEYS = "crash_key";

	static final String COMMITS = "crash_commit";

	static final String NAME = "name";

	static final String NUMBER = "n";

	private final MongoTemplate mongo;

	private final OutboxPublisher outbox;

	MongoCrashLedger(MongoTemplate mongo, OutboxPublisher outbox, String... destinations) {
		super(destinations);
		this.mongo = mongo;
		this.outbox = outbox;
	}

	@Override
	@Retryable(predicate = TransientTransaction.class, maxRetries = 5, delay = 20, multiplier = 2, jitter = 10)
	@Transactional
	public void count(List<String> keys, Duration holdOpen, boolean rollBack) {
		Map<UUID, String> published = new LinkedHashMap<>();
		for (String key : keys) {
			UUID id = UUID.randomUUID();
			this.outbox.publish(message(id, key).payload("{}").build());
			published.put(id, key);
		}
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			/**
			 * The outbox, which was registered first, has written the events.
			 */
			@Override
			public void beforeCommit(boolean readOnly) {
				published.forEach(MongoCrashLedger.this::count);
				end(holdOpen, rollBack);
			}

		});
	}

	private void count(UUID id, String key) {
		Document counted = this.mongo.findAndModify(Query.query(Criteria.where("_id").is(key)),
				new Update().inc(NUMBER, 1L), FindAndModifyOptions.options().returnNew(true), Document.class, KEYS);
		this.mongo.insert(new Document("_id", id.toString()).append(NAME, key)
			.append(NUMBER, Objects.requireNonNull(counted).getLong(NUMBER)), COMMITS);
	}

}
