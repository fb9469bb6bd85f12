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

/**
 * What the relay of this instance is doing, for health checks and operators.
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
	 * @param pausedDestinations destinations that wait, with the reason
	 * @param waitingKeys keys that wait for a retry, a re-read or an operator
	 * @param rescued events that only the safety sweep found; anything but 0 is a bug
	 * @param lateEvents events that were committed behind the cursor
	 * @param lowestSeq lowest sequence number that is known to wait, 0 if unknown
	 * @param lastTurn how long ago the loop last turned
	 * @param failures how often the loop had to start over
	 */
	public record LaneStatus(Set<Integer> partitions, int inMemory, long bytesInMemory, int atBroker,
			Map<String, String> pausedDestinations, int waitingKeys, long rescued, long lateEvents, long lowestSeq,
			Duration lastTurn, long failures) {

	}

}
