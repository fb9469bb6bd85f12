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

import java.util.ArrayList;
import java.util.List;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.InsertManyOptions;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.EventRef;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * Copies delivered events to the archive, outside of any transaction: no transaction may
 * write to a capped collection. An event that is copied and then not removed is sent
 * again, and found in the archive then.
 */
final class MongoArchive {

	static final String NUMBER = "number";

	static final String EVENT_ID = "eventId";

	static final String ARCHIVED_AT = "archivedAt";

	/**
	 * The name of the replay by which the event was delivered, if it was.
	 */
	static final String REPLAY = "replay";

	private static final BsonDocument BY_SEQ = new BsonDocument(EventDocuments.SEQ, new BsonInt32(1));

	private final MongoCollection<BsonDocument> events;

	private final MongoCollection<BsonDocument> archive;

	private final Numbers numbers;

	MongoArchive(MongoWork work) {
		this.events = work.collection(CollectionNames.EVENT);
		this.archive = work.collection(CollectionNames.ARCHIVE);
		this.numbers = new Numbers(work.collection(CollectionNames.SEQUENCE));
	}

	void add(List<EventRef> delivered) {
		List<BsonDocument> sizes = MongoWork.all(MongoWork
			.fields(this.events.find(MongoOutcomes.named(delivered)), EventDocuments.ID, EventDocuments.PAYLOAD_SIZE)
			.sort(BY_SEQ));
		PayloadGroups.all(sizes).forEach(this::addGroup);
	}

	private void addGroup(List<BsonDocument> group) {
		BsonDocument named = MongoWork.in(EventDocuments.ID,
				group.stream().map((event) -> event.get(EventDocuments.ID)).toList());
		List<BsonDocument> events = MongoWork
			.all(this.events.aggregate(List.of(new BsonDocument("$match", named), new BsonDocument("$sort", BY_SEQ),
					new BsonDocument("$addFields", new BsonDocument(ARCHIVED_AT, new BsonString("$$NOW"))))));
		if (events.isEmpty()) {
			return;
		}
		long number = this.numbers.take(Numbers.ARCHIVE, events.size());
		List<BsonDocument> archived = new ArrayList<>(events.size());
		for (BsonDocument event : events) {
			archived.add(archived(event, number++));
		}
		try {
			this.archive.insertMany(archived, new InsertManyOptions().ordered(false));
		}
		catch (MongoBulkWriteException ex) {
			// Some were archived before, by somebody who did not come to remove them.
			if (!MongoWork.areDuplicatesOnly(ex)) {
				throw ex;
			}
		}
	}

	private static BsonDocument archived(BsonDocument event, long number) {
		BsonDocument id = new BsonDocument(EVENT_ID, event.get(EventDocuments.ID)).append(EventDocuments.SEQ,
				event.get(EventDocuments.SEQ));
		BsonDocument archived = EventDocuments.copy(event,
				new BsonDocument(EventDocuments.ID, id).append(NUMBER, new BsonInt64(number))
					.append(EVENT_ID, event.get(EventDocuments.ID))
					.append(EventDocuments.SEQ, event.get(EventDocuments.SEQ))
					.append(ARCHIVED_AT, event.get(ARCHIVED_AT)));
		BsonValue replay = BsonValues.find(event, EventDocuments.HEADERS, ArchiveStore.REPLAY_HEADER);
		return (replay != null) ? archived.append(REPLAY, replay) : archived;
	}

}
