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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

import com.mongodb.ReadConcern;
import com.mongodb.client.MongoCollection;
import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.KeyRead;
import dev.outbox.store.Position;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * The relay's view of the outbox.
 */
final class MongoRelayStore implements RelayStore {

	private static final String ROW = "row";

	private static final int LONGEST_LIST = 1000;

	private final MongoCollection<BsonDocument> events;

	private final MongoScan scan;

	private final MongoOutcomes outcomes;

	private final MongoDueEvents due;

	private final @Nullable MongoArchive archive;

	MongoRelayStore(MongoWork work, Duration longestTransaction, boolean archive) {
		this.events = work.collection(CollectionNames.EVENT);
		this.scan = new MongoScan(work, longestTransaction);
		this.outcomes = new MongoOutcomes(work);
		this.due = new MongoDueEvents(work);
		this.archive = archive ? new MongoArchive(work) : null;
	}

	@Override
	public Position start() {
		return MongoPosition.START;
	}

	@Override
	public ReadResult read(ReadRequest request) {
		return this.scan.read(request);
	}

	@Override
	public Position merge(Position main, Position joining) {
		return ((MongoPosition) main).and((MongoPosition) joining);
	}

	@Override
	public KeyRows readKey(KeyRead read) {
		String key = read.key();
		BsonDocument filter = new BsonDocument(EventDocuments.KEY, (key != null) ? new BsonString(key) : BsonNull.VALUE)
			.append(EventDocuments.SEQ,
					(key != null) ? new BsonDocument("$gte", new BsonInt64(read.fromSeq()))
							: new BsonInt64(read.fromSeq()))
			.append(EventDocuments.PART, new BsonInt32(read.part()))
			.append(EventDocuments.TRANSPORT, new BsonString(read.destination().transport()))
			.append(EventDocuments.DESTINATION, new BsonString(read.destination().name()));
		List<BsonDocument> rows = MongoWork.all(this.events.withReadConcern(ReadConcern.SNAPSHOT)
			.aggregate(List.of(new BsonDocument("$match", filter),
					new BsonDocument("$sort", new BsonDocument(EventDocuments.SEQ, new BsonInt32(1))),
					new BsonDocument("$limit", new BsonInt32(read.maxRows())),
					new BsonDocument("$project",
							new BsonDocument(EventDocuments.SEQ, new BsonInt32(1)).append(ROW,
									EventDocuments.stored()))))
			.batchSize(read.maxRows()));
		List<StoredEvent> events = new ArrayList<>();
		long bytes = 0;
		for (BsonDocument row : rows) {
			StoredEvent event = EventDocuments.stored(BsonValues.number(row, EventDocuments.SEQ), row.getDocument(ROW));
			bytes += event.payloadSize();
			if (!events.isEmpty() && bytes > read.maxBytes()) {
				return new KeyRows(events, false);
			}
			events.add(event);
		}
		return new KeyRows(events, rows.size() < read.maxRows());
	}

	@Override
	public Map<Long, byte[]> payloads(Collection<EventRef> rows) {
		Map<Long, UUID> wanted = new HashMap<>();
		rows.forEach((row) -> wanted.put(row.seq(), row.id()));
		Map<Long, byte[]> payloads = new HashMap<>();
		MongoWork
			.fields(this.events.find(MongoOutcomes.named(rows)), EventDocuments.ID, EventDocuments.SEQ,
					EventDocuments.PAYLOAD)
			.forEach((row) -> {
				long seq = BsonValues.number(row, EventDocuments.SEQ);
				if (BsonValues.id(row, EventDocuments.ID).equals(wanted.get(seq))) {
					payloads.put(seq, Objects.requireNonNull(row.getBinary(EventDocuments.PAYLOAD)).getData());
				}
			});
		return payloads;
	}

	@Override
	public void settle(Collection<EventRef> acknowledged) {
		List<EventRef> rows = acknowledged.stream().sorted(Comparator.comparingLong(EventRef::seq)).toList();
		for (int from = 0; from < rows.size(); from += LONGEST_LIST) {
			List<EventRef> list = rows.subList(from, Math.min(rows.size(), from + LONGEST_LIST));
			if (this.archive != null) {
				this.archive.add(list);
			}
			this.events.deleteMany(MongoOutcomes.named(list));
		}
	}

	@Override
	public boolean recordFailure(Claim claim, EventRef row, String error, Duration retryIn) {
		return this.outcomes.recordFailure(claim, row, error, retryIn);
	}

	@Override
	public boolean recordCarefulSend(Claim claim, EventRef row) {
		return this.outcomes.countCarefulSend(claim, row, 1);
	}

	@Override
	public boolean withdrawCarefulSend(Claim claim, EventRef row) {
		return this.outcomes.countCarefulSend(claim, row, -1);
	}

	@Override
	public boolean deadLetter(Claim claim, EventRef row, GivenUp givenUp) {
		return this.outcomes.deadLetter(claim, row, givenUp);
	}

	@Override
	public DueMove moveDue(UUID owner, String transport, Collection<Integer> parts, int limit) {
		return this.due.move(owner, transport, parts, limit);
	}

}
