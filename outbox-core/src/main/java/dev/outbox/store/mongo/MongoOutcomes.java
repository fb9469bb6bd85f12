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

import com.mongodb.client.MongoCollection;
import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * Writes what has become of single events, for the owner of their partition only.
 */
final class MongoOutcomes {

	private final MongoWork work;

	private final MongoClaims claims;

	private final Numbers numbers;

	private final MongoCollection<BsonDocument> events;

	private final MongoCollection<BsonDocument> deadLetters;

	private final BlockedKeys blockedKeys;

	MongoOutcomes(MongoWork work) {
		this.work = work;
		this.claims = new MongoClaims(work);
		this.numbers = new Numbers(work.collection(CollectionNames.SEQUENCE));
		this.events = work.collection(CollectionNames.EVENT);
		this.deadLetters = work.collection(CollectionNames.DEAD_LETTER);
		this.blockedKeys = new BlockedKeys(work);
	}

	private static BsonDocument row(Claim claim, EventRef row) {
		return new BsonDocument(EventDocuments.ID, BsonValues.id(row.id()))
			.append(EventDocuments.SEQ, new BsonInt64(row.seq()))
			.append(EventDocuments.TRANSPORT, new BsonString(claim.transport()))
			.append(EventDocuments.PART, new BsonInt32(claim.part()));
	}

	boolean recordFailure(Claim claim, EventRef row, String error, Duration retryIn) {
		return this.work.inTransaction((session) -> {
			BsonDateTime now = this.claims.hold(session, claim);
			if (now == null) {
				return false;
			}
			BsonDocument failed = new BsonDocument(EventDocuments.CRASHES, new BsonInt32(0))
				.append(EventDocuments.NEXT_ATTEMPT_AT, MongoWork.plus(now, retryIn))
				.append(EventDocuments.LAST_ERROR, new BsonString(error));
			BsonDocument update = new BsonDocument("$set", failed)
				.append("$inc", new BsonDocument(EventDocuments.ATTEMPTS, new BsonInt32(1)))
				.append("$min", new BsonDocument(EventDocuments.FIRST_FAILED_AT, now));
			return this.events.updateOne(session, row(claim, row), update).getMatchedCount() == 1;
		});
	}

	boolean countCarefulSend(Claim claim, EventRef row, int change) {
		return this.work.inTransaction((session) -> {
			if (this.claims.hold(session, claim) == null) {
				return false;
			}
			BsonDocument event = MongoWork.fields(this.events.find(session, row(claim, row)), EventDocuments.CRASHES)
				.first();
			if (event == null) {
				return false;
			}
			long crashes = Math.max(0, BsonValues.number(event, EventDocuments.CRASHES) + change);
			this.events.updateOne(session, row(claim, row),
					new BsonDocument("$set", new BsonDocument(EventDocuments.CRASHES, new BsonInt32((int) crashes))));
			return true;
		});
	}

	boolean deadLetter(Claim claim, EventRef row, GivenUp givenUp) {
		long number = this.numbers.take(Numbers.DEAD_LETTER, 1);
		return this.work.inTransaction((session) -> {
			BsonDateTime now = this.claims.hold(session, claim);
			BsonDocument event = (now != null) ? this.events.find(session, row(claim, row)).first() : null;
			if (now == null || event == null) {
				return false;
			}
			boolean blocks = givenUp.blockKey() && event.containsKey(EventDocuments.KEY)
					&& this.blockedKeys.block(session, event, number, now);
			this.deadLetters.insertOne(session, LetterDocuments.document(number, event, now, givenUp, blocks));
			return this.events.deleteOne(session, row(claim, row)).getDeletedCount() == 1;
		});
	}

	/**
	 * Returns a filter for events by both halves of their names.
	 */
	static BsonDocument named(Iterable<EventRef> rows) {
		BsonArray seqs = new BsonArray();
		BsonArray ids = new BsonArray();
		for (EventRef row : rows) {
			seqs.add(new BsonInt64(row.seq()));
			ids.add(BsonValues.id(row.id()));
		}
		BsonDocument named = MongoWork.is(EventDocuments.ID, "$in", ids);
		named.putAll(MongoWork.is(EventDocuments.SEQ, "$in", seqs));
		return named;
	}

}
