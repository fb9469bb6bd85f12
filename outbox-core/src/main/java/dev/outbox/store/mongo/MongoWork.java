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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import com.mongodb.ClientSessionOptions;
import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.ReadConcern;
import com.mongodb.ReadPreference;
import com.mongodb.TransactionOptions;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.MongoIterable;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.UpdateOptions;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.codecs.BsonValueCodecProvider;
import org.bson.codecs.configuration.CodecRegistries;
import org.bson.codecs.configuration.CodecRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Collections and transactions with the guarantees that the outbox needs, whatever the
 * application has set for its own: reads from the primary, and writes that a majority of
 * the members has.
 */
final class MongoWork {

	private static final CodecRegistry CODECS = CodecRegistries.fromProviders(new BsonValueCodecProvider());

	private static final TransactionOptions TRANSACTION = TransactionOptions.builder()
		.readConcern(ReadConcern.SNAPSHOT)
		.readPreference(ReadPreference.primary())
		.writeConcern(WriteConcern.MAJORITY)
		.build();

	/**
	 * How long a start waits for the majority.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final WriteConcern PATIENT = WriteConcern.MAJORITY.withWTimeout(PATIENCE.toMillis(),
			TimeUnit.MILLISECONDS);

	private static final int WRITE_CONFLICT = 112;

	private final MongoClient client;

	private final String database;

	private final CollectionNames names;

	MongoWork(MongoClient client, String database, CollectionNames names) {
		this.client = client;
		this.database = database;
		this.names = names;
	}

	CollectionNames names() {
		return this.names;
	}

	MongoCollection<BsonDocument> collection(String name) {
		return typed(this.client.getDatabase(this.database).getCollection(this.names.of(name), BsonDocument.class))
			.withReadPreference(ReadPreference.primary())
			.withReadConcern(ReadConcern.MAJORITY)
			.withWriteConcern(WriteConcern.MAJORITY);
	}

	/**
	 * Returns a collection on which who writes does not wait for the majority for ever.
	 */
	MongoCollection<BsonDocument> patient(String name) {
		return patient(collection(name), PATIENCE);
	}

	/**
	 * Bounds how long who writes to a collection waits for the majority. A client with a
	 * time limit of its own drops that of the write concern.
	 */
	static MongoCollection<BsonDocument> patient(MongoCollection<BsonDocument> collection, Duration patience) {
		MongoCollection<BsonDocument> patient = collection
			.withWriteConcern(WriteConcern.MAJORITY.withWTimeout(patience.toMillis(), TimeUnit.MILLISECONDS));
		return (patient.getTimeout(TimeUnit.MILLISECONDS) != null)
				? patient.withTimeout(patience.toMillis(), TimeUnit.MILLISECONDS) : patient;
	}

	/**
	 * Makes a collection independent of the application's codecs.
	 */
	static MongoCollection<BsonDocument> typed(MongoCollection<BsonDocument> collection) {
		return collection.withCodecRegistry(CODECS);
	}

	/**
	 * Runs a command on the outbox's database.
	 */
	BsonDocument run(BsonDocument command) {
		return this.client.getDatabase(this.database)
			.withCodecRegistry(CODECS)
			.runCommand(command, ReadPreference.primary(), BsonDocument.class);
	}

	BsonDocument runOnAdmin(BsonDocument command) {
		return this.client.getDatabase("admin")
			.withCodecRegistry(CODECS)
			.runCommand(command, ReadPreference.primary(), BsonDocument.class);
	}

	/**
	 * Returns the names of all collections of the database that the user may use: to see
	 * the others takes a right of its own.
	 */
	Set<String> collections() {
		return this.client.getDatabase(this.database)
			.listCollectionNames()
			.authorizedCollections(true)
			.into(new HashSet<>());
	}

	boolean isCapped(String collection) {
		return cappedSize(collection) > 0;
	}

	/**
	 * Returns how many bytes a capped collection may hold.
	 * @return 0 if the collection is not capped, or not there
	 */
	long cappedSize(String collection) {
		BsonDocument found = this.client.getDatabase(this.database)
			.withCodecRegistry(CODECS)
			.listCollections(BsonDocument.class)
			.filter(is("name", new BsonString(this.names.of(collection))))
			.first();
		BsonDocument options = (found != null) ? found.getDocument("options") : new BsonDocument();
		return options.getBoolean("capped", BsonBoolean.FALSE).getValue() ? BsonValues.number(options, "size") : 0;
	}

	void create(String collection, CreateCollectionOptions options) {
		MongoDatabase own = this.client.getDatabase(this.database).withWriteConcern(PATIENT);
		MongoDatabase patient = (own.getTimeout(TimeUnit.MILLISECONDS) != null)
				? own.withTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) : own;
		patient.createCollection(this.names.of(collection), options);
	}

	ClientSession session() {
		return this.client.startSession();
	}

	/**
	 * Returns a session each transaction of which needs nothing of those before.
	 */
	ClientSession sessionOfManyTransactions() {
		return this.client.startSession(ClientSessionOptions.builder().causallyConsistent(false).build());
	}

	/**
	 * Runs work in a transaction, and again if another one was in its way.
	 */
	<T> T inTransaction(Function<ClientSession, T> work) {
		try (ClientSession session = session()) {
			return session.withTransaction(() -> work.apply(session), TRANSACTION);
		}
	}

	/**
	 * Runs work in a transaction, once.
	 * @return {@code null} if another transaction was in the way: nothing has been
	 * changed
	 */
	<T> @Nullable T unlessInTheWay(Function<ClientSession, T> work) {
		try (ClientSession session = session()) {
			return unlessInTheWay(session, work);
		}
	}

	/**
	 * The same in a session that is used again. Only a failure leaves it open whether the
	 * server still has the transaction.
	 */
	static <T> @Nullable T unlessInTheWay(ClientSession session, Function<ClientSession, T> work) {
		session.startTransaction(TRANSACTION);
		try {
			T result = work.apply(session);
			session.commitTransaction();
			return result;
		}
		catch (MongoException ex) {
			if (ex.getCode() == WRITE_CONFLICT && ex.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL)) {
				return null;
			}
			throw ex;
		}
		finally {
			if (session.hasActiveTransaction()) {
				session.abortTransaction();
			}
		}
	}

	/**
	 * Waits until a majority of the members has all that was written before, so that
	 * reads see it.
	 */
	void awaitMajority() {
		collection(CollectionNames.SETTING).updateOne(is(EventDocuments.ID, new BsonString("majority")),
				new BsonDocument("$inc", new BsonDocument("value", new BsonInt64(1))),
				new UpdateOptions().upsert(true));
	}

	/**
	 * Returns whether all that was not inserted has been there before.
	 */
	static boolean areDuplicatesOnly(MongoBulkWriteException failure) {
		return failure.getWriteConcernError() == null && failure.getWriteErrors()
			.stream()
			.allMatch((error) -> error.getCategory() == ErrorCategory.DUPLICATE_KEY);
	}

	static List<BsonDocument> all(MongoIterable<BsonDocument> found) {
		return found.into(new ArrayList<>());
	}

	static FindIterable<BsonDocument> fields(FindIterable<BsonDocument> found, String... names) {
		BsonDocument projection = new BsonDocument();
		for (String name : names) {
			projection.append(name, new BsonInt32(1));
		}
		// An index has it only where it is one of the fields.
		projection.putIfAbsent(EventDocuments.ID, new BsonInt32(0));
		return found.projection(projection);
	}

	static BsonDocument is(String field, BsonValue value) {
		return new BsonDocument(field, value);
	}

	static BsonDocument is(String field, String operator, BsonValue value) {
		return new BsonDocument(field, new BsonDocument(operator, value));
	}

	static BsonDocument in(String field, Collection<? extends BsonValue> values) {
		return is(field, "$in", new BsonArray(List.copyOf(values)));
	}

	/**
	 * Sets fields to the server's time.
	 */
	static BsonDocument toNow(String field) {
		return new BsonDocument(field, new BsonDocument("$type", new BsonString("date")));
	}

	static BsonDateTime plus(BsonDateTime time, Duration duration) {
		return new BsonDateTime(time.getValue() + duration.toMillis());
	}

}
