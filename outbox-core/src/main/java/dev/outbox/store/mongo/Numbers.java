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

import java.util.Objects;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * Gives out numbers, each once and in ascending order. Outside of any transaction, so
 * that nobody waits for the end of another one, or conflicts with it: the numbers of a
 * transaction that does not commit stay unused.
 */
final class Numbers {

	/**
	 * Of events that wait.
	 */
	static final String EVENT = "event";

	static final String DEAD_LETTER = "dead_letter";

	static final String ARCHIVE = "archive";

	static final String AUDIT = "audit";

	private static final String VALUE = "value";

	private final MongoCollection<BsonDocument> sequences;

	/**
	 * Creates the source.
	 * @param sequences the collection, outside of any session
	 */
	Numbers(MongoCollection<BsonDocument> sequences) {
		this.sequences = sequences;
	}

	/**
	 * Takes numbers in a row.
	 * @return the first one
	 */
	long take(String sequence, int count) {
		BsonDocument taken = this.sequences.findOneAndUpdate(name(sequence),
				new BsonDocument("$inc", new BsonDocument(VALUE, new BsonInt64(count))),
				new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER));
		return BsonValues.number(Objects.requireNonNull(taken), VALUE) - count + 1;
	}

	/**
	 * Returns the last number that was taken, 0 if none was.
	 */
	long last(String sequence) {
		BsonDocument found = this.sequences.find(name(sequence)).first();
		return (found != null) ? BsonValues.number(found, VALUE) : 0;
	}

	private static BsonDocument name(String sequence) {
		return new BsonDocument(EventDocuments.ID, new BsonString(sequence));
	}

}
