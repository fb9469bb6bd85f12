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
import java.util.concurrent.ConcurrentHashMap;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoCollection;
import dev.outbox.store.RelayStore.DueMove;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves events that have become due to those that wait to be delivered.
 */
final class MongoDueEvents {

	private static final Logger logger = LoggerFactory.getLogger(MongoDueEvents.class);

	static final String DELIVER_AT = "deliverAt";

	/**
	 * A transaction that moves more would be long, and hold up others.
	 */
	private static final int MOST = 500;

	private static final int MOST_NOTICED = 1000;

	private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

	private static final String DUE_IN = "dueIn";

	private final MongoWork work;

	private final MongoClaims claims;

	private final Numbers numbers;

	private final MongoCollection<BsonDocument> scheduled;

	private final MongoCollection<BsonDocument> events;

	/**
	 * What the log has been told of.
	 */
	private final Set<BsonValue> noticed = ConcurrentHashMap.newKeySet();

	MongoDueEvents(MongoWork work) {
		this.work = work;
		this.claims = new MongoClaims(work);
		this.numbers = new Numbers(work.collection(CollectionNames.SEQUENCE));
		this.scheduled = work.collection(CollectionNames.SCHEDULED);
		this.events = work.collection(CollectionNames.EVENT);
	}

	/**
	 * An event whose id waits to be delivered already is left where it is until that one
	 * has been: no id waits twice.
	 */
	DueMove move(UUID owner, String transport, Collection<Integer> parts, int limit) {
		int moved = 0;
		Set<BsonValue> left = new HashSet<>();
		while (true) {
			List<BsonDocument> first = first(transport, parts, Math.min(MOST, limit - moved), left);
			List<BsonDocument> due = PayloadGroups.first(first.stream().filter((event) -> dueIn(event) <= 0).toList());
			Set<BsonValue> waiting = waiting(due);
			List<BsonDocument> ready = due.stream()
				.filter((event) -> !waiting.contains(event.get(EventDocuments.ID)))
				.toList();
			int count = ready.isEmpty() ? 0
					: this.work.inTransaction((session) -> move(session, owner, transport, ready));
			moved += count;
			if (count == 0 && left.addAll(waiting)) {
				continue;
			}
			if (count == 0 && !ready.isEmpty()) {
				// They are somebody else's now, which the caller learns with its
				// heartbeat.
				return new DueMove(moved, LOOK_AGAIN);
			}
			if (count == 0 || moved >= limit) {
				return new DueMove(moved, nextIn((count == 0) ? first : first(transport, parts, 1, left), left));
			}
		}
	}

	private Set<BsonValue> waiting(List<BsonDocument> due) {
		Set<BsonValue> waiting = new HashSet<>();
		if (!due.isEmpty()) {
			BsonArray ids = new BsonArray(due.stream().map((event) -> event.get(EventDocuments.ID)).toList());
			MongoWork.fields(this.events.find(MongoWork.is(EventDocuments.ID, "$in", ids)), EventDocuments.ID)
				.forEach((event) -> waiting.add(event.get(EventDocuments.ID)));
		}
		waiting.forEach(this::notice);
		return waiting;
	}

	private void notice(BsonValue id) {
		if (this.noticed.size() < MOST_NOTICED && this.noticed.add(id)) {
			logger.warn(
					"Event {} is due and stays in {}: an event with the same id has not been delivered yet. It is"
							+ " sent when that one has been. Give each event an id of its own",
					BsonValues.id(id), this.scheduled.getNamespace().getCollectionName());
		}
	}

	private static @Nullable Duration nextIn(List<BsonDocument> first, Set<BsonValue> left) {
		Duration next = first.isEmpty() ? null : Duration.ofMillis(Math.max(0, dueIn(first.get(0))));
		boolean later = next == null || next.compareTo(LOOK_AGAIN) > 0;
		return (later && !left.isEmpty()) ? LOOK_AGAIN : next;
	}

	private static long dueIn(BsonDocument event) {
		return BsonValues.number(event, DUE_IN);
	}

	/**
	 * Returns the first events to become due, without their payloads.
	 */
	private List<BsonDocument> first(String transport, Collection<Integer> parts, int limit, Set<BsonValue> left) {
		BsonDocument mine = MongoWork.is(EventDocuments.TRANSPORT, new BsonString(transport));
		mine.putAll(MongoWork.in(EventDocuments.PART, parts.stream().map(BsonInt32::new).toList()));
		if (!left.isEmpty()) {
			mine.putAll(MongoWork.is(EventDocuments.ID, "$nin", new BsonArray(List.copyOf(left))));
		}
		return MongoWork.all(this.scheduled.aggregate(List.of(new BsonDocument("$match", mine),
				new BsonDocument("$sort",
						new BsonDocument(DELIVER_AT, new BsonInt32(1)).append(EventDocuments.ID, new BsonInt32(1))),
				new BsonDocument("$limit", new BsonInt32(limit)),
				new BsonDocument("$project",
						new BsonDocument(EventDocuments.PART, new BsonInt32(1))
							.append(EventDocuments.PAYLOAD_SIZE, new BsonInt32(1))
							.append(DUE_IN, EventDocuments.millisBetween("$$NOW", '$' + DELIVER_AT))))));
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
			BsonDocument waiting = new BsonDocument(EventDocuments.ID, id).append(EventDocuments.WAITING_SINCE,
					event.get(DELIVER_AT));
			moved.add(EventDocuments.numbered(EventDocuments.copy(event, waiting), seq++));
		}
		return moved;
	}

}
