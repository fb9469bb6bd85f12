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

import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.outbox.Destination;
import dev.outbox.listener.OutboxListener;
import dev.outbox.relay.DestinationState.Cause;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.relay.RelayStatus.Totals;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.RelayStore;
import dev.outbox.transport.OutboxTransport;

/**
 * One transport's work during one lease. Touched by the lane's thread only.
 */
final class LaneTerm implements LaneContext {

	private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(500);

	private static final long EXPIRE_EVERY = TimeUnit.SECONDS.toNanos(1);

	private final Lane lane;

	private final Term term;

	private final Reads reads;

	private final Memory memory;

	private final Intake intake;

	private final Dispatcher dispatcher;

	private final Breaker breaker;

	private final Outcomes outcomes;

	private final CarefulSender careful;

	private final Scans scans;

	private final Rereads rereads;

	private final Ownership ownership;

	private final PollTiming timing;

	private final LaneReport report;

	private long duplicatesPossible;

	private boolean transportPaused;

	private boolean stopping;

	private long nextExpiry;

	LaneTerm(Lane lane, Term term, PollTiming timing, Consumer<Attempt> sink) {
		RelaySettings settings = lane.shared().settings();
		this.lane = lane;
		this.term = term;
		this.timing = timing;
		this.reads = new Reads(lane.shared().store());
		this.memory = new Memory(new Window(settings.maxInFlight(), settings.maxInFlightBytes()));
		this.intake = new Intake(this.memory, settings.routes());
		this.dispatcher = new Dispatcher(this.memory, this.reads, transport(), sink,
				(events) -> tell((listener) -> listener.onSend(transport().name(), events)));
		this.breaker = new Breaker(transport().name(), this.memory, settings);
		this.outcomes = new Outcomes(this, this.memory, this.dispatcher, this.breaker, this.intake);
		this.careful = new CarefulSender(this, this.memory, this.dispatcher, this.outcomes);
		this.scans = new Scans(this, this.memory, this.intake, timing);
		this.rereads = new Rereads(this, this.memory, this.intake, this.breaker, this.dispatcher, this.scans);
		this.ownership = new Ownership(this.memory, this.scans, this::duplicatesPossible);
		this.report = new LaneReport(this.memory, this.intake, this.breaker);
	}

	Outcomes outcomes() {
		return this.outcomes;
	}

	Ownership ownership() {
		return this.ownership;
	}

	Set<Integer> owned() {
		return Set.copyOf(this.memory.owned().keySet());
	}

	/**
	 * Does one round of everything, after answers and messages have been dealt with.
	 * @return how long there is nothing to do
	 */
	long turn(long now) {
		boolean worked = this.memory.timers().runDue(now);
		if (now - this.nextExpiry >= 0) {
			this.nextExpiry = now + EXPIRE_EVERY;
			this.outcomes.expire(now);
			this.memory.destinations().forEach((destination) -> this.breaker.checkLoad(destination, now));
		}
		settler().flush();
		if (this.stopping || !this.term.isValid()) {
			return LONGEST_WAIT / 50;
		}
		int sent = this.dispatcher.dispatch(now);
		worked |= sent > 0;
		worked |= this.careful.turn(now);
		worked |= this.rereads.turn(now);
		// A read keeps the broker waiting: what can be sent goes first.
		if (!pauseTransport() && sent < Dispatcher.MANY) {
			worked |= this.scans.turn(now);
		}
		if (worked) {
			return 0;
		}
		long wait = this.memory.timers().untilNext(now, LONGEST_WAIT);
		wait = this.breaker.untilNextProbe(now, wait);
		if (this.ownership.isLeaving()) {
			wait = Math.min(wait, LONGEST_WAIT / 100);
		}
		// A read that is due waits for room, and so for an answer.
		return this.timing.isDue(now) ? wait : Math.min(wait, this.timing.untilNext(now));
	}

	/**
	 * Stops or starts reading when the breaker of the whole transport has changed.
	 * @return whether nothing is to be read
	 */
	private boolean pauseTransport() {
		if (this.transportPaused != this.breaker.isTransportPaused()) {
			this.transportPaused = this.breaker.isTransportPaused();
			this.scans.restart();
		}
		return this.transportPaused;
	}

	/**
	 * Takes over what operators hold back.
	 */
	void hold(Set<Destination> paused, Set<BlockedKey> blocked, long observedAt, long now) {
		String transport = transport().name();
		Set<BlockedKey> ours = new HashSet<>();
		for (BlockedKey key : blocked) {
			if (key.destination().transport().equals(transport)) {
				ours.add(key);
			}
		}
		this.intake.updateBlocked(ours, observedAt, now);
		Set<String> names = new HashSet<>();
		for (Destination destination : paused) {
			if (destination.transport().equals(transport)) {
				names.add(destination.name());
				DestinationState state = this.memory.destination(destination.name());
				if (state.cause() != Cause.OPERATOR) {
					state.exclude(Cause.OPERATOR, "paused by an operator", now);
					this.memory.forget((chain) -> chain.destination() == state);
				}
			}
		}
		for (DestinationState state : this.memory.destinations()) {
			if (state.cause() == Cause.OPERATOR && !names.contains(state.name())
					&& state.mode() == DestinationState.Mode.EXCLUDED) {
				resume(state, now);
			}
		}
	}

	private void resume(DestinationState state, long now) {
		if (this.breaker.isOpen(state)) {
			state.exclude(Cause.BREAKER, "was unavailable when an operator paused it", now);
		}
		else {
			state.queue(now);
		}
	}

	/**
	 * Stops reading and sending; what is at the broker is still awaited.
	 */
	void stop() {
		this.stopping = true;
		this.careful.stop();
		this.memory.forget((chain) -> true);
		settler().hurry();
	}

	boolean isDrained() {
		return this.memory.window().size() == 0;
	}

	LaneStatus status(Totals before) {
		return this.report.status(before.plus(totals()), lowestSeq(), System.nanoTime());
	}

	Totals totals() {
		return new Totals(this.rereads.rescued(), this.scans.lateEvents(), this.duplicatesPossible);
	}

	/**
	 * Notes that this state is thrown away, with all that it waits for.
	 * @param forgotten whether what was acknowledged will not be deleted either
	 */
	void abandon(boolean forgotten) {
		this.duplicatesPossible += this.report.unanswered(forgotten);
	}

	/**
	 * A row below which nothing waits that this lane could know of; 0 while some of its
	 * rows have not been read.
	 */
	private long lowestSeq() {
		if (this.scans.hasBackfill() || !this.memory.excludedDestinations().isEmpty()) {
			return 0;
		}
		long lowest = this.memory.window().lowest();
		lowest = (lowest == 0) ? this.scans.main().cursor() : lowest;
		for (DestinationState destination : this.memory.destinations()) {
			for (Chain chain : destination.chains()) {
				lowest = Math.min(lowest, chain.spilledFrom());
			}
		}
		return Math.max(0, lowest);
	}

	@Override
	public RelayStore store() {
		return this.lane.shared().store();
	}

	@Override
	public Reads reads() {
		return this.reads;
	}

	@Override
	public OutboxTransport transport() {
		return this.lane.transport();
	}

	@Override
	public RetryPolicy retries() {
		return this.lane.shared().retries();
	}

	@Override
	public RelaySettings settings() {
		return this.lane.shared().settings();
	}

	@Override
	public Settler settler() {
		return this.lane.settler();
	}

	@Override
	public Clock clock() {
		return this.lane.shared().clock();
	}

	@Override
	public Term term() {
		return this.term;
	}

	@Override
	public void duplicatesPossible(int events) {
		this.duplicatesPossible += events;
	}

	@Override
	public void post(Runnable message) {
		this.lane.post(this, message);
	}

	@Override
	public void tell(Consumer<OutboxListener> event) {
		this.lane.tell(event);
	}

}
