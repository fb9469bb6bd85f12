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
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import dev.outbox.store.ClusterStore;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * What operators see of all instances together.
 */
final class MongoClusterStore implements ClusterStore {

	private static final String LEFT = "left";

	private final MongoWork work;

	private final MongoCollection<BsonDocument> instances;

	private final MongoCollection<BsonDocument> partitions;

	private final MongoCollection<BsonDocument> paused;

	private final MongoCollection<BsonDocument> blocked;

	MongoClusterStore(MongoWork work) {
		this.work = work;
		this.instances = work.collection(CollectionNames.INSTANCE);
		this.partitions = work.collection(CollectionNames.PARTITION);
		this.paused = work.collection(CollectionNames.DESTINATION_STATE);
		this.blocked = work.collection(CollectionNames.BLOCKED_KEY);
	}

	@Override
	public Cluster observe(int blockedKeys) {
		return this.work.inTransaction((session) -> new Cluster(instances(session), partitions(session),
				paused(session), this.blocked.countDocuments(session), blocked(session, blockedKeys)));
	}

	private List<Instance> instances(ClientSession session) {
		BsonDocument left = EventDocuments.call("$subtract", MongoLeaseStore.EXPIRES_AT, new BsonString("$$NOW"));
		return MongoWork
			.all(this.instances.aggregate(session,
					List.of(new BsonDocument("$match", MongoLeaseStore.VALID),
							new BsonDocument("$sort", by(MongoLeaseStore.NAME, EventDocuments.ID)),
							new BsonDocument("$addFields", new BsonDocument(LEFT, left)))))
			.stream()
			.map(MongoClusterStore::instance)
			.toList();
	}

	private static Instance instance(BsonDocument document) {
		Set<String> transports = new HashSet<>();
		document.getArray(MongoLeaseStore.TRANSPORTS).forEach((name) -> transports.add(name.asString().getValue()));
		return new Instance(BsonValues.id(document, EventDocuments.ID),
				LetterDocuments.textOrNone(document, MongoLeaseStore.NAME), transports,
				Objects.requireNonNull(BsonValues.time(document, MongoLeaseStore.JOINED_AT)),
				Duration.ofMillis(BsonValues.number(document, LEFT)));
	}

	private List<Ownership> partitions(ClientSession session) {
		BsonDocument taken = MongoWork.is(MongoClaims.EPOCH, "$gt", new BsonInt64(0));
		return MongoWork
			.all(this.partitions.find(session, taken).sort(by(EventDocuments.TRANSPORT, EventDocuments.PART)))
			.stream()
			.map(MongoClusterStore::ownership)
			.toList();
	}

	private static Ownership ownership(BsonDocument document) {
		BsonValue id = document.get(MongoClaims.OWNER);
		UUID owner = (id != null && id.isBinary()) ? BsonValues.id(id) : null;
		return new Ownership(LetterDocuments.textOrNone(document, EventDocuments.TRANSPORT),
				(int) BsonValues.number(document, EventDocuments.PART), owner,
				BsonValues.number(document, MongoClaims.EPOCH));
	}

	private List<Paused> paused(ClientSession session) {
		return MongoWork.all(this.paused.find(session).sort(by(EventDocuments.ID)))
			.stream()
			.map((held) -> new Paused(MongoHoldStore.destination(held.getDocument(EventDocuments.ID)),
					Objects.requireNonNull(BsonValues.time(held, MongoHoldStore.PAUSED_AT)),
					LetterDocuments.textOrNone(held, MongoHoldStore.PAUSED_BY)))
			.toList();
	}

	/**
	 * A limit of 0 is none for the server.
	 */
	private List<Blocked> blocked(ClientSession session, int limit) {
		if (limit == 0) {
			return List.of();
		}
		return MongoWork
			.all(this.blocked.find(session).sort(by(BlockedKeys.BLOCKED_AT, EventDocuments.SEQ)).limit(limit))
			.stream()
			.map(MongoClusterStore::blocked)
			.toList();
	}

	private static Blocked blocked(BsonDocument held) {
		BsonDocument id = held.getDocument(EventDocuments.ID);
		return new Blocked(MongoHoldStore.destination(id), LetterDocuments.textOrNone(id, EventDocuments.KEY),
				Objects.requireNonNull(BsonValues.time(held, BlockedKeys.BLOCKED_AT)),
				BsonValues.number(held, EventDocuments.SEQ));
	}

	private static BsonDocument by(String... fields) {
		BsonDocument order = new BsonDocument();
		for (String field : fields) {
			order.append(field, new BsonInt32(1));
		}
		return order;
	}

}
