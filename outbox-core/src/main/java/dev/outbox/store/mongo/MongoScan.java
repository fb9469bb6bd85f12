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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import com.mongodb.ReadConcern;
import com.mongodb.client.MongoCollection;
import dev.outbox.store.PositionLostException;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.StoredEvent;
import dev.outbox.store.mongo.MissingNumbers.Range;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * One step of a scan. A single query, over one state of the database that a majority of
 * the members has, returns the events behind the cursor that have become visible and
 * those ahead of it, all in the order of their numbers. However many of them are
 * consumed, none of them has been overtaken: an event whose transaction had committed
 * before another one took its number comes before it.
 * <p>
 * A number without a document is asked for until no transaction can live any more that
 * has taken it. What such a transaction has committed is visible as soon as a majority
 * has a later write.
 */
final class MongoScan {

	/**
	 * While nothing in sight is to be delivered, more is looked at in one go.
	 */
	private static final int FAR = 10_000;

	private static final int LONGEST_SEARCH = 100;

	private static final long CHECK_EVERY = TimeUnit.SECONDS.toNanos(10);

	private static final String ROW = "row";

	private final MongoWork work;

	private final MongoCollection<BsonDocument> events;

	private final Numbers numbers;

	private final long forgetAfter;

	MongoScan(MongoWork work, Duration longestTransaction) {
		this.work = work;
		this.events = work.collection(CollectionNames.EVENT).withReadConcern(ReadConcern.SNAPSHOT);
		this.numbers = new Numbers(work.collection(CollectionNames.SEQUENCE));
		this.forgetAfter = longestTransaction.toNanos();
	}

	ReadResult read(ReadRequest request) {
		MongoPosition from = (MongoPosition) request.from();
		long now = System.nanoTime();
		boolean check = from.nextCheck() == 0 || now - from.nextCheck() >= 0;
		long ended = now - this.forgetAfter;
		if (check) {
			from = checked(from, now, from.missing().anyBefore(ended));
		}
		ReadResult result = step(request, from, request.maxRows());
		for (int i = 0; i < LONGEST_SEARCH && result.events().isEmpty() && !result.drained(); i++) {
			result = step(request, (MongoPosition) result.next(), Math.max(FAR, request.maxRows()));
		}
		return (check && result.drained()) ? forgotten(result, ended) : result;
	}

	/**
	 * Makes sure that the numbers have not begun again, and, if some are to be forgotten,
	 * that what has ended by now is visible.
	 */
	private MongoPosition checked(MongoPosition from, long now, boolean confirm) {
		if (this.numbers.last(Numbers.EVENT) < from.cursor()) {
			throw new PositionLostException("the numbers of the events have begun again after " + from.cursor()
					+ ": the collection " + this.work.names().of(CollectionNames.SEQUENCE)
					+ " was emptied, or the database restored");
		}
		if (confirm) {
			this.work.awaitMajority();
		}
		return new MongoPosition(from.cursor(), from.missing(), stillThere(from.heeded()),
				now + Math.min(CHECK_EVERY, this.forgetAfter));
	}

	private Set<Long> stillThere(Set<Long> heeded) {
		Set<Long> there = new HashSet<>();
		if (!heeded.isEmpty()) {
			BsonDocument notes = returned(MongoWork.in(EventDocuments.NOTE, numbers(heeded)));
			MongoWork.fields(this.work.collection(CollectionNames.EVENT).find(notes), EventDocuments.NOTE)
				.forEach((found) -> there.add(BsonValues.number(found, EventDocuments.NOTE)));
		}
		return there;
	}

	private static ReadResult forgotten(ReadResult result, long ended) {
		MongoPosition next = (MongoPosition) result.next();
		return new ReadResult(result.events(),
				new MongoPosition(next.cursor(), next.missing().since(ended), next.heeded(), next.nextCheck()), true);
	}

	private ReadResult step(ReadRequest request, MongoPosition from, int limit) {
		BsonDocument row = EventDocuments.condition(isIn(request.scope()), EventDocuments.stored());
		BsonDocument shown = new BsonDocument(EventDocuments.ID, new BsonInt32(0))
			.append(EventDocuments.SEQ, new BsonInt32(1))
			.append(EventDocuments.NOTE, new BsonInt32(1))
			.append(ROW, row);
		List<BsonDocument> pipeline = List.of(new BsonDocument("$match", sight(from, request.upTo())),
				new BsonDocument("$sort", new BsonDocument(EventDocuments.SEQ, new BsonInt32(1))),
				new BsonDocument("$limit", new BsonInt32(limit)), new BsonDocument("$project", shown));
		List<BsonDocument> rows = MongoWork.all(this.events.aggregate(pipeline).batchSize(limit));
		return consume(request, from, rows, limit);
	}

	/**
	 * Returns the filter of what is looked at. Each of its arms is a part of an index
	 * that has the order of the numbers.
	 */
	private static BsonDocument sight(MongoPosition from, long upTo) {
		BsonArray arms = new BsonArray();
		for (Range range : from.missing().asked()) {
			arms.add(between("$gte", range.from(), range.to()));
		}
		BsonDocument returned = returned(between("$gt", 0, from.cursor()));
		if (!from.heeded().isEmpty()) {
			returned.putAll(MongoWork.is(EventDocuments.NOTE, "$nin", new BsonArray(numbers(from.heeded()))));
		}
		arms.add(returned);
		arms.add(between("$gt", from.cursor(), upTo));
		return new BsonDocument("$or", arms);
	}

	private static BsonDocument between(String lower, long from, long to) {
		return new BsonDocument(EventDocuments.SEQ,
				new BsonDocument(lower, new BsonInt64(from)).append("$lte", new BsonInt64(to)));
	}

	private static BsonDocument returned(BsonDocument condition) {
		BsonDocument returned = new BsonDocument(EventDocuments.RETURNED, BsonBoolean.TRUE);
		returned.putAll(condition);
		return returned;
	}

	private static List<BsonValue> numbers(Set<Long> numbers) {
		return numbers.stream().<BsonValue>map(BsonInt64::new).toList();
	}

	private static BsonValue isIn(ReadScope scope) {
		BsonArray all = new BsonArray();
		all.add(EventDocuments.call("$eq", new BsonString('$' + EventDocuments.TRANSPORT),
				literal(new BsonString(scope.transport()))));
		all.add(EventDocuments.call("$in", new BsonString('$' + EventDocuments.PART),
				new BsonArray(scope.parts().stream().map(BsonInt32::new).toList())));
		BsonString destination = new BsonString('$' + EventDocuments.DESTINATION);
		if (scope.only() != null) {
			all.add(EventDocuments.call("$eq", destination, literal(new BsonString(scope.only()))));
		}
		else if (!scope.excluded().isEmpty()) {
			BsonArray excluded = new BsonArray(scope.excluded().stream().map(BsonString::new).toList());
			all.add(EventDocuments.call("$not", EventDocuments.call("$in", destination, literal(excluded))));
		}
		return new BsonDocument("$and", all);
	}

	/**
	 * A name may begin with a dollar sign.
	 */
	private static BsonDocument literal(BsonValue value) {
		return new BsonDocument("$literal", value);
	}

	private static ReadResult consume(ReadRequest request, MongoPosition from, List<BsonDocument> rows, int limit) {
		long now = System.nanoTime();
		List<StoredEvent> taken = new ArrayList<>();
		TreeSet<Long> found = new TreeSet<>();
		Set<Long> heeded = new HashSet<>(from.heeded());
		List<Range> passed = new ArrayList<>();
		long cursor = from.cursor();
		long bytes = 0;
		int consumed = 0;
		for (BsonDocument row : rows) {
			long seq = BsonValues.number(row, EventDocuments.SEQ);
			StoredEvent event = event(seq, row.get(ROW));
			if (event != null) {
				bytes += event.payloadSize();
				if (taken.size() == request.maxRows() || (!taken.isEmpty() && bytes > request.maxBytes())) {
					break;
				}
				taken.add(event);
			}
			consumed++;
			if (row.containsKey(EventDocuments.NOTE)) {
				heeded.add(BsonValues.number(row, EventDocuments.NOTE));
			}
			if (seq <= from.cursor()) {
				found.add(seq);
				continue;
			}
			if (seq > cursor + 1) {
				passed.add(new Range(cursor + 1, seq - 1, now));
			}
			cursor = seq;
		}
		boolean drained = consumed == rows.size() && rows.size() < limit && taken.size() < request.maxRows();
		return new ReadResult(taken,
				new MongoPosition(cursor, from.missing().without(found).and(passed), heeded, from.nextCheck()),
				drained);
	}

	private static @Nullable StoredEvent event(long seq, @Nullable BsonValue row) {
		return (row != null && row.isDocument() && !row.asDocument().isEmpty())
				? EventDocuments.stored(seq, row.asDocument()) : null;
	}

}
