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

package com.example.toyoutbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.StoredEvent;

/**
 * One step of a scan, while nothing changes.
 */
final class ToyReading {

	private final ToyDatabase database;

	private final ReadScope scope;

	private final int maxRows;

	private final long maxBytes;

	private final Instant now;

	private final List<StoredEvent> found = new ArrayList<>();

	private long bytes;

	ToyReading(ToyDatabase database, ReadScope scope, int maxRows, long maxBytes) {
		this.database = database;
		this.scope = scope;
		this.maxRows = maxRows;
		this.maxBytes = maxBytes;
		this.now = database.now();
	}

	static ReadResult step(ToyDatabase database, ReadRequest request) {
		ToyReading reading = new ToyReading(database, request.scope(), request.maxRows(), request.maxBytes());
		return reading.late((ToyPosition) request.from(), request.upTo());
	}

	/**
	 * What has become visible behind the cursor comes first, all of it.
	 */
	private ReadResult late(ToyPosition from, long upTo) {
		long pass = (from.pass() != 0) ? from.pass() : this.database.lastChange();
		long passed = from.passed();
		for (ToyRow row : between(passed, from.cursor()).values()) {
			if (row.change > from.seen() && row.change <= pass && isMeant(row)) {
				if (!add(row)) {
					return result(new ToyPosition(from.cursor(), from.seen(), pass, passed), false);
				}
				passed = row.seq;
			}
		}
		if (pass < this.database.lastChange()) {
			// What has become visible since the pass began comes next, in an order of its
			// own.
			ToyPosition next = new ToyPosition(from.cursor(), pass, 0, 0);
			return this.found.isEmpty() ? late(next, upTo) : result(next, false);
		}
		return tail(from.cursor(), pass, upTo);
	}

	private ReadResult tail(long from, long seen, long upTo) {
		long cursor = from;
		for (ToyRow row : between(from, upTo).values()) {
			if (isMeant(row) && !add(row)) {
				return result(new ToyPosition(cursor, seen, 0, 0), false);
			}
			cursor = row.seq;
		}
		return result(new ToyPosition(cursor, seen, 0, 0), true);
	}

	private NavigableMap<Long, ToyRow> between(long exclusive, long inclusive) {
		return (exclusive < inclusive) ? this.database.events.subMap(exclusive, false, inclusive, true)
				: this.database.events.subMap(0L, false, 0L, true);
	}

	private boolean isMeant(ToyRow row) {
		String destination = row.event.destination().name();
		boolean included = (this.scope.only() != null) ? this.scope.only().equals(destination)
				: !this.scope.excluded().contains(destination);
		return included && row.event.destination().transport().equals(this.scope.transport())
				&& this.scope.parts().contains(row.part);
	}

	/**
	 * Adds a row unless there is no room for it. One that is too large passes alone.
	 */
	boolean add(ToyRow row) {
		boolean fits = this.found.isEmpty()
				|| (this.found.size() < this.maxRows && this.bytes + row.size() <= this.maxBytes);
		if (fits) {
			this.found.add(row.read(this.now));
			this.bytes += row.size();
		}
		return fits;
	}

	List<StoredEvent> found() {
		return this.found;
	}

	private ReadResult result(ToyPosition next, boolean drained) {
		return new ReadResult(this.found, next, drained);
	}

}
