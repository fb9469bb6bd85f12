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

package dev.outbox.actuate;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.BacklogMonitor.Reading;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelayStatus;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.store.Backlog;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Health of the outbox: down if the store cannot be reached or a thread of the relay does
 * not turn any more. A backlog, a paused destination or an unreachable broker is a
 * detail: restarting the application would not cure it. Asks neither the database nor a
 * broker.
 */
public final class OutboxHealthIndicator extends AbstractHealthIndicator {

	private final BacklogMonitor monitor;

	private final @Nullable OutboxRelay relay;

	private final Duration silence;

	/**
	 * Creates the indicator.
	 * @param monitor measures the backlog
	 * @param relay the relay, {@code null} on an instance that only publishes
	 * @param silence how long a thread of the relay may be silent before it counts as
	 * dead
	 */
	public OutboxHealthIndicator(BacklogMonitor monitor, @Nullable OutboxRelay relay, Duration silence) {
		super("The health of the outbox cannot be told");
		this.monitor = monitor;
		this.relay = relay;
		this.silence = silence;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Reading reading = this.monitor.latest();
		Backlog backlog = reading.backlog();
		if (backlog != null) {
			builder.up()
				.withDetail("waiting", backlog.waiting())
				.withDetail("oldestAge", backlog.oldest().toString())
				.withDetail("scheduled", backlog.scheduled())
				.withDetail("dead", backlog.dead());
		}
		else if (reading.error() != null) {
			builder.down().withDetail("store", reading.error());
		}
		else {
			builder.unknown().withDetail("store", "not asked yet");
		}
		describeRelay(builder);
	}

	private void describeRelay(Health.Builder builder) {
		if (this.relay == null) {
			builder.withDetail("relay", "disabled");
			return;
		}
		RelayStatus status = this.relay.status();
		if (!status.running()) {
			builder.withDetail("relay", "stopped");
			return;
		}
		builder.withDetail("relay", status.leased() ? "leased" : "waiting for a lease")
			.withDetail("lastHeartbeat", status.lastHeartbeat().toString());
		Map<String, Object> lanes = new LinkedHashMap<>();
		status.lanes().forEach((transport, lane) -> {
			lanes.put(transport, details(lane));
			if (lane.lastTurn().compareTo(this.silence) > 0) {
				builder.down().withDetail("silent", "outbox-lane for " + transport + " for " + lane.lastTurn());
			}
		});
		builder.withDetail("transports", lanes);
		if (status.lastHeartbeat().compareTo(this.silence) > 0) {
			builder.down().withDetail("silent", "outbox-lease for " + status.lastHeartbeat());
		}
	}

	private static Map<String, Object> details(LaneStatus lane) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("partitions", lane.partitions().size());
		details.put("owned", new TreeSet<>(lane.partitions()).toString());
		details.put("inMemory", lane.inMemory());
		details.put("atBroker", lane.atBroker());
		details.put("waitingKeys", lane.waitingKeys());
		details.put("pausedDestinations", lane.pausedDestinations());
		details.put("lastTurn", lane.lastTurn().toString());
		return details;
	}

}
