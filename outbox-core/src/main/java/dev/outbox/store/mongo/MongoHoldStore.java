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

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.UpdateOptions;
import dev.outbox.Destination;
import dev.outbox.store.HoldStore;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * What operators hold back.
 */
final class MongoHoldStore implements HoldStore {

	static final String BLOCKED_AT = "blockedAt";

	private static final String PAUSED_AT = "pausedAt";

	private final MongoCollection<BsonDocument> paused;

	private final MongoCollection<BsonDocument> blocked;

	MongoHoldStore(MongoWork work) {
		this.paused = work.collection(CollectionNames.DESTINATION_STATE);
		this.blocked = work.collection(CollectionNames.BLOCKED_KEY);
	}

	/**
	 * Returns the id of an entry for a destination.
	 */
	static BsonDocument destination(Destination destination) {
		return new BsonDocument(EventDocuments.TRANSPORT, new BsonString(destination.transport()))
			.append(EventDocuments.DESTINATION, new BsonString(destination.name()));
	}

	/**
	 * Returns the id of an entry for a key.
	 */
	static BsonDocument key(Destination destination, String key) {
		return destination(destination).append(EventDocuments.KEY, new BsonString(key));
	}

	/**
	 * Returns the id of an entry for the key of an event or dead letter.
	 */
	static BsonDocument key(BsonDocument event) {
		return new BsonDocument(EventDocuments.TRANSPORT, event.get(EventDocuments.TRANSPORT))
			.append(EventDocuments.DESTINATION, event.get(EventDocuments.DESTINATION))
			.append(EventDocuments.KEY, event.get(EventDocuments.KEY));
	}

	@Override
	public boolean pause(Destination destination) {
		return this.paused
			.updateOne(MongoWork.is(EventDocuments.ID, destination(destination)),
					new BsonDocument("$currentDate", MongoWork.toNow(PAUSED_AT)), new UpdateOptions().upsert(true))
			.getUpsertedId() != null;
	}

	@Override
	public boolean resume(Destination destination) {
		return this.paused.deleteOne(MongoWork.is(EventDocuments.ID, destination(destination))).getDeletedCount() == 1;
	}

	@Override
	public boolean unblock(Destination destination, String key) {
		return this.blocked.deleteOne(MongoWork.is(EventDocuments.ID, key(destination, key))).getDeletedCount() == 1;
	}

}
