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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoCommandException;
import com.mongodb.client.model.IndexOptions;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of the collections: what they are, and what is there of them.
 */
final class MongoIndexes {

	/**
	 * How long after its last use the lock of a key is forgotten: when no transaction can
	 * be left that has used it.
	 */
	private static final long FORGET_KEYS_AFTER = 3600;

	/**
	 * The longest that the server knows: an index cannot be made one that lets nothing
	 * expire.
	 */
	private static final long NEVER = Integer.MAX_VALUE;

	private static final String EXPIRY = "expireAfterSeconds";

	private static final int OPTIONS_CONFLICT = 85;

	private static final int KEYS_CONFLICT = 86;

	private static final String UNIQUE = "unique";

	private static final String ARCHIVE_EXPIRY = "archived";

	private static final List<Index> ALL = List.of(new Index(CollectionNames.EVENT, "seq", EventDocuments.SEQ).unique(),
			new Index(CollectionNames.EVENT, "key_seq", EventDocuments.KEY, EventDocuments.SEQ),
			new Index(CollectionNames.EVENT, "returned_seq", EventDocuments.RETURNED, EventDocuments.SEQ)
				.where(new BsonDocument(EventDocuments.RETURNED, BsonBoolean.TRUE)),
			new Index(CollectionNames.SCHEDULED, "due", EventDocuments.TRANSPORT, MongoDueEvents.DELIVER_AT,
					EventDocuments.ID, EventDocuments.PART),
			new Index(CollectionNames.DEAD_LETTER, "event", LetterDocuments.EVENT_ID),
			new Index(CollectionNames.DEAD_LETTER, "died", LetterDocuments.DIED_AT),
			new Index(CollectionNames.DEAD_LETTER, "cause", LetterDocuments.FINGERPRINT, EventDocuments.ID),
			new Index(CollectionNames.DEAD_LETTER, "forward", LetterDocuments.FORWARD_AT, EventDocuments.ID)
				.where(MongoWork.is(LetterDocuments.FORWARD_AT, "$exists", BsonBoolean.TRUE)),
			new Index(CollectionNames.AUDIT, "changed", MongoAuditStore.AT),
			new Index(CollectionNames.IDEMPOTENCY, "claimed", MongoEventStore.CLAIMED_AT),
			new Index(CollectionNames.PARTITION, "owner", MongoClaims.OWNER),
			new Index(CollectionNames.KEY, "used", MongoEventStore.USED_AT).expiringAfter(FORGET_KEYS_AFTER),
			new Index(CollectionNames.ARCHIVE, "number", MongoArchive.NUMBER),
			new Index(CollectionNames.ARCHIVE, ARCHIVE_EXPIRY, MongoArchive.ARCHIVED_AT));

	private final MongoWork work;

	private final String prefix;

	MongoIndexes(MongoWork work) {
		this.work = work;
		this.prefix = work.names().prefix();
	}

	/**
	 * Creates what is missing. What is there and other than it has to be is left alone.
	 */
	void create() {
		for (Index index : ALL) {
			if (!there(index.collection()).containsKey(this.prefix + index.name())) {
				create(index);
			}
		}
	}

	private void create(Index index) {
		try {
			this.work.patient(index.collection()).createIndex(index.keys(), index.options(this.prefix));
		}
		catch (MongoCommandException ex) {
			// The same keys have an index of another name: the check will say what is
			// missing.
			if (ex.getErrorCode() != OPTIONS_CONFLICT && ex.getErrorCode() != KEYS_CONFLICT) {
				throw ex;
			}
		}
	}

	/**
	 * Returns what is missing or other than it has to be, each with the command that
	 * creates it.
	 */
	List<String> problems() {
		List<String> problems = new ArrayList<>();
		Map<String, Map<String, BsonDocument>> found = new LinkedHashMap<>();
		for (Index index : ALL) {
			String problem = problem(index, found.computeIfAbsent(index.collection(), this::there));
			if (problem != null) {
				problems.add(problem);
			}
		}
		return problems;
	}

	/**
	 * Returns the commands of the shell that create the indexes.
	 */
	List<String> commands() {
		return ALL.stream()
			.map((index) -> "db.%s.createIndex(%s, %s)".formatted(this.work.names().of(index.collection()),
					index.keys().toJson(), index.described(this.prefix).toJson()))
			.toList();
	}

	private @Nullable String problem(Index index, Map<String, BsonDocument> there) {
		String name = this.prefix + index.name();
		BsonDocument found = there.get(name);
		String where = "index " + name + " of " + this.work.names().of(index.collection());
		if (found == null) {
			return where + " is missing";
		}
		// Numbers may have become of another type on their way.
		boolean sameKeys = List.copyOf(found.getDocument("key").keySet()).equals(List.copyOf(index.keys().keySet()));
		boolean sameCondition = found.getDocument("partialFilterExpression", new BsonDocument())
			.equals((index.condition() != null) ? index.condition() : new BsonDocument());
		if (index.isUnique() && !found.getBoolean(UNIQUE, BsonBoolean.FALSE).getValue()) {
			return where + " is not unique";
		}
		if (!sameKeys || !sameCondition) {
			return where + " is not " + index.keys().toJson();
		}
		return (index.expiry() != 0 && !found.containsKey(EXPIRY)) ? where + " lets nothing expire" : null;
	}

	private Map<String, BsonDocument> there(String collection) {
		Map<String, BsonDocument> there = new LinkedHashMap<>();
		this.work.collection(collection)
			.listIndexes(BsonDocument.class)
			.forEach((index) -> there.put(index.getString("name").getValue(), index));
		return there;
	}

	/**
	 * Lets the server remove from the archive what has been there for some time.
	 */
	void expireArchiveAfter(long seconds) {
		if (isArchiveCapped()) {
			return;
		}
		BsonDocument found = there(CollectionNames.ARCHIVE).get(this.prefix + ARCHIVE_EXPIRY);
		long expiry = Math.min(seconds, NEVER);
		if (found != null && (!found.containsKey(EXPIRY) || BsonValues.number(found, EXPIRY) != expiry)) {
			setArchiveExpiry(expiry);
		}
	}

	/**
	 * Lets the server remove nothing from the archive, if it does.
	 */
	void keepArchive() {
		BsonDocument found = there(CollectionNames.ARCHIVE).get(this.prefix + ARCHIVE_EXPIRY);
		if (found != null && found.containsKey(EXPIRY) && BsonValues.number(found, EXPIRY) < NEVER) {
			setArchiveExpiry(NEVER);
		}
	}

	private void setArchiveExpiry(long seconds) {
		this.work.run(new BsonDocument("collMod", new BsonString(this.work.names().of(CollectionNames.ARCHIVE)))
			.append("index", new BsonDocument("name", new BsonString(this.prefix + ARCHIVE_EXPIRY)).append(EXPIRY,
					new BsonInt64(seconds))));
	}

	boolean isArchiveCapped() {
		return this.work.isCapped(CollectionNames.ARCHIVE);
	}

	/**
	 * An index.
	 *
	 * @param collection the collection
	 * @param name the name, without the prefix
	 * @param keys the fields
	 * @param condition which documents are in it, {@code null} for all
	 * @param isUnique whether no two documents have the same values
	 * @param expiry after how many seconds documents expire, 0 for never
	 */
	private record Index(String collection, String name, BsonDocument keys, @Nullable BsonDocument condition,
			boolean isUnique, long expiry) {

		Index(String collection, String name, String... fields) {
			this(collection, name, ascending(fields), null, false, 0);
		}

		private static BsonDocument ascending(String... fields) {
			BsonDocument keys = new BsonDocument();
			for (String field : fields) {
				keys.append(field, new BsonInt32(1));
			}
			return keys;
		}

		Index where(BsonDocument filter) {
			return new Index(this.collection, this.name, this.keys, filter, this.isUnique, this.expiry);
		}

		Index expiringAfter(long seconds) {
			return new Index(this.collection, this.name, this.keys, this.condition, this.isUnique, seconds);
		}

		Index unique() {
			return new Index(this.collection, this.name, this.keys, this.condition, true, this.expiry);
		}

		IndexOptions options(String prefix) {
			IndexOptions options = new IndexOptions().name(prefix + this.name).unique(this.isUnique);
			if (this.condition != null) {
				options.partialFilterExpression(this.condition);
			}
			return (this.expiry != 0) ? options.expireAfter(this.expiry, TimeUnit.SECONDS) : options;
		}

		BsonDocument described(String prefix) {
			BsonDocument described = new BsonDocument("name", new BsonString(prefix + this.name));
			if (this.condition != null) {
				described.append("partialFilterExpression", this.condition);
			}
			if (this.isUnique) {
				described.append(UNIQUE, BsonBoolean.TRUE);
			}
			return (this.expiry != 0) ? described.append(EXPIRY, new BsonInt32((int) this.expiry)) : described;
		}

	}

}
