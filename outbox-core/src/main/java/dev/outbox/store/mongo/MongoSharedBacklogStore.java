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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.UpdateOptions;
import dev.outbox.Destination;
import dev.outbox.store.Backlog;
import dev.outbox.store.Backlog.Waiting;
import dev.outbox.store.SharedBacklogStore;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * What was measured last, in the only document of a collection.
 */
final class MongoSharedBacklogStore implements SharedBacklogStore {

	private static final BsonDocument THIS = MongoWork.is(EventDocuments.ID, new BsonString("backlog"));

	/**
	 * How many milliseconds the clocks of the store's servers may differ.
	 */
	private static final long TOLERATED = -1000;

	private static final String CLAIMED_AT = "claimedAt";

	private static final String MEASURED_AT = "measuredAt";

	private static final String BACKLOG = "backlog";

	private static final String AGE = "age";

	private static final String WAITING = "waiting";

	private static final String OLDEST = "oldest";

	private static final String SCHEDULED = "scheduled";

	private static final String DEAD = "dead";

	private static final String EXACT = "exact";

	private static final String DESTINATIONS = "destinations";

	private final MongoCollection<BsonDocument> known;

	MongoSharedBacklogStore(MongoWork work) {
		this.known = work.collection(CollectionNames.BACKLOG);
	}

	@Override
	public Optional<Measurement> read() {
		BsonDocument measured = THIS.clone()
			.append(MEASURED_AT, new BsonDocument("$exists", BsonBoolean.TRUE))
			.append("$expr", EventDocuments.call("$gte", age(MEASURED_AT), new BsonInt64(TOLERATED)));
		BsonDocument needed = new BsonDocument(BACKLOG, BsonBoolean.TRUE).append(AGE, age(MEASURED_AT));
		return MongoWork
			.all(this.known
				.aggregate(List.of(new BsonDocument("$match", measured), new BsonDocument("$project", needed))))
			.stream()
			.findFirst()
			.flatMap(MongoSharedBacklogStore::measurement);
	}

	private static Optional<Measurement> measurement(BsonDocument found) {
		try {
			BsonDocument known = found.getDocument(BACKLOG);
			Map<Destination, Waiting> destinations = new HashMap<>();
			for (BsonValue each : known.getArray(DESTINATIONS)) {
				destinations.put(MongoHoldStore.destination(each.asDocument()),
						new Waiting(BsonValues.number(each.asDocument(), WAITING), oldest(each.asDocument())));
			}
			Backlog backlog = new Backlog(BsonValues.number(known, WAITING), oldest(known),
					BsonValues.number(known, SCHEDULED), BsonValues.number(known, DEAD), destinations,
					known.getBoolean(EXACT).getValue());
			return Optional.of(new Measurement(backlog, Duration.ofMillis(Math.max(0, BsonValues.number(found, AGE)))));
		}
		catch (BsonInvalidOperationException ex) {
			// Another version may have written it.
			return Optional.empty();
		}
	}

	private static Duration oldest(BsonDocument document) {
		return Duration.ofMillis(BsonValues.number(document, OLDEST));
	}

	@Override
	public boolean claim(Duration interval) {
		if (isClaimed("$gte", interval.toMillis())) {
			return true;
		}
		this.known.updateOne(THIS, new BsonDocument("$setOnInsert", new BsonDocument(CLAIMED_AT, new BsonDateTime(0))),
				new UpdateOptions().upsert(true));
		return isClaimed("$gte", interval.toMillis()) || isClaimed("$lt", TOLERATED);
	}

	private boolean isClaimed(String comparison, long age) {
		BsonDocument free = THIS.clone()
			.append("$expr", EventDocuments.call(comparison, age(CLAIMED_AT), new BsonInt64(age)));
		return this.known.updateOne(free, new BsonDocument("$currentDate", MongoWork.toNow(CLAIMED_AT)))
			.getModifiedCount() == 1;
	}

	private static BsonDocument age(String field) {
		return EventDocuments.millisBetween('$' + field, "$$NOW");
	}

	@Override
	public void write(Backlog backlog) {
		BsonArray destinations = new BsonArray();
		backlog.destinations()
			.forEach((destination, waiting) -> destinations
				.add(new BsonDocument(EventDocuments.TRANSPORT, new BsonString(destination.transport()))
					.append(EventDocuments.DESTINATION, new BsonString(destination.name()))
					.append(WAITING, new BsonInt64(waiting.events()))
					.append(OLDEST, new BsonInt64(waiting.oldest().toMillis()))));
		BsonDocument known = new BsonDocument(WAITING, new BsonInt64(backlog.waiting()))
			.append(OLDEST, new BsonInt64(backlog.oldest().toMillis()))
			.append(SCHEDULED, new BsonInt64(backlog.scheduled()))
			.append(DEAD, new BsonInt64(backlog.dead()))
			.append(EXACT, new BsonBoolean(backlog.exact()))
			.append(DESTINATIONS, destinations);
		this.known.updateOne(THIS, new BsonDocument("$set", new BsonDocument(BACKLOG, known)).append("$currentDate",
				MongoWork.toNow(MEASURED_AT)));
	}

}
