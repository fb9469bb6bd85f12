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

package dev.outbox.relay;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.outbox.store.Position;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows: the tail of the table for everything that has caught up, and one backfill
 * at a time for what has not.
 */
final class Scans {

	/**
	 * Without room for this long, some destination is slower than what comes in.
	 */
	private static final long CROWDED = TimeUnit.MILLISECONDS.toNanos(200);

	private final LaneContext lane;

	private final Reads reads;

	private final RelaySettings settings;

	private final Memory memory;

	private final Intake intake;

	private final PollTiming timing;

	/**
	 * Partitions that have caught up with the main scan.
	 */
	private final Set<Integer> caughtUp = new HashSet<>();

	/**
	 * Partitions that have not, and whether their last owner may have died.
	 */
	private final Map<Integer, Boolean> joining = new HashMap<>();

	private Position main;

	private @Nullable Backfill backfill;

	private long crowdedSince = System.nanoTime();

	private long lateEvents;

	private long polls;

	Scans(LaneContext lane, Memory memory, Intake intake, PollTiming timing) {
		this.lane = lane;
		this.reads = lane.reads();
		this.settings = lane.settings();
		this.memory = memory;
		this.intake = intake;
		this.timing = timing;
		this.main = this.reads.start();
	}

	void join(int part, boolean abandoned) {
		this.joining.put(part, abandoned);
	}

	void leave(int part) {
		this.caughtUp.remove(part);
		this.joining.remove(part);
		if (this.backfill != null) {
			this.backfill.leave(part);
		}
	}

	/**
	 * Starts all over, because everything unsent has left memory.
	 */
	void restart() {
		for (int part : this.memory.owned().keySet()) {
			this.joining.putIfAbsent(part, false);
		}
		this.caughtUp.clear();
		if (this.backfill != null && this.backfill.only() != null && !this.backfill.isVoid()) {
			this.backfill.only().queue(System.nanoTime());
		}
		this.backfill = null;
		this.main = this.reads.start();
	}

	Set<Integer> caughtUp() {
		return this.caughtUp;
	}

	Position main() {
		return this.main;
	}

	long polls() {
		return this.polls;
	}

	long lateEvents() {
		return this.lateEvents;
	}

	boolean hasBackfill() {
		return this.backfill != null;
	}

	ReadScope mainScope() {
		return new ReadScope(this.lane.transport().name(), this.caughtUp, this.memory.excludedDestinations(), null);
	}

	/**
	 * Reads what there is room for.
	 * @return whether anything was read
	 */
	boolean turn(long now) {
		boolean worked = false;
		if (hasRoom()) {
			this.crowdedSince = now;
		}
		relieve(now);
		startBackfill(now);
		if (this.backfill != null && hasRoom() && !isToLeaveRoom(this.backfill, now)) {
			step(this.backfill, now);
			worked = true;
		}
		if (!this.caughtUp.isEmpty() && this.timing.isDue(now) && hasRoom()) {
			poll(now);
			worked = true;
		}
		return worked;
	}

	private void poll(long now) {
		this.timing.started(now);
		ReadResult read;
		try {
			read = read(mainScope(), this.main, Long.MAX_VALUE);
		}
		catch (RuntimeException ex) {
			this.timing.request();
			throw ex;
		}
		long cursor = this.main.cursor();
		for (StoredEvent row : read.events()) {
			if (this.intake.accept(row, null, false, now) && row.seq() <= cursor) {
				this.lateEvents++;
			}
		}
		this.main = read.next();
		this.polls++;
		this.timing.finished(now, !read.events().isEmpty(), read.drained());
	}

	private void step(Backfill current, long now) {
		if (current.isVoid()) {
			this.backfill = null;
			return;
		}
		long upTo = this.caughtUp.isEmpty() ? Long.MAX_VALUE : this.main.cursor();
		ReadResult read = read(current.scope(), current.position(), upTo);
		for (StoredEvent row : read.events()) {
			if (current.covers(row.part()) && this.intake.accept(row, current.only(), current.isNextCareful(), now)) {
				current.accepted();
			}
		}
		current.position(read.next());
		if (read.drained()) {
			merge(current, now);
		}
	}

	private void merge(Backfill done, long now) {
		this.backfill = null;
		if (done.only() != null) {
			this.main = this.reads.merge(this.main, done.position());
			done.only().tail(now);
			this.memory.reoffer(done.only(), now);
			return;
		}
		this.main = this.caughtUp.isEmpty() ? done.position() : this.reads.merge(this.main, done.position());
		for (int part : done.scope().parts()) {
			if (done.covers(part) && this.memory.owned().containsKey(part)) {
				this.caughtUp.add(part);
			}
		}
		this.timing.request();
	}

	private void startBackfill(long now) {
		if (this.backfill != null) {
			return;
		}
		if (!this.joining.isEmpty()) {
			boolean abandoned = this.joining.containsValue(true);
			Set<Integer> parts = new HashSet<>();
			this.joining.forEach((part, wasAbandoned) -> {
				if (wasAbandoned == abandoned) {
					parts.add(part);
				}
			});
			this.joining.keySet().removeAll(parts);
			this.backfill = new Backfill(this.lane.transport().name(), parts, this.memory.excludedDestinations(),
					this.reads.start(), abandoned ? this.settings.maxInFlight() : 0);
			return;
		}
		for (DestinationState destination : this.memory.destinations()) {
			if (destination.mode() == DestinationState.Mode.QUEUED) {
				if (this.caughtUp.isEmpty()) {
					destination.tail(now);
					this.memory.reoffer(destination, now);
					continue;
				}
				destination.backfill();
				this.backfill = new Backfill(this.lane.transport().name(), this.caughtUp, destination,
						this.reads.start());
				return;
			}
		}
	}

	/**
	 * Returns whether reading is worth while: not for a handful of rows as long as more
	 * room is about to come.
	 */
	private boolean hasRoom() {
		Window window = this.memory.window();
		int worthWhile = Math.min(this.settings.batchSize(), this.settings.maxInFlight()) / 4;
		if (window.freeEvents() > worthWhile) {
			return true;
		}
		boolean halfEmpty = window.size() < window.maxEvents() / 2;
		return window.freeEvents() > 0 && (halfEmpty || (this.memory.active().isEmpty() && !isAnythingOut()));
	}

	/**
	 * Rows that are sent one at a time, because they may have killed their last owner,
	 * and those of a slow destination must not take what other rows need.
	 */
	private boolean isToLeaveRoom(Backfill current, long now) {
		int max = this.memory.window().maxEvents();
		DestinationState only = current.only();
		if (only != null && only.held() >= max / 2 && this.memory.hasOtherTraffic(only, now)) {
			return !current.isVoid();
		}
		return current.isNextCareful() && this.memory.careful().size() >= max / 4;
	}

	private boolean isAnythingOut() {
		for (DestinationState destination : this.memory.destinations()) {
			if (destination.out() > 0) {
				return true;
			}
		}
		return false;
	}

	private ReadResult read(ReadScope scope, Position from, long upTo) {
		Window window = this.memory.window();
		int rows = Math.max(1, Math.min(this.settings.batchSize(), window.freeEvents()));
		return this.reads.scan(new ReadRequest(scope, from, upTo, rows, Math.max(1, window.freeBytes())));
	}

	/**
	 * A destination that is slow, not broken, must not fill the window while others have
	 * events: it gets no more rows until it has sent most of what it holds.
	 */
	private void relieve(long now) {
		int max = this.memory.window().maxEvents();
		boolean crowded = now - this.crowdedSince > CROWDED;
		for (DestinationState destination : this.memory.destinations()) {
			boolean excluded = destination.mode() == DestinationState.Mode.EXCLUDED;
			if (excluded && destination.cause() == DestinationState.Cause.CONGESTED && destination.held() < max / 4) {
				destination.queue(now);
			}
			else if (crowded && destination.mode() == DestinationState.Mode.TAIL && destination.held() > max / 2
					&& this.memory.hasOtherTraffic(destination, now)) {
				String reason = "holds " + destination.held() + " of " + max + " events in memory; others go first";
				destination.exclude(DestinationState.Cause.CONGESTED, reason, now);
				this.memory.forget((chain) -> chain.destination() == destination);
			}
		}
	}

}
