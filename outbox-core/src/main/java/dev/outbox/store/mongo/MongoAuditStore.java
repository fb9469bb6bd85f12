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

import java.util.List;
import java.util.Objects;
import java.util.UUID;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.UpdateOptions;
import dev.outbox.store.AuditAction;
import dev.outbox.store.AuditEntry;
import dev.outbox.store.AuditStore;
import dev.outbox.store.Operator;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * What operators have changed: written in the transactions of the changes.
 */
final class MongoAuditStore implements AuditStore {

	static final String AT = "at";

	static final String LETTER = "letter";

	static final String DETAIL = "detail";

	private static final String OPERATOR = "operator";

	private static final String ACTION = "action";

	private static final BsonDocument NEWEST_FIRST = new BsonDocument(EventDocuments.ID, new BsonInt32(-1));

	private final MongoCollection<BsonDocument> entries;

	private final Numbers numbers;

	MongoAuditStore(MongoWork work) {
		this.entries = work.collection(CollectionNames.AUDIT);
		this.numbers = new Numbers(work.collection(CollectionNames.SEQUENCE));
	}

	/**
	 * Writes an entry.
	 * @param session the transaction of the change, which has changed something already
	 * @param operator who
	 * @param action what
	 * @param about the other fields of the entry
	 */
	void write(ClientSession session, Operator operator, AuditAction action, BsonDocument about) {
		BsonDocument entry = about.clone()
			.append(OPERATOR, new BsonString(operator.name()))
			.append(ACTION, new BsonString(action.name()));
		// Another number each time that the transaction is repeated. Only an update can
		// set a field to the server's time.
		this.entries.updateOne(session,
				MongoWork.is(EventDocuments.ID, new BsonInt64(this.numbers.take(Numbers.AUDIT, 1))),
				new BsonDocument("$setOnInsert", entry).append("$currentDate", MongoWork.toNow(AT)),
				new UpdateOptions().upsert(true));
	}

	@Override
	public List<AuditEntry> list(long beforeNumber, int limit) {
		return MongoWork
			.all(this.entries.find(MongoWork.is(EventDocuments.ID, "$lt", new BsonInt64(beforeNumber)))
				.sort(NEWEST_FIRST)
				.limit(limit))
			.stream()
			.map(MongoAuditStore::entry)
			.toList();
	}

	private static AuditEntry entry(BsonDocument document) {
		BsonValue id = document.get(LetterDocuments.EVENT_ID);
		UUID eventId = (id != null) ? BsonValues.id(id) : null;
		Long letter = document.containsKey(LETTER) ? BsonValues.number(document, LETTER) : null;
		return new AuditEntry(BsonValues.number(document, EventDocuments.ID),
				Objects.requireNonNull(BsonValues.time(document, AT)), LetterDocuments.textOrNone(document, OPERATOR),
				AuditAction.valueOf(LetterDocuments.textOrNone(document, ACTION)), MongoHoldStore.destination(document),
				BsonValues.text(document, EventDocuments.KEY), eventId, letter, BsonValues.text(document, DETAIL));
	}

}
