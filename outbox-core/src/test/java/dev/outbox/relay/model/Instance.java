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

package dev.outbox.relay.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A relay. Between its statements, and between a decision and what comes of it, anything
 * may happen to it and to others.
 */
final class Instance {

	static final long LEASE = 100;

	private static final int CHUNK = 4;

	private static final int MAX_ATTEMPTS = 3;

	private final Timeline time;

	private final Database database;

	private final Broker broker;

	private final @Nullable Mutation without;

	private Tenure tenure;

	private boolean running = true;

	private boolean stopping;

	private long pausedUntil;

	Instance(Timeline time, Database database, Broker broker, @Nullable Mutation without) {
		this.time = time;
		this.database = database;
		this.broker = broker;
		this.without = without;
		this.tenure = join();
		soon(30, this::tick);
		soon(5, this::poll);
		soon(5, this::settle);
		soon(5, this::pump);
	}

	private Tenure join() {
		long now = this.time.now();
		return new Tenure(this.database.join(now + LEASE), now + LEASE * 8 / 10);
	}

	// What happens to it

	void kill() {
		this.time.note("killed", this.tenure.name);
		this.running = false;
	}

	void pause(long until) {
		this.time.note("paused until " + until, this.tenure.name);
		this.pausedUntil = Math.max(this.pausedUntil, until);
	}

	/**
	 * Lets it finish what the broker has, and give its partitions back.
	 */
	void stop() {
		this.stopping = true;
	}

	boolean isRunning() {
		return this.running;
	}

	boolean isStaying() {
		return this.running && !this.stopping;
	}

	long pausedUntil() {
		return this.pausedUntil;
	}

	int exposed() {
		return this.tenure.exposed();
	}

	private void soon(int most, Runnable action) {
		this.time.later(this.time.delay(most), this, action);
	}

	private boolean lacks(Mutation rule) {
		return this.without == rule;
	}

	// Lease

	private void tick() {
		long before = this.time.now();
		soon(3, () -> renew(before));
	}

	private void renew(long before) {
		long now = this.time.now();
		if (this.database.renew(this.tenure.name, now, now + LEASE)) {
			this.tenure.deadline = before + LEASE * 8 / 10;
			Tenure mine = this.tenure;
			soon(3, () -> share(mine));
		}
		else {
			this.time.note("lost its lease", this.tenure.name);
			this.tenure = join();
		}
		soon(25, this::tick);
	}

	private void share(Tenure mine) {
		if (mine != this.tenure) {
			return;
		}
		int live = this.database.removeExpired(this.time.now());
		Map<Integer, Long> owned = this.database.owned(mine.name);
		for (int part : List.copyOf(mine.epochs.keySet())) {
			if (!mine.epochs.get(part).equals(owned.get(part))) {
				drop(mine, part);
				mine.forget(part);
			}
		}
		int fair = (this.database.partitions() + live - 1) / Math.max(live, 1);
		int target = this.stopping ? 0 : fair;
		giveBack(mine, owned.keySet(), owned.size() - mine.releasing.size() - target);
		if (owned.size() < target) {
			take(mine, target - owned.size(), live);
		}
		if (this.stopping && owned.isEmpty()) {
			this.database.leave(mine.name);
			this.running = false;
		}
	}

	private void giveBack(Tenure mine, Collection<Integer> owned, int surplus) {
		int left = surplus;
		for (int part : owned) {
			if (left > 0 && mine.releasing.add(part)) {
				mine.stopReading(part);
				drop(mine, part);
				left--;
			}
		}
	}

	private void take(Tenure mine, int count, int live) {
		boolean alsoOfOthers = lacks(Mutation.LIVE_OWNERS_IGNORED) && live > 1;
		this.database.take(mine.name, count, alsoOfOthers).forEach((part, epoch) -> {
			this.time.note(mine.name + " takes partition", part);
			mine.epochs.put(part, epoch);
			(lacks(Mutation.NO_BACKFILL) ? mine.tail : mine.fresh).add(part);
		});
	}

	private void drop(Tenure mine, int part) {
		mine.drop(part, lacks(Mutation.DROPPED_BUT_SEEN));
	}

	// Reading

	private void poll() {
		Tenure mine = this.tenure;
		mine.seen.removeAll(mine.deleted);
		mine.deleted.clear();
		Snapshot snapshot = this.database.snapshot();
		List<Row> tail = read(mine.cursor, Long.MAX_VALUE, mine.tail);
		List<Row> found = new ArrayList<>(tail);
		if (!lacks(Mutation.NO_LATE_ARM)) {
			found.addAll(late(mine.cursor, mine.tail, mine.previous));
		}
		// A number that nobody sees yet belongs to a transaction that the snapshot calls
		// unfinished.
		mine.cursor = (tail.size() < CHUNK) ? Math.max(mine.cursor, this.database.lastSeq())
				: tail.get(CHUNK - 1).seq();
		mine.previous = snapshot;
		mine.append(found);
		if (mine.backfill.isEmpty()) {
			mine.backfill.addAll(mine.fresh);
			mine.fresh.clear();
			mine.backfillCursor = 0;
			mine.backfillPrevious = null;
		}
		if (mine.backfill.isEmpty() || mine.merging) {
			soon(10, this::poll);
		}
		else {
			soon(5, () -> fill(mine));
		}
	}

	/**
	 * The poll's statement over what is new, up to the cursor, with a cursor and a
	 * snapshot of its own. One that finds less than it may is the last.
	 */
	private void fill(Tenure mine) {
		soon(10, this::poll);
		if (mine != this.tenure) {
			return;
		}
		Snapshot snapshot = this.database.snapshot();
		List<Row> chunk = read(mine.backfillCursor, mine.cursor, mine.backfill);
		List<Row> found = new ArrayList<>(chunk);
		if (!lacks(Mutation.NO_LATE_ARM_IN_BACKFILL)) {
			found.addAll(late(mine.backfillCursor, mine.backfill, mine.backfillPrevious));
		}
		mine.append(found);
		mine.backfillPrevious = snapshot;
		if (chunk.size() == CHUNK) {
			mine.backfillCursor = chunk.get(CHUNK - 1).seq();
		}
		else if (lacks(Mutation.MERGED_LATE)) {
			mine.merging = true;
			soon(12, () -> merge(mine, snapshot));
		}
		else {
			merge(mine, snapshot);
		}
	}

	private static void merge(Tenure mine, Snapshot snapshot) {
		mine.merging = false;
		mine.tail.addAll(mine.backfill);
		mine.backfill.clear();
		mine.previous = (mine.previous != null) ? mine.previous.merge(snapshot) : snapshot;
	}

	private List<Row> read(long above, long upTo, Set<Integer> parts) {
		return parts.isEmpty() ? List.of()
				: this.database.read(above, upTo, CHUNK, (row) -> parts.contains(row.part()));
	}

	/**
	 * What the last snapshot could not see: rows at or below the cursor whose transaction
	 * it called unfinished.
	 */
	private List<Row> late(long upTo, Set<Integer> parts, @Nullable Snapshot previous) {
		if (previous == null || parts.isEmpty()) {
			return List.of();
		}
		return this.database.read(0, upTo, Integer.MAX_VALUE,
				(row) -> parts.contains(row.part()) && (lacks(Mutation.NO_LATE_XMAX)
						? previous.inProgress().contains(row.xid()) : previous.isUnfinished(row.xid())));
	}

	// Sending

	private void pump() {
		Tenure mine = this.tenure;
		int most = lacks(Mutation.NO_CHAIN) ? 3 : 1;
		if (this.time.now() <= mine.deadline || lacks(Mutation.NO_LEASE_CHECK)) {
			for (Deque<Row> chain : mine.chains.values()) {
				int left = most;
				for (Row row : chain) {
					if (left == 0) {
						break;
					}
					left--;
					if (isDue(mine, row)) {
						send(mine, row);
					}
				}
			}
		}
		soon(8, this::pump);
	}

	private boolean isDue(Tenure mine, Row row) {
		return !mine.inFlight.containsKey(row.seq()) && mine.due.getOrDefault(row.seq(), 0L) <= this.time.now();
	}

	/**
	 * The record leaves a while after the lease was looked at: for an instance that was
	 * paused in between, long after the lease has ended.
	 */
	private void send(Tenure mine, Row row) {
		mine.inFlight.put(row.seq(), row);
		soon(3, () -> {
			Broker.Answer answer = this.broker.send(row);
			this.time.note(mine.name + " sends, " + answer + ":", row);
			soon(6, () -> answered(mine, row, answer));
		});
	}

	private void answered(Tenure mine, Row row, Broker.Answer answer) {
		if (mine != this.tenure) {
			return;
		}
		if (answer == Broker.Answer.TAKEN) {
			leave(mine, row);
			mine.acknowledged.add(row);
			if (lacks(Mutation.FORGOTTEN_EARLY)) {
				mine.seen.remove(row.seq());
			}
		}
		else if (answer == Broker.Answer.REJECTED && mine.attempts.merge(row.seq(), 1, Integer::sum) >= MAX_ATTEMPTS) {
			bury(mine, row);
		}
		else {
			mine.inFlight.remove(row.seq());
			mine.due.put(row.seq(), this.time.now() + this.time.delay(10));
			if (!mine.isReading(row.part())) {
				drop(mine, row.part());
			}
		}
	}

	private static void leave(Tenure mine, Row row) {
		mine.inFlight.remove(row.seq());
		Deque<Row> chain = mine.chains.get(row.key());
		if (chain != null) {
			chain.remove(row);
		}
	}

	/**
	 * The next event of the key goes on when the dead letter is committed.
	 */
	private void bury(Tenure mine, Row row) {
		if (lacks(Mutation.DEAD_LETTER_LATER)) {
			leave(mine, row);
		}
		long epoch = mine.epochs.getOrDefault(row.part(), -1L);
		soon(8, () -> {
			boolean buried = this.database.bury(row, mine.name, epoch);
			this.time.note(mine.name + " buries, " + buried + ":", row);
			if (mine != this.tenure) {
				return;
			}
			if (buried) {
				leave(mine, row);
				mine.deleted.add(row.seq());
			}
			else {
				// By then it has heard whether the partition is still its own.
				this.time.later(LEASE / 2, this, () -> lookAgain(mine, row));
			}
		});
	}

	/**
	 * The row may be gone, or still be there and another instance's by now.
	 */
	private void lookAgain(Tenure mine, Row row) {
		if (mine != this.tenure) {
			return;
		}
		if (this.database.has(row)) {
			mine.inFlight.remove(row.seq());
			if (!mine.isReading(row.part())) {
				drop(mine, row.part());
			}
		}
		else {
			leave(mine, row);
			mine.deleted.add(row.seq());
		}
	}

	// Settling

	private void settle() {
		Tenure mine = this.tenure;
		if (mine.settling.isEmpty() && !mine.acknowledged.isEmpty()) {
			mine.settling.addAll(mine.acknowledged);
			mine.acknowledged.clear();
			soon(5, () -> delete(mine));
		}
		for (int part : mine.releasing.isEmpty() ? mine.releasing : List.copyOf(mine.releasing)) {
			if (!mine.isBusyWith(part) || lacks(Mutation.RELEASED_EARLY)) {
				this.time.note(mine.name + " gives back partition", part);
				this.database.release(mine.name, part);
				mine.forget(part);
			}
		}
		soon(6, this::settle);
	}

	/**
	 * Also after the tenure: the broker has what is deleted.
	 */
	private void delete(Tenure mine) {
		if (lacks(Mutation.RANGE_DELETE)) {
			long highest = mine.settling.stream().mapToLong(Row::seq).max().orElse(0);
			this.database.deleteUpTo(highest, mine.tail);
		}
		this.database.delete(mine.settling);
		mine.settling.forEach((row) -> mine.deleted.add(row.seq()));
		mine.settling.clear();
	}

}
