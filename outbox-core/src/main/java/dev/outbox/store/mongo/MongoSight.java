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
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import com.mongodb.ReadConcern;
import com.mongodb.client.MongoCollection;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadScope;
import dev.outbox.store.StoredEvent;
import dev.outbox.store.mongo.MissingNumbers.Asked;
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
 * The queries of a scan. Each sees one state of the database, which a majority of the
 * members has, and each of its arms is a part of an index in the order of the numbers.
 */
final class MongoSight {

	private static final String ROW = "row";

	/**
	 * Whether an event is in the scope.
	 */
	private static final String IN = "in";

	private static final BsonDocument ASCENDING = new BsonDocument(EventDocuments.SEQ, new BsonInt32(1));

	private final MongoCollection<BsonDocument> events;

	MongoSight(MongoWork work) {
		this.events = work.collection(CollectionNames.EVENT).withReadConcern(ReadConcern.SNAPSHOT);
	}

	/**
	 * Looks at what comes next.
	 */
	Seen near(ReadRequest request, MongoPosition from, int limit) {
		Asked asked = from.missing().asked(from.turn());
		BsonDocument shown = shown(request.scope());
		List<Row> rows = rows(arms(request, from, asked), limit, shown);
		int count = rows.size();
		if (!asked.isComplete()) {
			rows.addAll(earlierOnesOfTheirKeys(rows, from, shown));
			rows.sort(Comparator.comparingLong(Row::seq));
		}
		return new Seen(rows, count, asked.turn());
	}

	/**
	 * Looks at what comes next without reading it: at most as far as the first event in
	 * the scope.
	 */
	Seen far(ReadRequest request, MongoPosition from, int limit) {
		Asked asked = from.missing().asked(from.turn());
		BsonDocument shown = new BsonDocument(EventDocuments.NOTE, new BsonInt32(1)).append(IN, isIn(request.scope()));
		List<Row> rows = rows(arms(request, from, asked), limit, shown);
		return new Seen(rows, rows.size(), from.turn());
	}

	private List<Row> rows(BsonDocument filter, int limit, BsonDocument shown) {
		BsonDocument projection = new BsonDocument(EventDocuments.ID, new BsonInt32(0)).append(EventDocuments.SEQ,
				new BsonInt32(1));
		projection.putAll(shown);
		List<Row> rows = new ArrayList<>();
		this.events
			.aggregate(List.of(new BsonDocument("$match", filter), new BsonDocument("$sort", ASCENDING),
					new BsonDocument("$limit", new BsonInt32(limit)), new BsonDocument("$project", projection)))
			.batchSize(limit)
			.forEach((found) -> rows.add(row(found)));
		return rows;
	}

	private static Row row(BsonDocument found) {
		long seq = BsonValues.number(found, EventDocuments.SEQ);
		BsonValue row = found.get(ROW);
		boolean read = row != null && row.isDocument() && !row.asDocument().isEmpty();
		return new Row(seq, BsonValues.number(found, EventDocuments.NOTE),
				read || found.getBoolean(IN, BsonBoolean.FALSE).getValue(),
				read ? EventDocuments.stored(seq, found.getDocument(ROW)) : null);
	}

	private static BsonDocument shown(ReadScope scope) {
		return new BsonDocument(EventDocuments.NOTE, new BsonInt32(1)).append(ROW,
				EventDocuments.condition(isIn(scope), EventDocuments.stored()));
	}

	/**
	 * Where not all missing numbers were asked for, some may be there now that are of the
	 * same keys, and come before. This looks later than the first query, and so sees no
	 * less.
	 */
	private List<Row> earlierOnesOfTheirKeys(List<Row> rows, MongoPosition from, BsonDocument shown) {
		Set<Long> seen = new HashSet<>();
		Set<BsonString> keys = new HashSet<>();
		for (Row row : rows) {
			seen.add(row.seq());
			StoredEvent event = row.event();
			if (event != null && event.event().key() != null) {
				keys.add(new BsonString(event.event().key()));
			}
		}
		if (keys.isEmpty()) {
			return List.of();
		}
		BsonDocument filter = MongoWork.in(EventDocuments.KEY, keys);
		filter.putAll(between("$gte", from.missing().first(), from.missing().last()));
		BsonArray missed = new BsonArray();
		MongoWork.fields(this.events.find(filter), EventDocuments.SEQ).forEach((found) -> {
			long seq = BsonValues.number(found, EventDocuments.SEQ);
			if (!seen.contains(seq) && from.missing().contains(seq)) {
				missed.add(new BsonInt64(seq));
			}
		});
		return missed.isEmpty() ? List.of()
				: rows(MongoWork.is(EventDocuments.SEQ, "$in", missed), missed.size(), shown);
	}

	private static BsonDocument arms(ReadRequest request, MongoPosition from, Asked asked) {
		BsonArray arms = missing(asked);
		BsonDocument returned = returned(between("$gt", 0, from.cursor()));
		if (!from.heeded().isEmpty()) {
			returned.putAll(MongoWork.is(EventDocuments.NOTE, "$nin", numbers(from.heeded())));
		}
		arms.add(returned);
		arms.add(between("$gt", from.cursor(), request.upTo()));
		return new BsonDocument("$or", arms);
	}

	private static BsonArray missing(Asked asked) {
		BsonArray arms = new BsonArray();
		for (Range range : asked.ranges()) {
			arms.add(between("$gte", range.from(), range.to()));
		}
		if (!asked.numbers().isEmpty()) {
			arms.add(MongoWork.is(EventDocuments.SEQ, "$in", numbers(asked.numbers())));
		}
		return arms;
	}

	/**
	 * Returns which of some numbers are there.
	 */
	NavigableSet<Long> there(MissingNumbers missing) {
		NavigableSet<Long> there = new TreeSet<>();
		for (Asked part : missing.parts()) {
			MongoWork.fields(this.events.find(new BsonDocument("$or", missing(part))), EventDocuments.SEQ)
				.forEach((found) -> there.add(BsonValues.number(found, EventDocuments.SEQ)));
		}
		return there;
	}

	/**
	 * Returns which of some notes are there.
	 */
	List<Long> notesAmong(Collection<Long> notes) {
		List<Long> there = new ArrayList<>();
		BsonDocument filter = returned(MongoWork.is(EventDocuments.NOTE, "$in", numbers(notes)));
		MongoWork.fields(this.events.find(filter), EventDocuments.NOTE)
			.forEach((found) -> there.add(BsonValues.number(found, EventDocuments.NOTE)));
		return there;
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

	private static BsonArray numbers(Collection<Long> numbers) {
		return new BsonArray(numbers.stream().map(BsonInt64::new).toList());
	}

	private static BsonDocument isIn(ReadScope scope) {
		BsonArray all = new BsonArray();
		all.add(EventDocuments.call("$eq", new BsonString('$' + EventDocuments.TRANSPORT),
				literal(new BsonString(scope.transport()))));
		all.add(EventDocuments.call("$in", new BsonString('$' + EventDocuments.PART),
				new BsonArray(scope.parts().stream().map(BsonInt32::new).toList())));
		BsonString destination = new BsonString('$' + EventDocuments.DESTINATION);
		if (scope.only() != null) {
			all.add(EventDocuments.call("$eq", destination,
					literal(new BsonString(Objects.requireNonNull(scope.only())))));
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

	/**
	 * What a query has found.
	 *
	 * @param rows all of it, in the order of the numbers
	 * @param count how many of them the first query has returned, which is bounded
	 * @param nextTurn where the next turn of missing numbers begins
	 */
	record Seen(List<Row> rows, int count, long nextTurn) {

	}

	/**
	 * A number in sight.
	 *
	 * @param seq the number
	 * @param note the note that it came back, 0 if there is none
	 * @param isIn whether its event is in the scope
	 * @param event the event, {@code null} if it is not in the scope, or was not read
	 */
	record Row(long seq, long note, boolean isIn, @Nullable StoredEvent event) {

	}

}
