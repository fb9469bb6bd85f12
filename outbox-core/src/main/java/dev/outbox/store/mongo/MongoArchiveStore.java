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

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.mongodb.client.ClientSession;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.UpdateOptions;
import dev.outbox.LogFields;
import dev.outbox.OutboxException;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.NewEvent;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archive.
 */
final class MongoArchiveStore implements ArchiveStore {

	private static final Logger logger = LoggerFactory.getLogger(MongoArchiveStore.class);

	private static final String SELECTION = "selection";

	private static final String REPLAYED_TO = "replayedTo";

	private static final String LAST = "last";

	private static final String COUNT = "count";

	private static final BsonDocument BY_NUMBER = new BsonDocument(MongoArchive.NUMBER, new BsonInt32(1));

	private final MongoWork work;

	private final MongoCollection<BsonDocument> archive;

	private final MongoCollection<BsonDocument> replays;

	private final MongoCollection<BsonDocument> events;

	private final Numbers numbers;

	MongoArchiveStore(MongoWork work) {
		this.work = work;
		this.archive = work.collection(CollectionNames.ARCHIVE);
		this.replays = work.collection(CollectionNames.REPLAY);
		this.events = work.collection(CollectionNames.EVENT);
		this.numbers = new Numbers(work.collection(CollectionNames.SEQUENCE));
	}

	@Override
	public boolean isEmpty() {
		return MongoWork.fields(this.archive.find(), EventDocuments.ID).first() == null;
	}

	/**
	 * The archive is read before the transaction that writes: however long it takes to
	 * find something, nothing waits for it.
	 */
	@Override
	public Portion replay(String name, ArchiveFilter filter, int limit) {
		while (true) {
			Progress progress = progress(name, filter);
			if (progress.to() >= progress.last()) {
				return new Portion(List.of(), true);
			}
			int most = (int) Math.min(limit, filter.limit() - progress.count());
			FindIterable<BsonDocument> selected = this.archive.find(selected(filter, progress))
				.sort(BY_NUMBER)
				.limit(most);
			List<BsonDocument> sizes = MongoWork
				.all(MongoWork.fields(selected, EventDocuments.ID, MongoArchive.NUMBER, EventDocuments.PAYLOAD_SIZE));
			List<BsonDocument> group = PayloadGroups.first(sizes);
			boolean more = group.size() < sizes.size() || sizes.size() == most;
			long to = more ? BsonValues.number(group.get(group.size() - 1), MongoArchive.NUMBER) : progress.last();
			List<BsonDocument> found = archived(group);
			Optional<Portion> portion = this.work
				.inTransaction((session) -> put(session, name, progress, found, to, filter.limit()));
			if (portion.isPresent()) {
				return portion.get();
			}
		}
	}

	private List<BsonDocument> archived(List<BsonDocument> group) {
		return group.isEmpty() ? group : MongoWork.all(this.archive
			.find(MongoWork.in(EventDocuments.ID, group.stream().map((row) -> row.get(EventDocuments.ID)).toList()))
			.sort(BY_NUMBER));
	}

	private Progress progress(String name, ArchiveFilter filter) {
		BsonDocument last = MongoWork.fields(this.archive.find(), MongoArchive.NUMBER)
			.sort(new BsonDocument(MongoArchive.NUMBER, new BsonInt32(-1)))
			.first();
		BsonDocument begin = new BsonDocument(SELECTION, new BsonString(filter.toString()))
			.append(REPLAYED_TO, new BsonInt64(0))
			.append(LAST, new BsonInt64((last != null) ? BsonValues.number(last, MongoArchive.NUMBER) : 0))
			.append(COUNT, new BsonInt64(0));
		this.replays.updateOne(named(name), new BsonDocument("$setOnInsert", begin), new UpdateOptions().upsert(true));
		BsonDocument found = this.replays.find(named(name)).first();
		BsonDocument progress = (found != null) ? found : begin;
		String selection = BsonValues.text(progress, SELECTION);
		if (!filter.toString().equals(selection)) {
			throw new OutboxException("The replay '" + name + "' was begun for " + selection + ", not for " + filter
					+ ". This call has changed nothing. Use the same filter to go on, or another name for another"
					+ " replay");
		}
		return new Progress(BsonValues.number(progress, REPLAYED_TO), BsonValues.number(progress, LAST),
				BsonValues.number(progress, COUNT));
	}

	private static BsonDocument named(String name) {
		return MongoWork.is(EventDocuments.ID, new BsonString(name));
	}

	/**
	 * Events that were themselves replayed are left out.
	 */
	private static BsonDocument selected(ArchiveFilter filter, Progress progress) {
		BsonDocument selected = new BsonDocument(MongoArchive.NUMBER,
				new BsonDocument("$gt", new BsonInt64(progress.to())).append("$lte", new BsonInt64(progress.last())));
		selected.append(MongoArchive.REPLAY, new BsonDocument("$exists", BsonBoolean.FALSE));
		append(selected, EventDocuments.KEY, filter.key());
		append(selected, EventDocuments.TYPE, filter.eventType());
		if (filter.destination() != null) {
			append(selected, EventDocuments.TRANSPORT, filter.destination().transport());
			append(selected, EventDocuments.DESTINATION, filter.destination().name());
		}
		BsonDocument time = new BsonDocument();
		append(time, "$gte", filter.from());
		append(time, "$lt", filter.until());
		return time.isEmpty() ? selected : selected.append(MongoArchive.ARCHIVED_AT, time);
	}

	private static void append(BsonDocument filter, String field, @Nullable String value) {
		if (value != null) {
			filter.append(field, new BsonString(value));
		}
	}

	private static void append(BsonDocument filter, String operator, @Nullable Instant time) {
		if (time != null) {
			filter.append(operator, BsonValues.timeAtLeast(time));
		}
	}

	/**
	 * Advances the replay first: whoever else does so is in the way, and one of both
	 * looks again.
	 * @return what was put back, empty if another caller was faster
	 */
	private Optional<Portion> put(ClientSession session, String name, Progress progress, List<BsonDocument> found,
			long to, long limit) {
		Set<BsonValue> waiting = waiting(session, found);
		List<BsonDocument> rows = found.stream().filter((row) -> !waiting.contains(id(row))).toList();
		long count = progress.count() + rows.size();
		long next = (count >= limit) ? progress.last() : to;
		BsonDocument unchanged = named(name).append(REPLAYED_TO, new BsonInt64(progress.to()));
		BsonDocument advanced = new BsonDocument(REPLAYED_TO, new BsonInt64(next)).append(COUNT, new BsonInt64(count));
		if (this.replays.updateOne(session, unchanged, new BsonDocument("$set", advanced)).getMatchedCount() == 0) {
			return Optional.empty();
		}
		List<NewEvent> events = insert(session, name, rows);
		return Optional.of(new Portion(events, next >= progress.last()));
	}

	private List<NewEvent> insert(ClientSession session, String name, List<BsonDocument> rows) {
		if (rows.isEmpty()) {
			return List.of();
		}
		long seq = this.numbers.take(Numbers.EVENT, rows.size());
		List<BsonDocument> documents = new ArrayList<>(rows.size());
		List<NewEvent> events = new ArrayList<>(rows.size());
		for (BsonDocument row : rows) {
			EventDocuments.requireReadable(row);
			BsonDocument document = EventDocuments.copy(row, new BsonDocument(EventDocuments.ID, id(row)));
			BsonValues.add(document, EventDocuments.HEADERS, REPLAY_HEADER, name);
			documents.add(EventDocuments.numbered(document, seq++));
			events.add(new NewEvent(EventDocuments.event(row, MongoArchive.EVENT_ID).withPayload(new byte[0]),
					(int) BsonValues.number(row, EventDocuments.PART), null));
		}
		this.events.insertMany(session, documents);
		BsonDocument replayed = MongoWork.in(EventDocuments.ID, rows.stream().map(MongoArchiveStore::id).toList());
		this.events.updateMany(session, replayed, EventDocuments.WAIT_FROM_NOW);
		return events;
	}

	/**
	 * An event that still waits is delivered anyway, and cannot wait twice.
	 */
	private Set<BsonValue> waiting(ClientSession session, List<BsonDocument> found) {
		Set<BsonValue> waiting = new HashSet<>();
		BsonArray ids = new BsonArray(found.stream().map(MongoArchiveStore::id).toList());
		MongoWork.fields(this.events.find(session, MongoWork.is(EventDocuments.ID, "$in", ids)), EventDocuments.ID)
			.forEach((event) -> waiting.add(event.get(EventDocuments.ID)));
		waiting.forEach((id) -> LogFields.add(logger.atDebug(), LogFields.EVENT_ID, BsonValues.id(id))
			.log("Event {} is not replayed, for it waits already", BsonValues.id(id)));
		return waiting;
	}

	private static BsonValue id(BsonDocument row) {
		return row.getBinary(MongoArchive.EVENT_ID);
	}

	/**
	 * How far a replay has come.
	 *
	 * @param to the last number that it has passed
	 * @param last the number with which it ends
	 * @param count how many events were put back
	 */
	private record Progress(long to, long last, long count) {

	}

}
