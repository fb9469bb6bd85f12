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
import com.mongodb.client.model.UpdateOptions;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * Knows up to which number all transactions have ended that have taken one: the number
 * that was the last one so long ago that no transaction of then can live any more. What
 * those have committed is visible to whoever knows the number, for a majority has it.
 */
final class SettledNumbers {

	private static final BsonDocument ID = new BsonDocument(EventDocuments.ID,
			new BsonString(Numbers.EVENT + ".settled"));

	private static final String SETTLED = "settled";

	/**
	 * What is settled next.
	 */
	private static final String CANDIDATE = "candidate";

	private static final String NOTED_AT = "notedAt";

	private final MongoCollection<BsonDocument> sequences;

	private final Numbers numbers;

	private final BsonDocument isOldEnough;

	/**
	 * Creates the access.
	 * @param longestTransaction how long a transaction can live
	 */
	SettledNumbers(MongoWork work, Duration longestTransaction) {
		this.sequences = work.collection(CollectionNames.SEQUENCE);
		this.numbers = new Numbers(this.sequences);
		this.isOldEnough = new BsonDocument("$expr",
				EventDocuments.call("$lt", new BsonString('$' + NOTED_AT), EventDocuments.call("$subtract",
						new BsonString("$$NOW"), new BsonInt64(longestTransaction.toMillis()))));
	}

	/**
	 * Returns the number, and moves it on if it is time to.
	 */
	long advance() {
		BsonDocument found = this.sequences.find(ID).first();
		// Asked for afterwards: what was noted is not higher, unless they begin again.
		long last = this.numbers.last(Numbers.EVENT);
		long candidate = (found != null) ? BsonValues.number(found, CANDIDATE) : 0;
		if (found == null || candidate > last) {
			// The numbers have begun, or begun again.
			this.sequences.updateOne(ID, note(0, last), new UpdateOptions().upsert(true));
			return 0;
		}
		BsonDocument unchanged = ID.clone().append(CANDIDATE, new BsonInt64(candidate));
		unchanged.putAll(this.isOldEnough);
		return (this.sequences.updateOne(unchanged, note(candidate, last)).getMatchedCount() == 1) ? candidate
				: BsonValues.number(found, SETTLED);
	}

	private static BsonDocument note(long settled, long candidate) {
		return new BsonDocument("$set",
				new BsonDocument(SETTLED, new BsonInt64(settled)).append(CANDIDATE, new BsonInt64(candidate)))
			.append("$currentDate", MongoWork.toNow(NOTED_AT));
	}

}
