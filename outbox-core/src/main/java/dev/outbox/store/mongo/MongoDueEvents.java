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
import java.util.TreeSet;
import java.util.UUID;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import dev.outbox.store.RelayStore.DueMove;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Moves events that have become due to those that wait to be delivered.
 */
final class MongoDueEvents {

	static final String DELIVER_AT = "deliverAt";

	/**
	 * A transaction that moves more would be long, and hold up others.
	 */
	private static final int MOST = 500;

	private static final long MOST_BYTES = 8 << 20;

	private static final String DUE_IN = "dueIn";

	private final MongoWork work;

	private final MongoClaims claims;

	private final Numbers numbers;

	private final MongoCollection<BsonDocument> scheduled;

	private final MongoCollection<BsonDocument> events;

	MongoDueEvents(MongoWork work) {
		this.work = work;
		this.claims = new MongoClaims(work);
		this.numbers = new Numbers(work.collection(CollectionNames.SEQUENCE));
		this.scheduled = work.collection(CollectionNames.SCHEDULED);
		this.events = work.collection(CollectionNames.EVENT);
	}

	DueMove move(UUID owner, String transport, Collection<Integer> parts, int limit) {
		int moved = 0;
		while (true) {
			List<BsonDocument> first = first(transport, parts, Math.min(MOST, limit - moved));
			List<BsonDocument> due = first.stream().filter((event) -> dueIn(event) <= 0).toList();
			int count = due.isEmpty() ? 0
					: this.work.inTransaction((session) -> move(session, owner, transport, withinBytes(due)));
			moved += count;
			if (count == 0 || moved >= limit) {
				return new DueMove(moved, nextIn((count == 0) ? first : first(transport, parts, 1)));
			}
		}
	}

	private static @Nullable Duration nextIn(List<BsonDocument> first) {
		return first.isEmpty() ? null : Duration.ofMillis(Math.max(0, dueIn(first.get(0))));
	}

	private static long dueIn(BsonDocument event) {
		return BsonValues.number(event, DUE_IN);
	}

	/**
	 * Returns the first events to become due, without their payloads.
	 */
	private List<BsonDocument> first(String transport, Collection<Integer> parts, int limit) {
		BsonDocument mine = MongoWork.is(EventDocuments.TRANSPORT, new BsonString(transport));
		mine.putAll(MongoWork.in(EventDocuments.PART, parts.stream().map(BsonInt32::new).toList()));
		return MongoWork.all(this.scheduled.aggregate(List.of(new BsonDocument("$match", mine),
				new BsonDocument("$sort",
						new BsonDocument(DELIVER_AT, new BsonInt32(1)).append(EventDocuments.ID, new BsonInt32(1))),
				new BsonDocument("$limit", new BsonInt32(limit)),
				new BsonDocument("$project",
						new BsonDocument(EventDocuments.PART, new BsonInt32(1))
							.append(EventDocuments.PAYLOAD_SIZE, new BsonInt32(1))
							.append(DUE_IN, EventDocuments.millisBetween("$$NOW", '$' + DELIVER_AT))))));
	}

	private static List<BsonDocument> withinBytes(List<BsonDocument> due) {
		List<BsonDocument> within = new ArrayList<>();
		long bytes = 0;
		for (BsonDocument event : due) {
			bytes += BsonValues.number(event, EventDocuments.PAYLOAD_SIZE);
			if (!within.isEmpty() && bytes > MOST_BYTES) {
				break;
			}
			within.add(event);
		}
		return within;
	}

	/**
	 * Takes the numbers when the partitions are held, and nobody else moves their events.
	 */
	private int move(ClientSession session, UUID owner, String transport, List<BsonDocument> due) {
		Set<Integer> parts = new TreeSet<>();
		due.forEach((event) -> parts.add(event.getInt32(EventDocuments.PART).getValue()));
		Set<Integer> held = new HashSet<>(parts);
		held.removeIf((part) -> this.claims.hold(session, owner, transport, part) == null);
		BsonArray ids = new BsonArray();
		due.stream()
			.filter((event) -> held.contains(event.getInt32(EventDocuments.PART).getValue()))
			.forEach((event) -> ids.add(event.get(EventDocuments.ID)));
		if (ids.isEmpty()) {
			return 0;
		}
		List<BsonDocument> moved = moved(session, ids);
		if (!moved.isEmpty()) {
			this.events.insertMany(session, moved);
			this.scheduled.deleteMany(session, MongoWork.is(EventDocuments.ID, "$in", ids));
		}
		return moved.size();
	}

	private List<BsonDocument> moved(ClientSession session, BsonArray ids) {
		List<BsonDocument> due = MongoWork.all(this.scheduled.find(session, MongoWork.is(EventDocuments.ID, "$in", ids))
			.sort(new BsonDocument(DELIVER_AT, new BsonInt32(1)).append(EventDocuments.ID, new BsonInt32(1))));
		if (due.isEmpty()) {
			return due;
		}
		long seq = this.numbers.take(Numbers.EVENT, due.size());
		List<BsonDocument> moved = new ArrayList<>(due.size());
		for (BsonDocument event : due) {
			BsonValue id = event.get(EventDocuments.ID);
			moved.add(EventDocuments.numbered(EventDocuments.copy(event, new BsonDocument(EventDocuments.ID, id)),
					seq++));
		}
		return moved;
	}

}
