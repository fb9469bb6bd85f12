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

package dev.outbox.store.mongo;

import java.time.Duration;
import java.util.List;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.CountOptions;
import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;

/**
 * Measures the backlog by counting a little, and else by what the server knows without
 * counting.
 */
final class MongoBacklogStore implements BacklogStore {

	private static final int COUNTED = 10_000;

	private static final String AGE = "age";

	private final MongoCollection<BsonDocument> events;

	private final MongoCollection<BsonDocument> scheduled;

	private final MongoCollection<BsonDocument> dead;

	MongoBacklogStore(MongoWork work) {
		this.events = work.collection(CollectionNames.EVENT);
		this.scheduled = work.collection(CollectionNames.SCHEDULED);
		this.dead = work.collection(CollectionNames.DEAD_LETTER);
	}

	@Override
	public Backlog measure(long fromSeq) {
		BsonDocument waiting = MongoWork.is(EventDocuments.SEQ, "$gte", new BsonInt64(fromSeq));
		List<BsonDocument> oldest = MongoWork.all(this.events.aggregate(List.of(new BsonDocument("$match", waiting),
				new BsonDocument("$sort", new BsonDocument(EventDocuments.SEQ, new BsonInt32(1))),
				new BsonDocument("$limit", new BsonInt32(1)), new BsonDocument("$project", new BsonDocument(AGE,
						EventDocuments.millisBetween('$' + EventDocuments.CREATED_AT, "$$NOW"))))));
		if (oldest.isEmpty()) {
			return new Backlog(0, Duration.ZERO, count(this.scheduled), count(this.dead));
		}
		return new Backlog(count(this.events, waiting),
				Duration.ofMillis(Math.max(0, BsonValues.number(oldest.get(0), AGE))), count(this.scheduled),
				count(this.dead));
	}

	private static long count(MongoCollection<BsonDocument> collection) {
		return count(collection, new BsonDocument());
	}

	private static long count(MongoCollection<BsonDocument> collection, BsonDocument filter) {
		long counted = collection.countDocuments(filter, new CountOptions().limit(COUNTED + 1));
		return (counted <= COUNTED) ? counted : Math.max(counted, collection.estimatedDocumentCount());
	}

}
