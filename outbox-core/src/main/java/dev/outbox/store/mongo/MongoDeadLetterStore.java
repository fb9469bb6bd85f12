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
import java.util.Optional;
import java.util.UUID;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import dev.outbox.OutboxException;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterStore;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;

/**
 * The dead letters.
 */
final class MongoDeadLetterStore implements DeadLetterStore {

	static final String EVENT_ID = "eventId";

	static final String DIED_AT = "diedAt";

	static final String ERROR = "error";

	/**
	 * Whether the later events of the key wait for an operator's decision.
	 */
	static final String BLOCKS_KEY = "blocksKey";

	private static final BsonDocument BY_NUMBER = new BsonDocument(EventDocuments.ID, new BsonInt32(1));

	private final MongoWork work;

	private final MongoCollection<BsonDocument> letters;

	private final MongoCollection<BsonDocument> events;

	private final MongoCollection<BsonDocument> blockedKeys;

	private final Numbers numbers;

	MongoDeadLetterStore(MongoWork work) {
		this.work = work;
		this.letters = work.collection(CollectionNames.DEAD_LETTER);
		this.events = work.collection(CollectionNames.EVENT);
		this.blockedKeys = work.collection(CollectionNames.BLOCKED_KEY);
		this.numbers = new Numbers(work.collection(CollectionNames.SEQUENCE));
	}

	@Override
	public List<DeadLetter> list(long afterNumber, int limit) {
		return MongoWork
			.all(this.letters.find(MongoWork.is(EventDocuments.ID, "$gt", new BsonInt64(afterNumber)))
				.sort(BY_NUMBER)
				.limit(limit))
			.stream()
			.map(MongoDeadLetterStore::letter)
			.toList();
	}

	@Override
	public Optional<DeadLetter> find(long number) {
		return Optional.ofNullable(this.letters.find(numbered(number)).first()).map(MongoDeadLetterStore::letter);
	}

	@Override
	public Optional<DeadLetter> find(UUID eventId) {
		return Optional
			.ofNullable(this.letters.find(MongoWork.is(EVENT_ID, BsonValues.id(eventId))).sort(BY_NUMBER).first())
			.map(MongoDeadLetterStore::letter);
	}

	private static BsonDocument numbered(long number) {
		return MongoWork.is(EventDocuments.ID, new BsonInt64(number));
	}

	private static DeadLetter letter(BsonDocument document) {
		return new DeadLetter(BsonValues.number(document, EventDocuments.ID),
				BsonValues.number(document, EventDocuments.SEQ), (int) BsonValues.number(document, EventDocuments.PART),
				EventDocuments.event(document, EVENT_ID), (int) BsonValues.number(document, EventDocuments.ATTEMPTS),
				BsonValues.time(document, EventDocuments.FIRST_FAILED_AT),
				Objects.requireNonNull(BsonValues.time(document, DIED_AT)),
				Objects.requireNonNull(BsonValues.text(document, ERROR)));
	}

	/**
	 * The head of a blocked key goes back to its place, all others to the end: their keys
	 * have gone on without them. A scan has passed that place long ago, so the event is
	 * marked.
	 */
	@Override
	public boolean replay(long number) {
		return this.work.inTransaction((session) -> {
			BsonDocument letter = this.letters.findOneAndDelete(session, numbered(number));
			if (letter == null) {
				return false;
			}
			// Another one each time that the transaction is repeated.
			long next = this.numbers.take(Numbers.EVENT, 1);
			BsonDocument event = EventDocuments.copy(letter, new BsonDocument(EventDocuments.ID, letter.get(EVENT_ID)));
			boolean head = unblock(session, letter);
			if (head) {
				event.append(EventDocuments.SEQ, letter.get(EventDocuments.SEQ))
					.append(EventDocuments.RETURNED, BsonBoolean.TRUE)
					.append(EventDocuments.NOTE, new BsonInt64(next));
			}
			else {
				EventDocuments.numbered(event, next);
			}
			refuseASecond(session, letter);
			this.events.insertOne(session, event);
			return true;
		});
	}

	private void refuseASecond(ClientSession session, BsonDocument letter) {
		if (this.events.find(session, MongoWork.is(EventDocuments.ID, letter.getBinary(EVENT_ID))).first() != null) {
			throw new OutboxException("Dead letter " + BsonValues.number(letter, EventDocuments.ID)
					+ " cannot be put back: its event " + BsonValues.id(letter, EVENT_ID)
					+ " waits in the outbox already, because it was replayed from the archive. Nothing has been"
					+ " changed. Wait until that one is delivered, or discard the dead letter");
		}
	}

	private boolean unblock(ClientSession session, BsonDocument letter) {
		return letter.getBoolean(BLOCKS_KEY, BsonBoolean.FALSE).getValue()
				&& this.blockedKeys.deleteOne(session, MongoWork.is(EventDocuments.ID, MongoHoldStore.key(letter)))
					.getDeletedCount() == 1;
	}

	@Override
	public boolean discard(long number) {
		return this.work.inTransaction((session) -> {
			BsonDocument letter = this.letters.find(session, numbered(number)).first();
			if (letter == null) {
				return false;
			}
			unblock(session, letter);
			return this.letters.deleteOne(session, numbered(number)).getDeletedCount() == 1;
		});
	}

}
