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

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import com.example.toyoutbox.ToyDatabase.Ownership;
import com.example.toyoutbox.ToyDatabase.Part;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.KeyRead;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Position;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import org.jspecify.annotations.Nullable;

/**
 * What the relay reads and settles with.
 */
public final class ToyRelayStore implements RelayStore {

	private final ToyDatabase database;

	/**
	 * Creates the store.
	 * @param database where the events are
	 */
	public ToyRelayStore(ToyDatabase database) {
		this.database = database;
	}

	@Override
	public Position start() {
		return new ToyPosition(0, 0, 0, 0);
	}

	@Override
	public ReadResult read(ReadRequest request) {
		synchronized (this.database) {
			return ToyReading.step(this.database, request);
		}
	}

	/**
	 * What one of the two may not have seen counts as unseen. Some of it is read again.
	 */
	@Override
	public Position merge(Position main, Position joining) {
		ToyPosition one = (ToyPosition) main;
		ToyPosition other = (ToyPosition) joining;
		return new ToyPosition(Math.max(one.cursor(), other.cursor()), Math.min(one.seen(), other.seen()), 0, 0);
	}

	@Override
	public KeyRows readKey(KeyRead read) {
		synchronized (this.database) {
			ToyReading reading = new ToyReading(this.database,
					new ReadScope(read.destination().transport(), Set.of(read.part()), Set.of(), null), read.maxRows(),
					read.maxBytes());
			for (ToyRow row : this.database.events.tailMap(read.fromSeq(), true).values()) {
				if (isMeant(row, read) && !reading.add(row)) {
					return new KeyRows(reading.found(), false);
				}
			}
			return new KeyRows(reading.found(), true);
		}
	}

	private static boolean isMeant(ToyRow row, KeyRead read) {
		return row.part == read.part() && row.event.destination().equals(read.destination())
				&& Objects.equals(row.event.key(), read.key()) && (read.key() != null || row.seq == read.fromSeq());
	}

	@Override
	public Map<Long, byte[]> payloads(Collection<EventRef> rows) {
		synchronized (this.database) {
			Map<Long, byte[]> payloads = new HashMap<>();
			for (EventRef ref : rows) {
				ToyRow row = this.database.find(ref);
				if (row != null) {
					payloads.put(row.seq, row.event.payload());
				}
			}
			return payloads;
		}
	}

	@Override
	public void settle(Collection<EventRef> acknowledged) {
		synchronized (this.database) {
			for (EventRef ref : acknowledged) {
				if (this.database.find(ref) != null) {
					this.database.events.remove(ref.seq());
				}
			}
		}
	}

	/**
	 * Nobody is told why: an application that wants to know has a listener.
	 */
	@Override
	public boolean recordFailure(Claim claim, EventRef ref, String error, Duration retryIn) {
		synchronized (this.database) {
			ToyRow row = this.database.find(claim, ref);
			if (row == null) {
				return false;
			}
			Instant now = this.database.now();
			row.attempts++;
			row.crashes = 0;
			row.firstFailedAt = (row.firstFailedAt != null) ? row.firstFailedAt : now;
			row.dueAt = now.plus(retryIn);
			return true;
		}
	}

	@Override
	public boolean recordCarefulSend(Claim claim, EventRef ref) {
		return countCrash(claim, ref, 1);
	}

	@Override
	public boolean withdrawCarefulSend(Claim claim, EventRef ref) {
		return countCrash(claim, ref, -1);
	}

	private boolean countCrash(Claim claim, EventRef ref, int change) {
		synchronized (this.database) {
			ToyRow row = this.database.find(claim, ref);
			if (row != null) {
				row.crashes = Math.max(0, row.crashes + change);
			}
			return row != null;
		}
	}

	@Override
	public boolean deadLetter(Claim claim, EventRef ref, GivenUp why) {
		synchronized (this.database) {
			ToyRow row = this.database.find(claim, ref);
			if (row == null) {
				return false;
			}
			long number = this.database.nextSeq();
			int attempts = row.attempts + (why.attemptFailed() ? 1 : 0);
			Instant now = this.database.now();
			this.database.letters.put(number, new DeadLetter(number, row.seq, row.part, row.event, row.size(), attempts,
					row.firstFailedAt, now, why.error(), why.fingerprint(), why.stackTrace(), false, null));
			String key = row.event.key();
			if (why.blockKey() && key != null) {
				this.database.blocked.putIfAbsent(new BlockedKey(row.event.destination(), key), number);
			}
			this.database.events.remove(row.seq);
			return true;
		}
	}

	@Override
	public DueMove moveDue(UUID owner, String transport, Collection<Integer> parts, int limit) {
		synchronized (this.database) {
			Instant now = this.database.now();
			List<NewEvent> waiting = new ArrayList<>(this.database.scheduled.stream()
				.filter((event) -> parts.contains(event.part())
						&& event.event().destination().transport().equals(transport)
						&& isOwner(owner, transport, event.part()))
				.sorted(Comparator.comparing(ToyRelayStore::due))
				.toList());
			int moved = 0;
			while (moved < limit && !waiting.isEmpty() && !due(waiting.get(0)).isAfter(now)) {
				NewEvent event = waiting.remove(0);
				this.database.scheduled.remove(event);
				this.database.show(this.database.nextSeq(), event.part(), event.event());
				moved++;
			}
			return new DueMove(moved, nextIn(waiting, now));
		}
	}

	private boolean isOwner(UUID owner, String transport, int part) {
		Ownership ownership = this.database.ownerships.get(new Part(transport, part));
		return ownership != null && owner.equals(ownership.owner());
	}

	private static @Nullable Duration nextIn(List<NewEvent> waiting, Instant now) {
		return waiting.isEmpty() ? null : ToyRow.between(now, due(waiting.get(0)));
	}

	private static Instant due(NewEvent event) {
		return Objects.requireNonNull(event.deliverAt());
	}

}
