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

/**
 * What the relay of this instance is doing, for health checks, meters and operators.
 *
 * @param running whether the relay has been started and not stopped
 * @param leased whether this instance holds a valid lease
 * @param lastHeartbeat how long ago the lease was renewed
 * @param lanes the state of each transport, by name
 */
public record RelayStatus(boolean running, boolean leased, Duration lastHeartbeat, Map<String, LaneStatus> lanes) {

	/**
	 * What the relay does for one transport.
	 *
	 * @param partitions partitions that this instance owns
	 * @param inMemory events that have been read and not settled
	 * @param bytesInMemory their payload bytes
	 * @param atBroker events that a broker has been handed and not answered
	 * @param destinations the destinations that this instance has dealt with, by name
	 * @param waitingKeys keys that wait for a retry, a re-read or an operator
	 * @param blockedKeys keys that wait for an operator, whichever instance owns them
	 * @param totals what has happened since the relay was started
	 * @param lowestSeq lowest sequence number that is known to wait, 0 if unknown
	 * @param lastTurn how long ago the loop last turned
	 * @param failures how often the loop had to start over
	 */
	public record LaneStatus(Set<Integer> partitions, int inMemory, long bytesInMemory, int atBroker,
			Map<String, DestinationStatus> destinations, int waitingKeys, int blockedKeys, Totals totals,
			long lowestSeq, Duration lastTurn, long failures) {

		/**
		 * Returns the destinations that wait, with the reason.
		 * @return reasons by the names of the destinations
		 */
		public Map<String, String> pausedDestinations() {
			Map<String, String> paused = new TreeMap<>();
			this.destinations.forEach((name, destination) -> {
				if (destination.state() != DestinationStatus.State.AVAILABLE) {
					paused.put(name, destination.reason());
				}
			});
			return paused;
		}

		/**
		 * Returns events that only the safety sweep found; anything but 0 is a bug.
		 * @return how many
		 */
		public long rescued() {
			return this.totals.rescued();
		}

		/**
		 * Returns events that were committed behind the cursor.
		 * @return how many
		 */
		public long lateEvents() {
			return this.totals.lateEvents();
		}

		LaneStatus now(Set<Integer> partitions, Duration lastTurn, long failures) {
			return new LaneStatus(partitions, this.inMemory, this.bytesInMemory, this.atBroker, this.destinations,
					this.waitingKeys, this.blockedKeys, this.totals, this.lowestSeq, lastTurn, failures);
		}

	}

	/**
	 * What can only grow while the relay runs.
	 *
	 * @param rescued events that only the safety sweep found; anything but 0 is a bug
	 * @param lateEvents events that were committed behind the cursor
	 * @param duplicatesPossible events of which this instance does not know whether the
	 * broker has them, and which are sent again: their answer was lost or overdue, or the
	 * lease or a partition was lost before it came or before it was written down. What a
	 * process that dies had at the broker is not among them: nobody has counted it
	 */
	public record Totals(long rescued, long lateEvents, long duplicatesPossible) {

		static final Totals NONE = new Totals(0, 0, 0);

		Totals plus(Totals other) {
			return new Totals(this.rescued + other.rescued, this.lateEvents + other.lateEvents,
					this.duplicatesPossible + other.duplicatesPossible);
		}

	}

	/**
	 * What this instance knows of one destination.
	 *
	 * @param state whether events can be sent to it
	 * @param since how long it has not been available without a break; zero if it is
	 * @param reason why it is not available; empty if it is
	 * @param atBroker events that it has been handed and has not answered
	 */
	public record DestinationStatus(State state, Duration since, String reason, int atBroker) {

		/**
		 * Whether events can be sent to a destination.
		 */
		public enum State {

			/**
			 * Events go to it as they come, or nothing is known to the contrary.
			 */
			AVAILABLE,

			/**
			 * Events can be sent; what has waited is read again first.
			 */
			CATCHING_UP,

			/**
			 * An operator has paused it.
			 */
			PAUSED,

			/**
			 * It could not be used, and is probed until it can be.
			 */
			UNREACHABLE

		}

	}

}
