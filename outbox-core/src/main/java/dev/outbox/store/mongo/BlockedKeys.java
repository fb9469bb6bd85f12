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

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.UpdateOptions;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;

/**
 * Keys that wait for an operator, each because of one dead letter. The key names the
 * letter, and the letter says whether it is the one: both change together.
 */
final class BlockedKeys {

	static final String BLOCKED_AT = "blockedAt";

	/**
	 * Number of the dead letter. Those of events may be given out again.
	 */
	private static final String LETTER = "letter";

	private final MongoCollection<BsonDocument> keys;

	private final MongoCollection<BsonDocument> letters;

	BlockedKeys(MongoWork work) {
		this.keys = work.collection(CollectionNames.BLOCKED_KEY);
		this.letters = work.collection(CollectionNames.DEAD_LETTER);
	}

	private static BsonDocument key(BsonDocument event) {
		return MongoWork.is(EventDocuments.ID,
				new BsonDocument(EventDocuments.TRANSPORT, event.get(EventDocuments.TRANSPORT))
					.append(EventDocuments.DESTINATION, event.get(EventDocuments.DESTINATION))
					.append(EventDocuments.KEY, event.get(EventDocuments.KEY)));
	}

	/**
	 * Blocks the key of an event.
	 * @param session the transaction that gives up the event
	 * @param event the document of the event
	 * @param letter number of its dead letter
	 * @param now the server's time
	 * @return whether it is this letter that the key waits for: {@code false} if another
	 * one was first and is still there
	 */
	boolean block(ClientSession session, BsonDocument event, long letter, BsonDateTime now) {
		BsonDocument held = this.keys.find(session, key(event)).first();
		if (held != null
				&& MongoWork.fields(this.letters.find(session, letter(held)), EventDocuments.ID).first() != null) {
			return false;
		}
		BsonDocument because = new BsonDocument(EventDocuments.SEQ, event.get(EventDocuments.SEQ)).append(LETTER,
				new BsonInt64(letter));
		this.keys.updateOne(session, key(event),
				new BsonDocument("$set", because).append("$setOnInsert", new BsonDocument(BLOCKED_AT, now)),
				new UpdateOptions().upsert(true));
		return true;
	}

	private static BsonDocument letter(BsonDocument held) {
		return MongoWork.is(EventDocuments.ID, new BsonInt64(BsonValues.number(held, LETTER)));
	}

	/**
	 * Unblocks the key of a dead letter that goes.
	 * @param session the transaction
	 * @param letter the document of the letter
	 * @return {@code false} if the key does not wait for this letter
	 */
	boolean unblock(ClientSession session, BsonDocument letter) {
		return letter.containsKey(EventDocuments.KEY)
				&& this.keys.deleteOne(session, key(letter).append(LETTER, letter.get(EventDocuments.ID)))
					.getDeletedCount() == 1;
	}

	/**
	 * Unblocks a key whatever it waits for, and leaves the letter where it is.
	 * @param session the transaction
	 * @param key the key, with its destination
	 * @return {@code false} if the key is not blocked
	 */
	boolean release(ClientSession session, BsonDocument key) {
		BsonDocument held = this.keys.findOneAndDelete(session, key(key));
		if (held == null) {
			return false;
		}
		this.letters.updateOne(session, letter(held),
				new BsonDocument("$set", new BsonDocument(LetterDocuments.BLOCKS_KEY, BsonBoolean.FALSE)));
		return true;
	}

}
