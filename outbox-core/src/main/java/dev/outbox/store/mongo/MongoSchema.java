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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoWriteConcernException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.UpdateOptions;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The collections and indexes of one outbox: creates them, and checks them and the
 * server.
 */
public final class MongoSchema {

	private static final Logger logger = LoggerFactory.getLogger(MongoSchema.class);

	/**
	 * MongoDB 5.0, which has snapshot reads outside of transactions.
	 */
	private static final int OLDEST_WIRE_VERSION = 13;

	/**
	 * Version of the documents, which an older release must be able to recognise.
	 */
	private static final long VERSION = 1;

	private static final int NAMESPACE_EXISTS = 48;

	/**
	 * The server rounds the size of a capped collection up.
	 */
	private static final long ROUNDED_BY = 4096;

	private static final List<String> COLLECTIONS = List.of(CollectionNames.EVENT, CollectionNames.SCHEDULED,
			CollectionNames.DEAD_LETTER, CollectionNames.REPLAY, CollectionNames.IDEMPOTENCY, CollectionNames.INSTANCE,
			CollectionNames.PARTITION, CollectionNames.BLOCKED_KEY, CollectionNames.DESTINATION_STATE,
			CollectionNames.AUDIT, CollectionNames.BACKLOG, CollectionNames.SETTING, CollectionNames.SEQUENCE,
			CollectionNames.KEY, CollectionNames.ARCHIVE);

	private static final String LET_CREATE = "Let the application create what is missing with outbox.schema.mode=create,"
			+ " or run this in the shell:\n";

	private final MongoWork work;

	private final MongoIndexes indexes;

	private final @Nullable Long archiveBytes;

	/**
	 * Creates the access to the collections of one outbox.
	 * @param client the client
	 * @param database name of the database
	 * @param names names of the collections
	 * @param archiveBytes size of the archive, the oldest events of which make room for
	 * new ones; {@code null} for one that has no limit. Heeded when it is created; a
	 * check warns of another one
	 */
	public MongoSchema(MongoClient client, String database, CollectionNames names, @Nullable Long archiveBytes) {
		this.work = new MongoWork(client, database, names);
		this.indexes = new MongoIndexes(this.work);
		this.archiveBytes = archiveBytes;
	}

	/**
	 * Returns what the shell has to run to create all, for a user that may.
	 * @return the commands, one a line
	 */
	public String script() {
		List<String> commands = new ArrayList<>();
		for (String collection : COLLECTIONS) {
			String options = (collection.equals(CollectionNames.ARCHIVE) && this.archiveBytes != null)
					? ", { capped: true, size: " + this.archiveBytes + " }" : "";
			commands.add("db.createCollection(\"" + this.work.names().of(collection) + '"' + options + ')');
		}
		commands.addAll(this.indexes.commands());
		return String.join("\n", commands);
	}

	/**
	 * Creates the collections and indexes that are missing. Any number of instances may
	 * do so at the same time. A collection is never created by the first write to it: it
	 * would be in the application's transaction.
	 */
	public void create() {
		acknowledged(this::createMissing);
	}

	private void createMissing() {
		Set<String> there = collections();
		int created = 0;
		for (String collection : COLLECTIONS) {
			if (!there.contains(this.work.names().of(collection))) {
				created += create(collection) ? 1 : 0;
			}
		}
		this.indexes.create();
		valueOf(CollectionNames.SEQUENCE, Numbers.EVENT, 0);
		if (created > 0) {
			logger.info("Created the outbox's collections {}* ({})", this.work.names().prefix(), created);
		}
	}

	private Set<String> collections() {
		return this.work.collections();
	}

	private boolean create(String collection) {
		CreateCollectionOptions options = new CreateCollectionOptions();
		if (collection.equals(CollectionNames.ARCHIVE) && this.archiveBytes != null) {
			options.capped(true).sizeInBytes(this.archiveBytes);
		}
		try {
			this.work.create(collection, options);
			return true;
		}
		catch (MongoCommandException ex) {
			if (ex.getErrorCode() == NAMESPACE_EXISTS) {
				return false;
			}
			throw ex;
		}
	}

	/**
	 * Makes sure that the server and the collections can be used with a number of
	 * partitions, and remembers that number at the first start.
	 * @param partitions how many partitions there are
	 * @param keyOrder whether events are written in the order of their keys
	 * @throws MongoSchemaException if they cannot
	 */
	public void validate(int partitions, boolean keyOrder) {
		validateServer();
		acknowledged(() -> validateCollections(partitions, keyOrder));
	}

	private void validateCollections(int partitions, boolean keyOrder) {
		Set<String> missing = new HashSet<>();
		COLLECTIONS.forEach((collection) -> missing.add(this.work.names().of(collection)));
		missing.removeAll(collections());
		List<String> problems = new ArrayList<>(missing.stream().sorted().map((name) -> name + " is missing").toList());
		if (missing.isEmpty()) {
			problems.addAll(this.indexes.problems());
		}
		if (!problems.isEmpty()) {
			throw new MongoSchemaException("The outbox's collections cannot be used: " + String.join("; ", problems),
					"Drop an index that is other than it has to be, or has another name. " + LET_CREATE + script());
		}
		setting("schema.version", VERSION, "were created by a newer release, or a much older one",
				"Use the same release for all instances.");
		setting("partitions", partitions, "belong to another number of partitions",
				"Set outbox.relay.partitions to it: the number is fixed at the first start.");
		setting("key.order", keyOrder ? 1 : 0,
				"belong to applications which say that keys " + (keyOrder ? "have no order" : "have an order"),
				"Set outbox.mongodb.key-order to " + !keyOrder
						+ ", as all that write to these collections. To change it,"
						+ " stop all of them, let the outbox become empty, and delete the document 'key.order' of "
						+ this.work.names().of(CollectionNames.SETTING) + '.');
		compareArchive();
	}

	/**
	 * A conversion takes long, locks the database and drops indexes and events: that is
	 * for somebody to decide.
	 */
	private void compareArchive() {
		if (this.archiveBytes == null) {
			return;
		}
		long size = this.work.cappedSize(CollectionNames.ARCHIVE);
		if (Math.abs(size - this.archiveBytes) < ROUNDED_BY) {
			return;
		}
		String archive = this.work.names().of(CollectionNames.ARCHIVE);
		if (size == 0) {
			logger.warn("outbox.mongodb.archive-max-size={} is not heeded: {} is there and not capped, so it has no"
					+ " limit, and nothing was changed. Run db.runCommand({ convertToCapped: \"{}\", size: {} }) in"
					+ " the shell, which locks the database, drops the oldest events that do not fit and all indexes,"
					+ " and start an instance with outbox.schema.mode=create, which creates these again; or remove"
					+ " the property", this.archiveBytes, archive, archive, this.archiveBytes);
			return;
		}
		logger.warn("outbox.mongodb.archive-max-size={} is not heeded: {} is there and capped at {} bytes, and nothing"
				+ " was changed. Run db.runCommand({ collMod: \"{}\", cappedSize: {} }) in the shell (MongoDB 6.0 or"
				+ " newer), or set the property to that size", this.archiveBytes, archive, size, archive,
				this.archiveBytes);
	}

	/**
	 * Who writes on a replica set of which too few members are up waits for ever, and
	 * does not say for what.
	 */
	private static void acknowledged(Runnable work) {
		try {
			work.run();
		}
		catch (MongoWriteConcernException | MongoOperationTimeoutException ex) {
			throw new MongoSchemaException(
					"The outbox's collections cannot be prepared: no majority of MongoDB's members has"
							+ " acknowledged a write within " + MongoWork.PATIENCE.toSeconds() + " s ("
							+ ex.getMessage() + ')',
					"Start again when enough members of the replica set that bear data are up and have caught up;"
							+ " what has been created by then is used.");
		}
	}

	private void setting(String name, long value, String problem, String action) {
		long stored = valueOf(CollectionNames.SETTING, name, value);
		if (stored != value) {
			throw new MongoSchemaException("The outbox's collections " + this.work.names().prefix() + "* have " + name
					+ '=' + stored + ", not " + value + ": they " + problem, action);
		}
	}

	/**
	 * Returns a value, which is written if there is none: nothing is on all other starts.
	 */
	private long valueOf(String collection, String name, long first) {
		BsonDocument named = MongoWork.is(EventDocuments.ID, new BsonString(name));
		MongoCollection<BsonDocument> values = this.work.patient(collection);
		BsonDocument found = values.find(named).first();
		if (found == null) {
			values.updateOne(named, new BsonDocument("$setOnInsert", new BsonDocument("value", new BsonInt64(first))),
					new UpdateOptions().upsert(true));
			found = values.find(named).first();
		}
		return (found != null) ? BsonValues.number(found, "value") : first;
	}

	/**
	 * Refuses a server on which the outbox cannot keep its guarantees. Changes nothing.
	 * @throws MongoSchemaException if it must not be used
	 */
	public void validateServer() {
		BsonDocument hello = this.work.run(new BsonDocument("hello", new BsonInt32(1)));
		boolean sharded = "isdbgrid".equals(BsonValues.text(hello, "msg"));
		if (!sharded && !hello.containsKey("setName")) {
			throw new MongoSchemaException(
					"The MongoDB server is a standalone one, which has no transactions: an event"
							+ " could not be stored together with what the application writes",
					"Use a replica set, which can have a single member: start mongod with --replSet rs0 and run"
							+ " rs.initiate() once in its shell.");
		}
		long version = BsonValues.number(hello, "maxWireVersion");
		if (version < OLDEST_WIRE_VERSION) {
			throw new MongoSchemaException(
					"The MongoDB server is older than 5.0 (wire version " + version + "), and has no snapshot reads",
					"Use MongoDB 5.0 or newer.");
		}
	}

}
