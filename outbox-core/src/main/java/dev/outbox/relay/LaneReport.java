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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.outbox.relay.RelayStatus.DestinationStatus;
import dev.outbox.relay.RelayStatus.DestinationStatus.State;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.relay.RelayStatus.Totals;

/**
 * Says what a lane is doing. Used by the lane's thread only, a few times a second.
 */
final class LaneReport {

	private final Memory memory;

	private final Intake intake;

	private final Breaker breaker;

	LaneReport(Memory memory, Intake intake, Breaker breaker) {
		this.memory = memory;
		this.intake = intake;
		this.breaker = breaker;
	}

	LaneStatus status(Totals totals, long lowestSeq, long now) {
		Map<String, DestinationStatus> destinations = new TreeMap<>();
		int atBroker = 0;
		for (DestinationState destination : this.memory.destinations()) {
			atBroker += destination.out();
			destinations.put(destination.name(), status(destination, now));
		}
		int[] waiting = new int[1];
		this.memory.forEachChain((chain) -> {
			if (chain.hold() != Chain.Hold.FREE || chain.isSpilled()) {
				waiting[0]++;
			}
		});
		return new LaneStatus(Set.copyOf(this.memory.owned().keySet()), this.memory.window().size(),
				this.memory.window().bytes(), atBroker, destinations, waiting[0], this.intake.blockedKeys(), totals,
				lowestSeq, Duration.ZERO, 0);
	}

	private DestinationStatus status(DestinationState destination, long now) {
		State state = state(destination);
		long since = destination.pausedSince(now);
		return new DestinationStatus(state, Duration.ofNanos((state != State.AVAILABLE) ? since : 0),
				destination.reason(), destination.out());
	}

	private State state(DestinationState destination) {
		if (destination.cause() == DestinationState.Cause.OPERATOR) {
			return State.PAUSED;
		}
		if (this.breaker.isOpen(destination)) {
			return State.UNREACHABLE;
		}
		return (destination.mode() != DestinationState.Mode.TAIL) ? State.CATCHING_UP : State.AVAILABLE;
	}

	/**
	 * Counts what is lost sight of: sent, and not answered.
	 * @param acknowledged whether what was acknowledged is not going to be deleted either
	 */
	int unanswered(boolean acknowledged) {
		int unanswered = 0;
		for (Entry entry : this.memory.window().all()) {
			if (entry.attempt() != null || (acknowledged && entry.state() == Entry.State.SETTLING)) {
				unanswered++;
			}
		}
		return unanswered;
	}

}
