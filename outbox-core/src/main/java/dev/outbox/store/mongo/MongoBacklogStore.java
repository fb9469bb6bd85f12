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
import dev.outbox.Destination;
import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogSample;
import dev.outbox.store.BacklogSample.Group;
import dev.outbox.store.BacklogStore;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * Measures the backlog by counting a little, and else by what the server knows without
 * counting.
 */
final class MongoBacklogStore implements BacklogStore {

	private static final String AGE = "age";

	private static final String COUNT = "count";

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
		BacklogSample oldest = sample(fromSeq, 1, BacklogSample.LIMIT + 1);
		if (oldest.isComplete()) {
			return oldest.counted(count(this.scheduled), count(this.dead));
		}
		return oldest.estimated(sample(fromSeq, -1, BacklogSample.LIMIT),
				Math.max(oldest.events(), this.events.estimatedDocumentCount()), count(this.scheduled),
				count(this.dead));
	}

	/**
	 * Looks at some events from one end, in the order of an index.
	 */
	private BacklogSample sample(long fromSeq, int direction, int limit) {
		BsonDocument waiting = MongoWork.is(EventDocuments.SEQ, "$gte", new BsonInt64(fromSeq));
		BsonDocument destination = new BsonDocument(EventDocuments.TRANSPORT, field(EventDocuments.TRANSPORT))
			.append(EventDocuments.DESTINATION, field(EventDocuments.DESTINATION));
		BsonDocument group = new BsonDocument(EventDocuments.ID, destination)
			.append(COUNT, new BsonDocument("$sum", new BsonInt32(1)))
			.append(AGE, new BsonDocument("$max", field(AGE)))
			.append(EventDocuments.SEQ, new BsonDocument("$min", field(EventDocuments.SEQ)));
		BsonDocument needed = new BsonDocument(EventDocuments.TRANSPORT, new BsonInt32(1))
			.append(EventDocuments.DESTINATION, new BsonInt32(1))
			.append(EventDocuments.SEQ, new BsonInt32(1))
			.append(AGE, EventDocuments.call("$subtract", new BsonString("$$NOW"), EventDocuments.call("$ifNull",
					field(EventDocuments.WAITING_SINCE), field(EventDocuments.CREATED_AT))));
		List<BsonDocument> groups = MongoWork.all(this.events.aggregate(List.of(new BsonDocument("$match", waiting),
				new BsonDocument("$sort", new BsonDocument(EventDocuments.SEQ, new BsonInt32(direction))),
				new BsonDocument("$limit", new BsonInt32(limit)), new BsonDocument("$project", needed),
				new BsonDocument("$group", group))));
		return new BacklogSample(groups.stream().map(MongoBacklogStore::group).toList());
	}

	private static Group group(BsonDocument found) {
		BsonDocument destination = found.getDocument(EventDocuments.ID);
		return new Group(
				new Destination(destination.getString(EventDocuments.TRANSPORT).getValue(),
						destination.getString(EventDocuments.DESTINATION).getValue()),
				BsonValues.number(found, COUNT), Duration.ofMillis(BsonValues.number(found, AGE)),
				BsonValues.number(found, EventDocuments.SEQ));
	}

	private static BsonString field(String name) {
		return new BsonString('$' + name);
	}

	private static long count(MongoCollection<BsonDocument> collection) {
		long counted = collection.countDocuments(new BsonDocument(), new CountOptions().limit(BacklogSample.LIMIT + 1));
		return (counted <= BacklogSample.LIMIT) ? counted : Math.max(counted, collection.estimatedDocumentCount());
	}

}
