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

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.outbox.Destination;
import dev.outbox.LogFields;
import dev.outbox.store.KeyRead;
import dev.outbox.store.Position;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore.KeyRows;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads single rows outside the scans: keys that had to leave memory, events to probe a
 * destination with, and the safety sweep.
 */
final class Rereads {

	private static final Logger logger = LoggerFactory.getLogger(Rereads.class);

	private static final int KEYS_PER_TURN = 32;

	private static final int PROBE_ROWS = 64;

	private final LaneContext lane;

	private final Reads reads;

	private final Memory memory;

	private final Intake intake;

	private final Breaker breaker;

	private final Dispatcher dispatcher;

	private final Scans scans;

	private @Nullable Position sweep;

	private long nextSweep;

	private long checkAfterPoll;

	private final List<StoredEvent> overlooked = new ArrayList<>();

	private long rescued;

	Rereads(LaneContext lane, Memory memory, Intake intake, Breaker breaker, Dispatcher dispatcher, Scans scans) {
		this.lane = lane;
		this.reads = lane.reads();
		this.memory = memory;
		this.intake = intake;
		this.breaker = breaker;
		this.dispatcher = dispatcher;
		this.scans = scans;
		this.nextSweep = System.nanoTime() + lane.settings().sweepInterval().toNanos();
	}

	boolean turn(long now) {
		boolean worked = probe(now);
		worked |= readKeys(now);
		worked |= sweep(now);
		return worked;
	}

	long rescued() {
		return this.rescued;
	}

	/**
	 * Reads what is next in keys that have nothing left in memory.
	 */
	private boolean readKeys(long now) {
		int keys = 0;
		while (keys < KEYS_PER_TURN && !this.memory.toRead().isEmpty() && this.memory.window().freeEvents() > 0) {
			Chain chain = this.memory.toRead().element();
			boolean current = chain.destination().contains(chain);
			KeyRows rows = null;
			if (current && chain.isReadable() && chain.destination().accepts(true)) {
				rows = read(chain);
				keys++;
			}
			this.memory.toRead().remove();
			chain.readQueued(false);
			if (rows != null) {
				this.intake.acceptAgain(chain, rows, now);
			}
		}
		return keys > 0;
	}

	private KeyRows read(Chain chain) {
		int rows = chain.isSingle() ? 1 : Math.min(this.intake.chainCap(), this.memory.window().freeEvents());
		Destination destination = new Destination(this.lane.transport().name(), chain.destination().name());
		return this.reads.key(new KeyRead(chain.part(), chain.key(), destination,
				chain.isSingle() ? chain.single() : chain.spilledFrom(), rows,
				Math.max(1, this.memory.window().freeBytes())));
	}

	private boolean probe(long now) {
		boolean worked = false;
		for (DestinationState destination : this.breaker.due(now)) {
			Set<Integer> parts = this.breaker.isTransportPaused() ? this.memory.owned().keySet()
					: this.scans.caughtUp();
			if (parts.isEmpty()) {
				this.breaker.postpone(destination, now);
				continue;
			}
			ReadScope scope = new ReadScope(this.lane.transport().name(), parts, Set.of(), destination.name());
			ReadResult read = this.reads
				.scan(new ReadRequest(scope, this.reads.start(), Long.MAX_VALUE, PROBE_ROWS, Long.MAX_VALUE));
			List<StoredEvent> candidates = new ArrayList<>(read.events());
			candidates.removeIf(this.intake::waitsForOperator);
			StoredEvent row = this.breaker.choose(destination, candidates);
			Entry entry = (row != null) ? this.intake.acceptAlone(row, now) : null;
			if (row != null && entry != null) {
				this.dispatcher.leave(entry);
				this.breaker.probing(destination, row);
				this.dispatcher.send(new ArrayList<>(List.of(entry)), now);
			}
			else if (row != null
					|| candidates.stream().anyMatch((waiting) -> this.memory.window().contains(waiting.seq()))) {
				this.breaker.postpone(destination, now);
			}
			else {
				this.breaker.nothingToProbe(destination, now);
			}
			worked = true;
		}
		return worked;
	}

	/**
	 * Looks through everything behind the main scan from time to time. What it finds that
	 * nobody knows of must still be there, and unknown, after the tail has been read once
	 * more.
	 */
	private boolean sweep(long now) {
		if (!this.overlooked.isEmpty() && this.sweep == null && this.scans.polls() > this.checkAfterPoll) {
			rescue(now);
			return true;
		}
		if (this.sweep == null) {
			if (now - this.nextSweep < 0 || this.scans.caughtUp().isEmpty() || this.scans.hasBackfill()
					|| !this.overlooked.isEmpty()) {
				return false;
			}
			this.sweep = this.reads.start();
		}
		ReadResult read = this.reads.scan(new ReadRequest(this.scans.mainScope(), this.sweep,
				this.scans.main().cursor(), this.lane.settings().batchSize(), Long.MAX_VALUE));
		for (StoredEvent row : read.events()) {
			if (this.overlooked.size() < this.lane.settings().batchSize() && this.intake.isOverlooked(row)) {
				this.overlooked.add(row);
			}
		}
		this.sweep = read.next();
		if (read.drained() || this.scans.caughtUp().isEmpty()) {
			this.sweep = null;
			this.nextSweep = now + this.lane.settings().sweepInterval().toNanos();
			this.checkAfterPoll = this.scans.polls();
		}
		return true;
	}

	private void rescue(long now) {
		for (StoredEvent row : this.overlooked) {
			if (!this.intake.isOverlooked(row)) {
				continue;
			}
			KeyRows rows = this.reads.key(new KeyRead(row.part(), row.event().key(), row.event().destination(),
					row.seq(), 1, Long.MAX_VALUE));
			for (StoredEvent still : rows.events()) {
				if (still.seq() == row.seq() && this.intake.accept(still, null, false, now)) {
					rescued(still);
				}
			}
		}
		this.overlooked.clear();
	}

	private void rescued(StoredEvent row) {
		this.rescued++;
		LogFields.add(logger.atError(), row.event())
			.log("The safety sweep found event {} (seq {}, partition {}) which no scan has returned."
					+ " It is sent now; please report this", row.event().id(), row.seq(), row.part());
	}

}
