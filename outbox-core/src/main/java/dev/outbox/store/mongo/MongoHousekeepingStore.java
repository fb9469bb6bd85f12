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

import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import dev.outbox.store.ArchivePartition;
import dev.outbox.store.HousekeepingStore;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Housekeeping. The archive expires by an index, where the user may create it.
 */
final class MongoHousekeepingStore implements HousekeepingStore {

	private static final Logger logger = LoggerFactory.getLogger(MongoHousekeepingStore.class);

	private static final String LOCKED_AT = "lockedAt";

	private final MongoWork work;

	private final MongoCollection<BsonDocument> settings;

	private final MongoIndexes indexes;

	MongoHousekeepingStore(MongoWork work) {
		this.work = work;
		this.settings = work.collection(CollectionNames.SETTING);
		this.indexes = new MongoIndexes(work);
	}

	/**
	 * The lock is the document that the transaction writes: who comes later conflicts
	 * with it.
	 */
	@Override
	public int removeExpired(Kept what, Duration retention, int limit) {
		if (what == Kept.ARCHIVED_EVENT && this.indexes.isArchiveCapped()) {
			return 0;
		}
		Integer removed = this.work.unlessInTheWay((session) -> remove(session, what, retention, limit));
		return (removed != null) ? removed : 0;
	}

	private int remove(ClientSession session, Kept what, Duration retention, int limit) {
		BsonDocument lock = this.settings.findOneAndUpdate(session,
				MongoWork.is(EventDocuments.ID, new BsonString("lock.housekeeping")),
				new BsonDocument("$currentDate", MongoWork.toNow(LOCKED_AT)).append("$inc",
						new BsonDocument("value", new BsonInt64(1))),
				new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER));
		BsonDateTime until = MongoWork.plus(lock.getDateTime(LOCKED_AT), retention.negated());
		MongoCollection<BsonDocument> collection = this.work.collection(collection(what));
		List<BsonDocument> expired = MongoWork
			.all(MongoWork.fields(collection.find(session, expired(what, until)), EventDocuments.ID)
				.sort(new BsonDocument(time(what), new BsonInt32(1)))
				.limit(limit));
		if (!expired.isEmpty()) {
			collection.deleteMany(session, MongoWork.is(EventDocuments.ID, "$in",
					new BsonArray(expired.stream().map((found) -> found.get(EventDocuments.ID)).toList())));
		}
		return expired.size();
	}

	private static BsonDocument expired(Kept what, BsonDateTime until) {
		BsonDocument expired = MongoWork.is(time(what), "$lt", until);
		return (what == Kept.DEAD_LETTER) ? expired.append(LetterDocuments.BLOCKS_KEY, BsonBoolean.FALSE) : expired;
	}

	private static String collection(Kept what) {
		return switch (what) {
			case IDEMPOTENCY_KEY -> CollectionNames.IDEMPOTENCY;
			case ARCHIVED_EVENT -> CollectionNames.ARCHIVE;
			case DEAD_LETTER -> CollectionNames.DEAD_LETTER;
			case AUDIT_ENTRY -> CollectionNames.AUDIT;
		};
	}

	private static String time(Kept what) {
		return switch (what) {
			case IDEMPOTENCY_KEY -> MongoEventStore.CLAIMED_AT;
			case ARCHIVED_EVENT -> MongoArchive.ARCHIVED_AT;
			case DEAD_LETTER -> LetterDocuments.DIED_AT;
			case AUDIT_ENTRY -> MongoAuditStore.AT;
		};
	}

	/**
	 * Lets the server remove what expires.
	 */
	@Override
	public void maintainArchive(Duration retention, ArchivePartition partition) {
		try {
			this.indexes.expireArchiveAfter(retention.toSeconds());
		}
		catch (MongoException ex) {
			logger.debug("The archive cannot be made to expire by an index ({}). The relay removes what has been kept"
					+ " for {} itself", ex.getMessage(), retention);
		}
	}

	@Override
	public void keepArchive() {
		this.indexes.keepArchive();
	}

}
