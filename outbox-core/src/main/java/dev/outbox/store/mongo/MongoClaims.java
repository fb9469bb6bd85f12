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

import java.util.UUID;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import dev.outbox.store.Claim;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that an instance owns a partition until a transaction ends: the transaction
 * writes the partition's document, so that a takeover is in its way, or waits for it.
 */
final class MongoClaims {

	static final String OWNER = "owner";

	static final String EPOCH = "epoch";

	private static final String GUARDED_AT = "guardedAt";

	private static final String GUARD = "guard";

	private static final BsonDocument TOUCH = new BsonDocument("$currentDate", MongoWork.toNow(GUARDED_AT))
		.append("$inc", new BsonDocument(GUARD, new BsonInt64(1)));

	private final MongoCollection<BsonDocument> partitions;

	MongoClaims(MongoWork work) {
		this.partitions = work.collection(CollectionNames.PARTITION);
	}

	static BsonString id(String transport, int part) {
		return new BsonString(transport + '/' + part);
	}

	/**
	 * Holds the partition of a claim.
	 * @return the server's time, {@code null} if the claim is void
	 */
	@Nullable BsonDateTime hold(ClientSession session, Claim claim) {
		return hold(session,
				partition(claim.transport(), claim.part(), claim.owner()).append(EPOCH, new BsonInt64(claim.epoch())));
	}

	/**
	 * Holds a partition, whenever the instance has taken it.
	 * @return the server's time, {@code null} if the instance does not own it
	 */
	@Nullable BsonDateTime hold(ClientSession session, UUID owner, String transport, int part) {
		return hold(session, partition(transport, part, owner));
	}

	private static BsonDocument partition(String transport, int part, UUID owner) {
		return new BsonDocument(EventDocuments.ID, id(transport, part)).append(OWNER, BsonValues.id(owner));
	}

	private @Nullable BsonDateTime hold(ClientSession session, Bson partition) {
		BsonDocument held = this.partitions.findOneAndUpdate(session, partition, TOUCH,
				new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER));
		return (held != null) ? held.getDateTime(GUARDED_AT) : null;
	}

}
