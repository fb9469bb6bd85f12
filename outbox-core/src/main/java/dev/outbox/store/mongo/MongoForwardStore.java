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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.ForwardStore;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.conversions.Bson;

/**
 * Dead letters that are to be forwarded. Each is taken by a single write, which finds it
 * as it was seen or leaves it to somebody else.
 */
final class MongoForwardStore implements ForwardStore {

	private static final String DUE_IN = "dueIn";

	/**
	 * All that have a time, in words that the index understands.
	 */
	private static final BsonDocument WAITING = MongoWork.is(LetterDocuments.FORWARD_AT, "$gt", new BsonDateTime(0));

	private static final BsonDocument OLDEST_FIRST = new BsonDocument(LetterDocuments.FORWARD_AT, new BsonInt32(1))
		.append(EventDocuments.ID, new BsonInt32(1));

	private final MongoCollection<BsonDocument> letters;

	MongoForwardStore(MongoWork work) {
		this.letters = work.collection(CollectionNames.DEAD_LETTER);
	}

	@Override
	public List<Forward> take(int limit, Duration hold) {
		List<Forward> taken = new ArrayList<>();
		for (BsonDocument due : PayloadGroups.first(due(limit))) {
			BsonDocument unchanged = MongoWork.is(EventDocuments.ID, due.getInt64(EventDocuments.ID))
				.append(LetterDocuments.FORWARD_AT, due.get(LetterDocuments.FORWARD_AT));
			BsonDocument letter = this.letters.findOneAndUpdate(unchanged,
					List.of(set(LetterDocuments.FORWARD_AT, fromNow(hold))),
					new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER));
			if (letter != null) {
				taken.add(forward(letter, hold));
			}
		}
		return taken;
	}

	/**
	 * Returns those whose time has come, without their payloads.
	 */
	private List<BsonDocument> due(int limit) {
		BsonDocument fields = new BsonDocument(LetterDocuments.FORWARD_AT, new BsonInt32(1))
			.append(EventDocuments.PAYLOAD_SIZE, new BsonInt32(1))
			.append(DUE_IN, EventDocuments.millisBetween("$$NOW", '$' + LetterDocuments.FORWARD_AT));
		return MongoWork
			.all(this.letters
				.aggregate(List.of(new BsonDocument("$match", WAITING), new BsonDocument("$sort", OLDEST_FIRST),
						new BsonDocument("$limit", new BsonInt32(limit)), new BsonDocument("$project", fields))))
			.stream()
			.filter((letter) -> BsonValues.number(letter, DUE_IN) <= 0)
			.toList();
	}

	/**
	 * The hold tells what time it was on the server.
	 */
	private static Forward forward(BsonDocument document, Duration hold) {
		DeadLetter letter = LetterDocuments.letter(document);
		Instant now = Objects.requireNonNull(BsonValues.time(document, LetterDocuments.FORWARD_AT))
			.minusMillis(hold.toMillis());
		Duration age = Duration.between(letter.diedAt(), now);
		return new Forward(letter, (int) BsonValues.number(document, LetterDocuments.FORWARD_ATTEMPTS),
				age.isNegative() ? Duration.ZERO : age);
	}

	@Override
	public void done(long number) {
		this.letters.updateOne(numbered(number),
				new BsonDocument("$unset", new BsonDocument(LetterDocuments.FORWARD_AT, new BsonString(""))
					.append(LetterDocuments.FORWARD_ATTEMPTS, new BsonString(""))));
	}

	@Override
	public void again(long number, Duration in, boolean attemptFailed) {
		BsonDocument waiting = numbered(number).append(LetterDocuments.FORWARD_AT,
				WAITING.get(LetterDocuments.FORWARD_AT));
		BsonDocument change = new BsonDocument(LetterDocuments.FORWARD_AT, fromNow(in))
			.append(LetterDocuments.FORWARD_ATTEMPTS, EventDocuments.call("$add",
					new BsonString('$' + LetterDocuments.FORWARD_ATTEMPTS), new BsonInt32(attemptFailed ? 1 : 0)));
		this.letters.updateOne(waiting, List.<Bson>of(new BsonDocument("$set", change)));
	}

	private static BsonDocument numbered(long number) {
		return MongoWork.is(EventDocuments.ID, new BsonInt64(number));
	}

	private static BsonDocument set(String field, BsonDocument expression) {
		return new BsonDocument("$set", new BsonDocument(field, expression));
	}

	private static BsonDocument fromNow(Duration time) {
		return EventDocuments.call("$add", new BsonString("$$NOW"), new BsonInt64(time.toMillis()));
	}

}
