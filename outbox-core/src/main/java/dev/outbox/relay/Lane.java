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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import dev.outbox.listener.OutboxListener;
import dev.outbox.relay.Mailbox.Message;
import dev.outbox.relay.Reads.ReadFailedException;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.relay.RelayStatus.Totals;
import dev.outbox.store.LeaseStore.Leases;
import dev.outbox.store.LeaseStore.TakenPartition;
import dev.outbox.store.PositionLostException;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop of one transport: reads, sends, and deals with the answers, all on one
 * thread. Other threads leave messages and answers.
 */
final class Lane implements Worker.Loop {

	private static final Logger logger = LoggerFactory.getLogger(Lane.class);

	private static final int ANSWERS_PER_TURN = 2000;

	private final SharedParts shared;

	private final LeaseKeeper leases;

	private final OutboxTransport transport;

	private final Settler settler;

	private final DueMover mover;

	private final Worker worker;

	private final PollTiming timing;

	private final Mailbox mailbox = new Mailbox();

	private final Queue<Attempt> answers = new ConcurrentLinkedQueue<>();

	private @Nullable LaneTerm state;

	private @Nullable Term term;

	private boolean stopping;

	private volatile Set<Integer> owned = Set.of();

	private volatile @Nullable LaneStatus status;

	private Totals totals = Totals.NONE;

	private long nextStatus;

	private volatile boolean drained;

	Lane(SharedParts shared, OutboxTransport transport, LeaseKeeper leases) {
		this.shared = shared;
		this.leases = leases;
		this.transport = transport;
		this.worker = new Worker("outbox-relay-" + transport.name(), this);
		this.settler = new Settler("outbox-settle-" + transport.name(), shared.store(), this::settled);
		this.mover = new DueMover(shared, transport.name(), this::wake);
		this.timing = new PollTiming(shared.settings().pollInterval().toNanos(), shared.isListening());
	}

	void start() {
		this.settler.worker().start();
		this.mover.worker().start();
		this.worker.start();
	}

	void ensureAlive() {
		this.worker.ensureAlive();
		this.settler.worker().ensureAlive();
		this.mover.worker().ensureAlive();
	}

	/**
	 * Something may have been committed for this lane. Called by any thread.
	 */
	void wake() {
		this.timing.request();
		this.worker.signal();
	}

	boolean owns(int part) {
		return this.owned.contains(part);
	}

	DueMover mover() {
		return this.mover;
	}

	/**
	 * Begins to work under a lease, from scratch. Called by the lease thread, like all
	 * that follows.
	 */
	void begin(Term next) {
		send(null, () -> {
			this.term = next;
			fresh(false);
		});
	}

	/**
	 * Ends all work: the lease is lost.
	 */
	void end() {
		send(null, () -> {
			this.term = null;
			leave(true);
			this.settler.forgetAll();
			publishOwnership(Set.of());
		});
	}

	/**
	 * Takes over what the database says.
	 * @param term the lease under which it was asked
	 * @param leases what it says
	 * @param observedAt when it was asked
	 * @param target how many partitions this instance should own
	 */
	void confirm(Term term, Leases leases, long observedAt, int target) {
		Map<Integer, Long> epochs = leases.owned().getOrDefault(this.transport.name(), Map.of());
		long deadline = observedAt + settings().publishTimeout().toNanos();
		send(term, () -> {
			current().hold(leases.pausedDestinations(), leases.blockedKeys(), observedAt, System.nanoTime());
			current().ownership().confirm(epochs);
			current().ownership().surrenderDownTo(target, deadline);
			publishOwnership(current().owned());
		});
	}

	/**
	 * Takes partitions over.
	 * @param term the lease under which they were taken
	 * @param partitions the partitions
	 * @param leases what the database says after that
	 * @param observedAt when it was asked
	 */
	void taken(Term term, List<TakenPartition> partitions, Leases leases, long observedAt) {
		send(term, () -> {
			current().hold(leases.pausedDestinations(), leases.blockedKeys(), observedAt, System.nanoTime());
			current().ownership().taken(partitions);
			publishOwnership(current().owned());
		});
	}

	/**
	 * Stops reading and sending.
	 */
	void stop() {
		send(null, () -> {
			this.stopping = true;
			if (this.state != null) {
				this.state.stop();
			}
		});
	}

	boolean isDrained() {
		return this.drained;
	}

	void shutDown(long nanos) {
		long end = System.nanoTime() + nanos;
		List<Worker> workers = List.of(this.mover.worker(), this.worker, this.settler.worker());
		workers.forEach(Worker::end);
		for (Worker each : workers) {
			if (!each.join(end - System.nanoTime())) {
				each.interrupt();
			}
		}
	}

	@Override
	public long turn() {
		receive();
		LaneTerm current = this.state;
		if (current == null) {
			this.drained = this.stopping;
			return settings().pollInterval().toNanos();
		}
		long wait = current.turn(System.nanoTime());
		Set<Integer> vacated = current.ownership().vacate(System.nanoTime());
		if (!vacated.isEmpty()) {
			this.leases.vacated(this.transport.name(), vacated);
		}
		this.drained = this.stopping && current.isDrained();
		long now = System.nanoTime();
		if (now - this.nextStatus >= 0) {
			this.nextStatus = now + 250_000_000;
			this.status = current.status(this.totals);
		}
		return this.mailbox.isEmpty() && this.answers.isEmpty() ? wait : 0;
	}

	private void receive() {
		for (Message message = this.mailbox.next(); message != null; message = this.mailbox.next()) {
			if (message.isMeantFor(this.state, this.term)) {
				message.action().run();
			}
		}
		long now = System.nanoTime();
		for (int left = ANSWERS_PER_TURN; left > 0; left--) {
			Attempt attempt = this.answers.poll();
			if (attempt == null) {
				return;
			}
			if (this.state != null) {
				this.state.outcomes().handle(attempt, now);
			}
		}
	}

	/**
	 * Unless a mere read has failed, what is in memory cannot be relied upon any more.
	 */
	@Override
	public void failed(Throwable failure) {
		boolean forgotten = failure instanceof PositionLostException;
		if (forgotten) {
			logger.warn("The relay of {} reads everything again: {}", this.transport.name(), failure.getMessage());
			this.settler.forgetAll();
		}
		if (!(failure instanceof ReadFailedException)) {
			fresh(forgotten);
		}
	}

	/**
	 * Throws away what is in memory, and notes what is lost sight of.
	 */
	private void leave(boolean forgotten) {
		LaneTerm last = this.state;
		if (last != null) {
			last.abandon(forgotten);
			this.totals = this.totals.plus(last.totals());
			this.state = null;
		}
	}

	private void fresh(boolean forgotten) {
		this.answers.clear();
		publishOwnership(Set.of());
		leave(forgotten);
		if (this.term != null) {
			LaneTerm next = new LaneTerm(this, this.term, this.timing, this::answered);
			if (this.stopping) {
				next.stop();
			}
			this.state = next;
			this.timing.request();
			this.leases.refresh();
		}
	}

	private RelaySettings settings() {
		return this.shared.settings();
	}

	private void settled(List<Entry> rows) {
		send(null, () -> {
			if (this.state != null) {
				this.state.outcomes().settled(rows);
			}
		});
	}

	private void answered(Attempt attempt) {
		this.answers.add(attempt);
		this.worker.signal();
	}

	private void publishOwnership(Set<Integer> partitions) {
		if (!partitions.equals(this.owned)) {
			this.owned = Set.copyOf(partitions);
			this.mover.owned(this.term, this.owned);
			tell((listener) -> listener.onOwnershipChanged(this.transport.name(), this.owned));
		}
	}

	private LaneTerm current() {
		LaneTerm current = this.state;
		if (current == null) {
			throw new IllegalStateException("The relay of " + this.transport.name() + " has no lease");
		}
		return current;
	}

	LaneStatus status() {
		LaneStatus last = this.status;
		if (last == null) {
			last = new LaneStatus(Set.of(), 0, 0, 0, Map.of(), 0, 0, Totals.NONE, 0, Duration.ZERO, 0);
		}
		return last.now(this.owned, Duration.ofNanos(this.worker.sinceLastTurn()), this.worker.failures());
	}

	/**
	 * Leaves a message for one state of this lane; it is dropped if the lane has started
	 * over meanwhile.
	 */
	void post(LaneTerm recipient, Runnable action) {
		this.mailbox.forState(recipient, action);
		this.worker.signal();
	}

	private void send(@Nullable Term recipient, Runnable action) {
		if (recipient != null) {
			this.mailbox.forTerm(recipient, action);
		}
		else {
			this.mailbox.forLane(action);
		}
		this.worker.signal();
	}

	void tell(Consumer<OutboxListener> event) {
		try {
			event.accept(this.shared.listener());
		}
		catch (RuntimeException | LinkageError ex) {
			logger.warn("An OutboxListener failed; the relay goes on", ex);
		}
	}

	SharedParts shared() {
		return this.shared;
	}

	OutboxTransport transport() {
		return this.transport;
	}

	Settler settler() {
		return this.settler;
	}

}
