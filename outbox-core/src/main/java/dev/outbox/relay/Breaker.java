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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import dev.outbox.Destination;
import dev.outbox.LogFields;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Lets a destination pause that cannot be used, and finds out when it can be used again
 * by sending single events, each of another key. Above {@value #MAX_PAUSED} such
 * destinations the whole transport pauses.
 */
final class Breaker {

	private static final Logger logger = LoggerFactory.getLogger(Breaker.class);

	static final int MAX_PAUSED = 64;

	/**
	 * A destination with this many keys that wait for a retry is treated as unavailable.
	 */
	static final int MAX_PARKED = 50_000;

	private static final int FIRST_LIMIT = 16;

	private final String transport;

	private final Memory memory;

	private final Duration firstPause;

	private final Duration maxPause;

	private final Map<DestinationState, Circuit> open = new HashMap<>();

	private boolean transportPaused;

	Breaker(String transport, Memory memory, RelaySettings settings) {
		this.transport = transport;
		this.memory = memory;
		this.firstPause = settings.destinationPause();
		this.maxPause = settings.maxDestinationPause();
	}

	/**
	 * A record could not be sent for its destination's sake.
	 */
	void failed(DestinationState destination, StoredEvent row, String reason, long now) {
		Circuit circuit = this.open.get(destination);
		if (circuit == null) {
			circuit = new Circuit(row);
			this.open.put(destination, circuit);
			pause(destination, circuit, reason, now);
			return;
		}
		if (circuit.suspect == null || circuit.suspect.seq() != row.seq()) {
			circuit.suspect = null;
		}
		if (circuit.probe == row.seq()) {
			circuit.probe = 0;
			pause(destination, circuit, reason, now);
		}
	}

	/**
	 * Pauses a destination that has more failing keys than can be remembered.
	 */
	void checkLoad(DestinationState destination, long now) {
		if (destination.parked() >= MAX_PARKED && !this.open.containsKey(destination)) {
			Circuit circuit = new Circuit(null);
			circuit.pauses = 20;
			this.open.put(destination, circuit);
			pause(destination, circuit, destination.parked() + " keys wait to be tried again", now);
		}
	}

	private void pause(DestinationState destination, Circuit circuit, String reason, long now) {
		long pause = this.firstPause.toNanos() << Math.min(circuit.pauses++, 20);
		pause = Math.min((pause > 0) ? pause : Long.MAX_VALUE, this.maxPause.toNanos());
		pause = (long) (pause * ThreadLocalRandom.current().nextDouble(0.8, 1.2));
		circuit.probeAt = now + pause;
		// An outage is worth one warning, not one for each probe that fails.
		LogFields.add(logger.atLevel(circuit.announced ? Level.DEBUG : Level.WARN), at(destination))
			.log("Destination {}:{} pauses for {} ms: {}. Its events wait, no attempt is counted, and other"
					+ " destinations go on", this.transport, destination.name(), pause / 1_000_000, reason);
		circuit.announced = true;
		if (destination.cause() != DestinationState.Cause.OPERATOR) {
			destination.exclude(DestinationState.Cause.BREAKER, reason, now);
		}
		this.memory.forget((chain) -> chain.destination() == destination);
		if (!this.transportPaused && this.open.size() > MAX_PAUSED) {
			this.transportPaused = true;
			LogFields.add(logger.atWarn(), LogFields.TRANSPORT, this.transport)
				.log("Transport {} pauses: {} destinations are unavailable", this.transport, this.open.size());
			this.memory.forget((chain) -> true);
		}
	}

	/**
	 * A record has reached its destination, whether it was accepted or refused.
	 * @return the record whose failure paused the destination and turns out to have been
	 * its own, if any
	 */
	@Nullable StoredEvent answered(DestinationState destination, long seq, long now) {
		Circuit circuit = this.open.get(destination);
		if (circuit == null || circuit.probe != seq) {
			return null;
		}
		StoredEvent suspect = circuit.suspect;
		LogFields.add(logger.atInfo(), at(destination))
			.log("Destination {}:{} is available again", this.transport, destination.name());
		if (this.transportPaused) {
			Set.copyOf(this.open.keySet()).forEach((paused) -> close(paused, now));
			this.transportPaused = false;
		}
		else {
			close(destination, now);
		}
		return (suspect != null && suspect.seq() != seq) ? suspect : null;
	}

	private Destination at(DestinationState destination) {
		return new Destination(this.transport, destination.name());
	}

	private void close(DestinationState destination, long now) {
		this.open.remove(destination);
		destination.limit(FIRST_LIMIT);
		if (destination.cause() == DestinationState.Cause.BREAKER) {
			if (this.transportPaused) {
				// All partitions are read from the start again, with all destinations.
				destination.tail(now);
			}
			else {
				destination.queue(now);
			}
		}
	}

	boolean isTransportPaused() {
		return this.transportPaused;
	}

	/**
	 * Returns the destinations that it is time to probe.
	 */
	List<DestinationState> due(long now) {
		if (this.open.isEmpty()) {
			return List.of();
		}
		List<DestinationState> due = new ArrayList<>();
		this.open.forEach((destination, circuit) -> {
			if (circuit.probe != 0 && !this.memory.window().contains(circuit.probe)) {
				circuit.probe = 0;
			}
			if (circuit.probe == 0 && circuit.probeAt - now <= 0
					&& destination.cause() == DestinationState.Cause.BREAKER) {
				due.add(destination);
			}
		});
		return due;
	}

	long untilNextProbe(long now, long limit) {
		long until = limit;
		for (Circuit circuit : this.open.values()) {
			if (circuit.probe == 0) {
				until = Math.min(until, Math.max(1, circuit.probeAt - now));
			}
		}
		return until;
	}

	/**
	 * Chooses the record to probe a destination with: the first of a key that can be
	 * sent, and of another key than last time if there is one.
	 * @param rows the first rows of the destination
	 * @return the record, or {@code null} if none of the rows is to be sent now
	 */
	@Nullable StoredEvent choose(DestinationState destination, List<StoredEvent> rows) {
		Circuit circuit = Objects.requireNonNull(this.open.get(destination));
		Set<String> keys = new HashSet<>();
		StoredEvent first = null;
		for (StoredEvent row : rows) {
			String key = row.event().key();
			boolean head = key == null || keys.add(key);
			if (!head || row.defect() != null || !row.retryIn().isZero() || this.memory.window().contains(row.seq())) {
				continue;
			}
			if (first == null) {
				first = row;
			}
			if (row.seq() > circuit.lastProbe) {
				return row;
			}
		}
		return first;
	}

	void probing(DestinationState destination, StoredEvent row) {
		Circuit circuit = Objects.requireNonNull(this.open.get(destination));
		circuit.probe = row.seq();
		circuit.lastProbe = row.seq();
	}

	/**
	 * There is nothing to probe the destination with.
	 */
	void nothingToProbe(DestinationState destination, long now) {
		close(destination, now);
		if (this.open.size() <= MAX_PAUSED) {
			this.transportPaused = false;
		}
	}

	void postpone(DestinationState destination, long now) {
		Objects.requireNonNull(this.open.get(destination)).probeAt = now + this.firstPause.toNanos();
	}

	boolean isOpen(DestinationState destination) {
		return this.open.containsKey(destination);
	}

	/**
	 * Why, since when and until when a destination pauses.
	 */
	private static final class Circuit {

		/**
		 * The record that failed first, as long as no other one has failed.
		 */
		private @Nullable StoredEvent suspect;

		private int pauses;

		private boolean announced;

		private long probeAt;

		private long probe;

		private long lastProbe;

		private Circuit(@Nullable StoredEvent origin) {
			this.suspect = origin;
			this.lastProbe = (origin != null) ? origin.seq() : 0;
		}

	}

}
