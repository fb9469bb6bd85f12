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

import dev.outbox.store.PositionLostException;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.StoredEvent;
import dev.outbox.store.mongo.MissingNumbers.Range;
import dev.outbox.store.mongo.MongoSight.Row;
import dev.outbox.store.mongo.MongoSight.Seen;

/**
 * One step of a scan. A single query, over one state of the database that a majority of
 * the members has, returns the events behind the cursor that have become visible and
 * those ahead of it, all in the order of their numbers. However many of them are
 * consumed, none of them has been overtaken: an event whose transaction had committed
 * before another one took its number comes before it.
 * <p>
 * A number without a document is asked for until no transaction can live any more that
 * has taken it. Where very many are missing, a query asks for some of them only; those of
 * the keys that it has found are looked for by another one then, which sees no less.
 */
final class MongoScan {

	/**
	 * While nothing in sight is to be delivered, more is looked at in one go.
	 */
	private static final int FAR = 10_000;

	private static final int LONGEST_SEARCH = 100;

	private static final int NOTES = 1000;

	private static final long CHECK_EVERY = TimeUnit.SECONDS.toNanos(10);

	private final MongoWork work;

	private final MongoSight sight;

	private final Numbers numbers;

	private final SettledNumbers settled;

	private final long checkEvery;

	MongoScan(MongoWork work, Duration longestTransaction) {
		this.work = work;
		this.sight = new MongoSight(work);
		this.numbers = new Numbers(work.collection(CollectionNames.SEQUENCE));
		this.settled = new SettledNumbers(work, longestTransaction);
		this.checkEvery = Math.min(CHECK_EVERY, longestTransaction.toNanos());
	}

	ReadResult read(ReadRequest request) {
		MongoPosition from = (MongoPosition) request.from();
		long now = System.nanoTime();
		if (from.nextCheck() == 0 || now - from.nextCheck() >= 0) {
			from = checked(from, now);
		}
		int limit = request.maxRows();
		ReadResult result = consume(request, from, this.sight.near(request, from, limit), limit);
		for (int i = 0; i < LONGEST_SEARCH && result.events().isEmpty() && !result.drained(); i++) {
			MongoPosition next = (MongoPosition) result.next();
			result = consume(request, next, this.sight.far(request, next, FAR), FAR);
			if (result.events().isEmpty() && !result.drained()) {
				MongoPosition passed = (MongoPosition) result.next();
				result = consume(request, passed, this.sight.near(request, passed, limit), limit);
			}
		}
		return result;
	}

	/**
	 * Makes sure that the numbers have not begun again, and forgets those that can never
	 * come.
	 */
	private MongoPosition checked(MongoPosition from, long now) {
		if (from.nextCheck() == 0) {
			// What another primary has acknowledged must be visible here.
			this.work.awaitMajority();
		}
		long last = this.numbers.last(Numbers.EVENT);
		if (last < from.cursor()) {
			this.work.awaitMajority();
			last = this.numbers.last(Numbers.EVENT);
		}
		if (last < from.cursor()) {
			throw new PositionLostException("the numbers of the events have begun again after " + from.cursor()
					+ ": the collection " + this.work.names().of(CollectionNames.SEQUENCE)
					+ " was emptied, or the database restored");
		}
		long number = this.settled.advance();
		MissingNumbers left = from.missing();
		if (number > from.settled()) {
			left = left.above(number, this.sight.there(left.upTo(number)));
		}
		return from.checked(left, number, stillThere(from.heeded()), now + this.checkEvery);
	}

	private Set<Long> stillThere(Set<Long> heeded) {
		Set<Long> there = new HashSet<>();
		List<Long> notes = List.copyOf(heeded);
		for (int i = 0; i < notes.size(); i += NOTES) {
			there.addAll(this.sight.notesAmong(notes.subList(i, Math.min(notes.size(), i + NOTES))));
		}
		return there;
	}

	private static ReadResult consume(ReadRequest request, MongoPosition from, Seen seen, int limit) {
		List<StoredEvent> taken = new ArrayList<>();
		TreeSet<Long> found = new TreeSet<>();
		Set<Long> heeded = new HashSet<>(from.heeded());
		List<Range> passed = new ArrayList<>();
		long cursor = from.cursor();
		long bytes = 0;
		int consumed = 0;
		for (Row row : seen.rows()) {
			StoredEvent event = row.event();
			bytes += (event != null) ? event.payloadSize() : 0;
			if (row.isIn() && (event == null || taken.size() == request.maxRows()
					|| !taken.isEmpty() && bytes > request.maxBytes())) {
				break;
			}
			if (event != null) {
				taken.add(event);
			}
			consumed++;
			if (row.note() != 0) {
				heeded.add(row.note());
			}
			if (row.seq() <= from.cursor()) {
				found.add(row.seq());
				continue;
			}
			long first = Math.max(cursor, from.settled()) + 1;
			if (row.seq() > first) {
				passed.add(new Range(first, row.seq() - 1));
			}
			cursor = row.seq();
		}
		boolean drained = consumed == seen.rows().size() && seen.count() < limit && taken.size() < request.maxRows();
		return new ReadResult(taken,
				from.at(cursor, from.missing().without(found).and(passed), seen.nextTurn(), heeded), drained);
	}

}
