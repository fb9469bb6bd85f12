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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.outbox.listener.OutboxListener;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.RelayStore;
import dev.outbox.store.WakeUp;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers stored events: at least once, in order per key and destination, together with
 * any number of other instances on the same store.
 * <p>
 * Can be started and stopped any number of times. Does not close what it was given.
 * Thread-safe.
 */
public final class OutboxRelay implements WakeUp {

	private static final Logger logger = LoggerFactory.getLogger(OutboxRelay.class);

	private final LeaseStore leases;

	private final CommitSignals signals;

	private final List<OutboxTransport> transports;

	private final SharedParts shared;

	private final AtomicBoolean listening = new AtomicBoolean();

	private volatile Run run = new Run(Map.of(), null);

	/**
	 * Creates a relay that has not been started.
	 * @param store the rows
	 * @param leases who owns which partitions; best on connections of its own
	 * @param signals how instances hear of each other's commits
	 * @param transports where events can be sent; those of other transports are left to
	 * other instances
	 * @param retries when failed events are sent again
	 * @param listener who is told what happens
	 * @param settings how to work
	 */
	public OutboxRelay(RelayStore store, LeaseStore leases, CommitSignals signals, List<OutboxTransport> transports,
			RetryPolicy retries, OutboxListener listener, RelaySettings settings) {
		this.leases = leases;
		this.signals = signals;
		this.transports = List.copyOf(transports);
		this.shared = new SharedParts(store, retries, listener, settings, Clock.systemUTC(), signals::isListening);
	}

	/**
	 * Starts to deliver. Returns at once; does nothing if the relay is running.
	 */
	public synchronized void start() {
		if (isRunning()) {
			return;
		}
		LeaseKeeper keeper = new LeaseKeeper(this.leases, this.shared.settings());
		Map<String, Lane> lanes = new LinkedHashMap<>();
		for (OutboxTransport transport : this.transports) {
			if (lanes.put(transport.name(), new Lane(this.shared, transport, keeper)) != null) {
				throw new IllegalStateException("Two transports are named '" + transport.name()
						+ "'; the relay was not started. Give one of them another name");
			}
		}
		this.run = new Run(lanes, keeper);
		lanes.values().forEach(Lane::start);
		keeper.start(lanes);
		if (!this.listening.getAndSet(true)) {
			this.signals.listen(this::wake);
		}
	}

	/**
	 * Stops: reads nothing more, waits for what is at the broker, has it settled, and
	 * gives the partitions back so that others take over at once. What could not be
	 * settled in time is sent again, by whoever comes next. Does nothing if the relay is
	 * not running.
	 * @param timeout how long this may take
	 * @return whether everything was settled in time
	 */
	public synchronized boolean stop(Duration timeout) {
		Run stopping = this.run;
		if (stopping.keeper == null) {
			return true;
		}
		this.run = new Run(Map.of(), null);
		long end = System.nanoTime() + timeout.toNanos();
		stopping.keeper.retire();
		stopping.lanes.values().forEach(Lane::stop);
		boolean drained = Worker.awaitUntil(() -> stopping.lanes.values().stream().allMatch(Lane::isDrained),
				end - timeout.toNanos() / 10);
		if (!drained) {
			logger.warn(
					"The relay stops although a broker has not answered within {} ms (outbox.shutdown-timeout)."
							+ " What it had been handed stays in the outbox and may be delivered twice",
					timeout.toMillis());
		}
		stopping.lanes.values().forEach((lane) -> lane.shutDown(end - System.nanoTime()));
		stopping.keeper.worker().end();
		stopping.keeper.worker().join(end - System.nanoTime());
		stopping.keeper.leave();
		return drained;
	}

	/**
	 * Returns whether the relay has been started and not stopped.
	 * @return {@code true} if it has
	 */
	public boolean isRunning() {
		return this.run.keeper != null;
	}

	/**
	 * Makes the relay look for events now.
	 */
	public void wake() {
		this.run.lanes.values().forEach(Lane::wake);
	}

	@Override
	public void committed(List<NewEvent> events) {
		boolean elsewhere = false;
		for (NewEvent event : events) {
			Lane lane = this.run.lanes.get(event.event().destination().transport());
			if (lane == null || !lane.owns(event.part())) {
				elsewhere = true;
			}
			else if (event.deliverAt() != null) {
				lane.mover().reconsider();
			}
			else {
				lane.wake();
			}
		}
		if (elsewhere) {
			this.signals.signal();
		}
	}

	/**
	 * Returns what the relay is doing.
	 * @return the state, at most a moment old
	 */
	public RelayStatus status() {
		Run current = this.run;
		Map<String, LaneStatus> lanes = new LinkedHashMap<>();
		current.lanes.forEach((transport, lane) -> lanes.put(transport, lane.status()));
		if (current.keeper == null) {
			return new RelayStatus(false, false, Duration.ZERO, lanes);
		}
		return new RelayStatus(true, current.keeper.isLeased(), Duration.ofNanos(current.keeper.sinceRenewal()), lanes);
	}

	/**
	 * What runs between a start and a stop.
	 *
	 * @param lanes the lanes, by transport
	 * @param keeper the lease, {@code null} if nothing runs
	 */
	private record Run(Map<String, Lane> lanes, @Nullable LeaseKeeper keeper) {

	}

}
