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
import com.mongodb.client.model.FindOneAndDeleteOptions;
import dev.outbox.OutboxRecord;
import dev.outbox.store.AuditAction;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterGroup;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Operator;
import dev.outbox.store.StoreConflictException;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * The dead letters. Of two who change the same one at once one is in the other's way, and
 * looks again.
 */
final class MongoDeadLetterStore implements DeadLetterStore {

	private static final BsonDocument BY_NUMBER = new BsonDocument(EventDocuments.ID, new BsonInt32(1));

	private static final String COUNT = "count";

	private static final String FIRST = "first";

	private static final String LAST = "last";

	private final MongoWork work;

	private final MongoCollection<BsonDocument> letters;

	private final MongoCollection<BsonDocument> events;

	private final BlockedKeys blockedKeys;

	private final Numbers numbers;

	private final MongoAuditStore audit;

	MongoDeadLetterStore(MongoWork work) {
		this.work = work;
		this.letters = work.collection(CollectionNames.DEAD_LETTER);
		this.events = work.collection(CollectionNames.EVENT);
		this.blockedKeys = new BlockedKeys(work);
		this.numbers = new Numbers(work.collection(CollectionNames.SEQUENCE));
		this.audit = new MongoAuditStore(work);
	}

	@Override
	public List<DeadLetter> list(DeadLetterFilter filter, long afterNumber, int limit) {
		BsonDocument matching = MongoWork.is(EventDocuments.ID, "$gt", new BsonInt64(afterNumber));
		matching.putAll(LetterDocuments.matching(filter));
		return MongoWork
			.all(this.letters.find(matching).projection(LetterDocuments.summary()).sort(BY_NUMBER).limit(limit))
			.stream()
			.map(LetterDocuments::letter)
			.toList();
	}

	/**
	 * The greatest pair of a number and an error is the last error.
	 */
	@Override
	public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
		BsonDocument cause = fields(LetterDocuments.FINGERPRINT, EventDocuments.TRANSPORT, EventDocuments.DESTINATION,
				EventDocuments.TYPE);
		BsonDocument group = new BsonDocument(EventDocuments.ID, cause)
			.append(COUNT, new BsonDocument("$sum", new BsonInt64(1)))
			.append(FIRST, new BsonDocument("$min", value(LetterDocuments.DIED_AT)))
			.append(LetterDocuments.DIED_AT, new BsonDocument("$max", value(LetterDocuments.DIED_AT)))
			.append(LAST, new BsonDocument("$max", new BsonDocument(LAST, value(EventDocuments.ID))
				.append(LetterDocuments.ERROR, value(LetterDocuments.ERROR))));
		BsonDocument largest = new BsonDocument(COUNT, new BsonInt32(-1)).append(LAST, new BsonInt32(-1));
		return MongoWork
			.all(this.letters.aggregate(List.of(new BsonDocument("$match", LetterDocuments.matching(filter)),
					new BsonDocument("$group", group), new BsonDocument("$sort", largest),
					new BsonDocument("$limit", new BsonInt32(limit))))
				.allowDiskUse(true))
			.stream()
			.map(MongoDeadLetterStore::group)
			.toList();
	}

	private static BsonDocument fields(String... names) {
		BsonDocument fields = new BsonDocument();
		for (String name : names) {
			fields.append(name, value(name));
		}
		return fields;
	}

	private static BsonString value(String field) {
		return new BsonString('$' + field);
	}

	private static DeadLetterGroup group(BsonDocument group) {
		BsonDocument cause = group.getDocument(EventDocuments.ID);
		BsonDocument last = group.getDocument(LAST);
		return new DeadLetterGroup(LetterDocuments.textOrNone(cause, LetterDocuments.FINGERPRINT),
				MongoHoldStore.destination(cause), LetterDocuments.textOrNone(cause, EventDocuments.TYPE),
				BsonValues.number(group, COUNT), Objects.requireNonNull(BsonValues.time(group, FIRST)),
				Objects.requireNonNull(BsonValues.time(group, LetterDocuments.DIED_AT)), BsonValues.number(last, LAST),
				LetterDocuments.textOrNone(last, LetterDocuments.ERROR));
	}

	@Override
	public long count(DeadLetterFilter filter, long lastNumber) {
		BsonDocument matching = MongoWork.is(EventDocuments.ID, "$lte", new BsonInt64(lastNumber));
		matching.putAll(LetterDocuments.matching(filter));
		return this.letters.countDocuments(matching);
	}

	@Override
	public long lastNumber() {
		BsonDocument last = this.letters.find()
			.projection(BY_NUMBER)
			.sort(new BsonDocument(EventDocuments.ID, new BsonInt32(-1)))
			.first();
		return (last != null) ? BsonValues.number(last, EventDocuments.ID) : 0;
	}

	@Override
	public Optional<DeadLetter> find(long number) {
		return Optional.ofNullable(this.letters.find(numbered(number)).first()).map(LetterDocuments::letter);
	}

	@Override
	public Optional<DeadLetter> find(UUID eventId) {
		return Optional
			.ofNullable(this.letters.find(MongoWork.is(LetterDocuments.EVENT_ID, BsonValues.id(eventId)))
				.sort(BY_NUMBER)
				.first())
			.map(LetterDocuments::letter);
	}

	private static BsonDocument numbered(long number) {
		return MongoWork.is(EventDocuments.ID, new BsonInt64(number));
	}

	@Override
	public boolean replay(long number, Operator operator) {
		return this.work.inTransaction((session) -> {
			BsonDocument letter = this.letters.findOneAndDelete(session, numbered(number));
			if (letter == null) {
				return false;
			}
			refuseASecond(session, letter);
			putBack(session, letter, EventDocuments.copy(letter,
					MongoWork.is(EventDocuments.ID, letter.getBinary(LetterDocuments.EVENT_ID))));
			this.audit.write(session, operator, AuditAction.RETRY, about(letter));
			return true;
		});
	}

	@Override
	public boolean replace(long number, OutboxRecord repaired, Operator operator) {
		return this.work.inTransaction((session) -> {
			BsonDocument letter = findAndDelete(session, number);
			if (letter == null) {
				return false;
			}
			int part = (int) BsonValues.number(letter, EventDocuments.PART);
			putBack(session, letter, EventDocuments.document(new NewEvent(repaired, part, null)));
			this.audit.write(session, operator, AuditAction.REPAIR,
					about(letter).append(MongoAuditStore.DETAIL, new BsonString("replaced by " + repaired.id())));
			return true;
		});
	}

	@Override
	public boolean discard(long number, Operator operator) {
		return this.work.inTransaction((session) -> {
			BsonDocument letter = findAndDelete(session, number);
			if (letter == null) {
				return false;
			}
			this.blockedKeys.unblock(session, letter);
			this.audit.write(session, operator, AuditAction.DISCARD, about(letter));
			return true;
		});
	}

	private BsonDocument findAndDelete(ClientSession session, long number) {
		return this.letters.findOneAndDelete(session, numbered(number),
				new FindOneAndDeleteOptions().projection(LetterDocuments.summary()));
	}

	/**
	 * The head of a blocked key goes back to its place, all others to the end: their keys
	 * have gone on without them. A scan has passed that place long ago, so the event is
	 * marked.
	 */
	private void putBack(ClientSession session, BsonDocument letter, BsonDocument event) {
		// Another one each time that the transaction is repeated.
		long next = this.numbers.take(Numbers.EVENT, 1);
		if (this.blockedKeys.unblock(session, letter)) {
			event.append(EventDocuments.SEQ, letter.get(EventDocuments.SEQ))
				.append(EventDocuments.RETURNED, BsonBoolean.TRUE)
				.append(EventDocuments.NOTE, new BsonInt64(next));
		}
		else {
			EventDocuments.numbered(event, next);
		}
		this.events.insertOne(session, event);
		this.events.updateOne(session, MongoWork.is(EventDocuments.ID, event.getBinary(EventDocuments.ID)),
				EventDocuments.WAIT_FROM_NOW);
	}

	private void refuseASecond(ClientSession session, BsonDocument letter) {
		BsonDocument same = MongoWork.is(EventDocuments.ID, letter.getBinary(LetterDocuments.EVENT_ID));
		if (this.events.find(session, same).first() != null) {
			throw new StoreConflictException("Dead letter " + BsonValues.number(letter, EventDocuments.ID)
					+ " cannot be put back: its event " + BsonValues.id(letter, LetterDocuments.EVENT_ID)
					+ " waits in the outbox already, because it was replayed from the archive. Nothing has been"
					+ " changed. Wait until that one is delivered, or discard the dead letter");
		}
	}

	/**
	 * Returns what an entry of the audit says about a letter.
	 */
	private static BsonDocument about(BsonDocument letter) {
		BsonDocument about = new BsonDocument(MongoAuditStore.LETTER, letter.get(EventDocuments.ID));
		for (String field : List.of(LetterDocuments.EVENT_ID, EventDocuments.TRANSPORT, EventDocuments.DESTINATION,
				EventDocuments.KEY)) {
			BsonValue value = letter.get(field);
			if (value != null) {
				about.append(field, value);
			}
		}
		return about;
	}

}
