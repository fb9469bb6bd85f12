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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoWriteConcernException;
import com.mongodb.MongoWriteException;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import dev.outbox.OutboxException;
import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoDatabaseUtils;

/**
 * Writes events in the session of the calling thread's transaction.
 * <p>
 * The order of a key is that of its events' numbers: before it takes them, a transaction
 * writes a document of the key. Another transaction that publishes for the same key while
 * it runs conflicts with it, and has to be repeated; so the numbers of the later one are
 * higher.
 */
public final class MongoEventStore implements EventStore {

	static final String CLAIMED_AT = "claimedAt";

	/**
	 * When the document of a key was written last.
	 */
	static final String USED_AT = "usedAt";

	private static final String USES = "uses";

	private static final String EVENT_ID = "eventId";

	/**
	 * The documents of keys have texts as their ids.
	 */
	private static final BsonDocument NOBODY = new BsonDocument(EventDocuments.ID, new BsonInt64(0));

	private static final String RETRYABLE = "RetryableWriteError";

	/**
	 * How long the majority is waited for, while the transaction keeps others off.
	 */
	private static final long PATIENCE_MILLIS = 5000;

	private static final String NO_MAJORITY = " event(s): no majority of MongoDB's members has acknowledged their"
			+ " numbers within " + PATIENCE_MILLIS + " ms. Nothing has been stored, and the transaction must roll back."
			+ " Publish again when enough members of the replica set that bear data are up and have caught up";

	private static final String CONFLICT = "Cannot store events: another transaction was in the way of this one, or the"
			+ " server has changed. Nothing has been stored. Repeat the transaction";

	/**
	 * What the server stores, but for what an event gets later: its number, the text of
	 * an error, the header of a replay.
	 */
	private static final int MAX_DOCUMENT = (16 << 20) - (64 << 10);

	private final MongoDatabaseFactory factory;

	private final String database;

	private final CollectionNames names;

	private final Duration idempotencyRetention;

	private final boolean keyOrder;

	/**
	 * Creates the store.
	 * @param factory the factory whose sessions the transaction manager binds
	 * @param database name of the outbox's database: the factory may have another one for
	 * each of its callers, but the outbox is read in one
	 * @param names names of the collections
	 * @param idempotencyRetention how long an idempotency key is held
	 * @param keyOrder whether the events of a key have an order: two transactions that
	 * publish for the same key at a time conflict then
	 */
	public MongoEventStore(MongoDatabaseFactory factory, String database, CollectionNames names,
			Duration idempotencyRetention, boolean keyOrder) {
		this.factory = factory;
		this.database = database;
		this.names = names;
		this.idempotencyRetention = idempotencyRetention;
		this.keyOrder = keyOrder;
	}

	@Override
	public void append(List<NewEvent> events) {
		translated(() -> {
			write(events);
			return true;
		});
	}

	private void write(List<NewEvent> events) {
		List<BsonDocument> due = new ArrayList<>();
		List<BsonDocument> scheduled = new ArrayList<>();
		TreeSet<String> keys = new TreeSet<>();
		for (NewEvent event : events) {
			BsonDocument document = EventDocuments.document(event);
			check(event, document, events.size());
			if (event.deliverAt() != null) {
				scheduled.add(document.append(MongoDueEvents.DELIVER_AT, BsonValues.timeAtLeast(event.deliverAt())));
			}
			else {
				due.add(document);
				if (this.keyOrder && event.event().key() != null) {
					keys.add(event.event().key());
				}
			}
		}
		MongoDatabase database = inTransaction();
		if (!keys.isEmpty()) {
			hold(collection(database, CollectionNames.KEY), keys);
		}
		if (!due.isEmpty()) {
			if (keys.isEmpty()) {
				startOnTheServer(database);
			}
			long seq = take(due.size());
			for (BsonDocument document : due) {
				EventDocuments.numbered(document, seq++);
			}
			insert(collection(database, CollectionNames.EVENT), due);
		}
		if (!scheduled.isEmpty()) {
			insert(collection(database, CollectionNames.SCHEDULED), scheduled);
		}
	}

	private MongoDatabase inTransaction() {
		return MongoDatabaseUtils.getDatabase(this.database, this.factory);
	}

	/**
	 * The server has to know a transaction before that takes numbers: it ends those that
	 * are too old, and who reads asks for numbers that are missing as long as that. A
	 * write that finds nothing, because an application may have chosen to read from
	 * others than the primary, and may not do so in a transaction.
	 */
	private void startOnTheServer(MongoDatabase database) {
		collection(database, CollectionNames.KEY).updateOne(NOBODY,
				new BsonDocument("$unset", new BsonDocument(USES, new BsonInt64(1))));
	}

	/**
	 * Nothing is lost with numbers that were taken in vain, so whatever may pass is worth
	 * another transaction.
	 */
	private long take(int count) {
		try {
			return numbers().take(Numbers.EVENT, count);
		}
		catch (MongoException ex) {
			if (mayPass(ex)) {
				ex.addLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL);
			}
			else if (ex instanceof MongoWriteConcernException || ex instanceof MongoOperationTimeoutException) {
				throw new OutboxException("Cannot store " + count + NO_MAJORITY, ex);
			}
			throw ex;
		}
	}

	private static boolean mayPass(MongoException failure) {
		return failure.hasErrorLabel(RETRYABLE) || failure instanceof MongoSocketException
				|| failure instanceof MongoNotPrimaryException || failure instanceof MongoNodeIsRecoveringException;
	}

	private static void insert(MongoCollection<BsonDocument> collection, List<BsonDocument> documents) {
		try {
			collection.insertMany(documents);
		}
		catch (MongoBulkWriteException ex) {
			if (!MongoWork.areDuplicatesOnly(ex)) {
				throw ex;
			}
			BsonDocument first = documents.get(ex.getWriteErrors().get(0).getIndex());
			throw new OutboxException("Event " + BsonValues.id(first, EventDocuments.ID) + " (number "
					+ BsonValues.number(first, EventDocuments.SEQ) + ") cannot be stored in "
					+ collection.getNamespace().getCollectionName() + ": its id or its number is there already. Nothing"
					+ " has been stored, and the transaction must roll back. Publish an event with an id of its own;"
					+ " and never empty or restore the collection of numbers without the others", ex);
		}
	}

	/**
	 * Lets an application recognise failures as it does those of its own operations, and
	 * of other databases.
	 */
	private <T> T translated(Supplier<T> operation) {
		try {
			return operation.get();
		}
		catch (MongoException ex) {
			if (ex.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL)) {
				throw new ConcurrencyFailureException(CONFLICT, ex);
			}
			DataAccessException translated = this.factory.getExceptionTranslator().translateExceptionIfPossible(ex);
			throw (translated != null) ? translated : ex;
		}
	}

	private MongoCollection<BsonDocument> collection(MongoDatabase database, String name) {
		return MongoWork.typed(database.getCollection(this.names.of(name), BsonDocument.class));
	}

	/**
	 * Outside of the transaction, also if the calling thread is in one.
	 */
	private Numbers numbers() {
		MongoCollection<BsonDocument> numbers = collection(this.factory.getMongoDatabase(this.database),
				CollectionNames.SEQUENCE)
			.withReadPreference(ReadPreference.primary());
		return new Numbers(MongoWork.patient(numbers, Duration.ofMillis(PATIENCE_MILLIS)));
	}

	/**
	 * Keys are written in the same order by everybody.
	 */
	private static void hold(MongoCollection<BsonDocument> held, TreeSet<String> keys) {
		BsonDocument use = new BsonDocument("$currentDate", MongoWork.toNow(USED_AT)).append("$inc",
				new BsonDocument(USES, new BsonInt64(1)));
		held.bulkWrite(keys.stream()
			.map((key) -> new UpdateOneModel<BsonDocument>(MongoWork.is(EventDocuments.ID, new BsonString(key)), use,
					new UpdateOptions().upsert(true)))
			.toList());
	}

	private static void check(NewEvent event, BsonDocument document, int count) {
		int size = EventDocuments.size(document);
		String problem = null;
		if (size > MAX_DOCUMENT) {
			problem = "event " + event.event().id() + " has " + size + " bytes with its headers and options ("
					+ event.event().payload().length + " of them are the payload), and MongoDB stores no document of"
					+ " more than 16 MB. Send a reference to what is so large, and keep"
					+ " outbox.write.max-payload-size below 16MB";
		}
		else if ("".equals(event.event().key())) {
			problem = "the key of event " + event.event().id() + " is empty. Use one that says something, or none";
		}
		if (problem != null) {
			throw new OutboxException("Cannot store " + count + " event(s): " + problem
					+ ". Nothing has been stored, and the transaction must roll back");
		}
	}

	/**
	 * A concurrent transaction that claims the same key conflicts with this one: the
	 * later one has to be repeated, and finds the claim then.
	 */
	@Override
	public Optional<UUID> claim(String idempotencyKey, UUID id) {
		return translated(() -> claimUnlessHeld(idempotencyKey, id));
	}

	private Optional<UUID> claimUnlessHeld(String idempotencyKey, UUID id) {
		MongoCollection<BsonDocument> claims = collection(inTransaction(), CollectionNames.IDEMPOTENCY);
		BsonDocument key = MongoWork.is(EventDocuments.ID, new BsonString(idempotencyKey));
		BsonDocument expired = key.clone()
			.append("$expr", EventDocuments.call("$lt", new BsonString('$' + CLAIMED_AT), EventDocuments
				.call("$subtract", new BsonString("$$NOW"), new BsonInt64(this.idempotencyRetention.toMillis()))));
		claims.deleteOne(expired);
		BsonDocument holder = claims.findOneAndUpdate(key,
				new BsonDocument("$setOnInsert", new BsonDocument(EVENT_ID, BsonValues.id(id))),
				new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.BEFORE));
		if (holder != null) {
			return Optional.of(BsonValues.id(holder, EVENT_ID));
		}
		claims.updateOne(key, new BsonDocument("$currentDate", MongoWork.toNow(CLAIMED_AT)));
		return Optional.empty();
	}

	/**
	 * The server aborts a transaction in which it has refused a command, and refuses to
	 * commit it. What has become of a command that it did not answer, nobody knows.
	 */
	@Override
	public Damage damage(RuntimeException failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof MongoCommandException || cause instanceof MongoWriteException
					|| cause instanceof MongoBulkWriteException) {
				return Damage.NONE;
			}
		}
		return Damage.PARTLY_WRITTEN;
	}

}
