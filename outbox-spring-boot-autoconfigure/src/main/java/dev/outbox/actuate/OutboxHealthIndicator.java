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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;

import dev.outbox.Destination;
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.BacklogMonitor.Reading;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelayStatus;
import dev.outbox.relay.RelayStatus.DestinationStatus;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.store.Backlog;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Health of the outbox: down if the store cannot be reached or a thread of the relay does
 * not turn any more. A backlog, a paused destination or an unreachable broker is a
 * detail, unless the settings say otherwise: restarting the application would not cure
 * it. Asks neither the database nor a broker.
 */
public final class OutboxHealthIndicator extends AbstractHealthIndicator {

	private static final List<Status> WORST_LAST = List.of(Status.UP, Status.UNKNOWN, Status.OUT_OF_SERVICE,
			Status.DOWN);

	private final BacklogMonitor monitor;

	private final @Nullable OutboxRelay relay;

	private final HealthSettings settings;

	private final DrainWatch drain;

	private final @Nullable ExcusedDestinations excused;

	/**
	 * Creates the indicator.
	 * @param monitor measures the backlog
	 * @param relay the relay, {@code null} on an instance that only publishes
	 * @param published returns how many events this instance has delivered
	 * @param settings what is healthy
	 */
	public OutboxHealthIndicator(BacklogMonitor monitor, @Nullable OutboxRelay relay, LongSupplier published,
			HealthSettings settings) {
		super("The health of the outbox cannot be told");
		this.monitor = monitor;
		this.relay = relay;
		this.settings = settings;
		this.drain = new DrainWatch(monitor::latest, published, System::nanoTime);
		monitor.afterEach(this.drain::look);
		Duration limit = settings.maxOldestAge();
		this.excused = (limit != null) ? new ExcusedDestinations(limit) : null;
		monitor.afterEach(() -> excused(monitor.latest().backlog()));
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		Findings findings = new Findings();
		describeBacklog(builder, findings);
		describeRelay(builder, findings);
		builder.status(findings.worst);
		if (!findings.reasons.isEmpty()) {
			builder.withDetail("reasons", findings.reasons);
		}
	}

	private void describeBacklog(Health.Builder builder, Findings findings) {
		Reading reading = this.monitor.latest();
		Backlog backlog = reading.backlog();
		if (backlog != null) {
			builder.withDetail("waiting", backlog.waiting())
				.withDetail("oldestAge", backlog.oldest().toString())
				.withDetail("scheduled", backlog.scheduled())
				.withDetail("dead", backlog.dead());
			checkAge(backlog, findings);
		}
		else if (reading.error() != null) {
			builder.withDetail("store", reading.error());
			findings.add(Status.DOWN, "the store cannot be read");
		}
		else {
			builder.withDetail("store", "not asked yet");
			findings.add(Status.UNKNOWN, "the store has not been asked yet");
		}
	}

	/**
	 * What waits for an operator who has paused its destination, or had until a moment
	 * ago, is as late as he wants it to be.
	 */
	private void checkAge(Backlog backlog, Findings findings) {
		Duration limit = this.settings.maxOldestAge();
		Set<Destination> excused = excused(backlog);
		if (limit == null || backlog.oldest().compareTo(limit) <= 0) {
			return;
		}
		if (excused.isEmpty()) {
			addTooLate("the oldest event has waited for " + backlog.oldest(), limit, findings);
			return;
		}
		backlog.destinations()
			.entrySet()
			.stream()
			.filter((waiting) -> !excused.contains(waiting.getKey()))
			.max(Comparator.comparing((waiting) -> waiting.getValue().oldest()))
			.filter((waiting) -> waiting.getValue().oldest().compareTo(limit) > 0)
			.ifPresent((waiting) -> addTooLate(
					"the oldest event for " + waiting.getKey() + " has waited for " + waiting.getValue().oldest(),
					limit, findings));
	}

	private void addTooLate(String what, Duration limit, Findings findings) {
		findings.add(this.settings.tooLate(), what + ", longer than " + limit + " (outbox.health.max-oldest-age)");
	}

	private Set<Destination> excused(@Nullable Backlog backlog) {
		return (this.excused != null) ? this.excused.look(paused(), backlog, System.nanoTime()) : Set.of();
	}

	private Set<Destination> paused() {
		Set<Destination> paused = new HashSet<>();
		if (this.relay != null) {
			this.relay.status()
				.lanes()
				.forEach((transport, lane) -> lane.destinations().forEach((name, destination) -> {
					if (destination.state() == DestinationStatus.State.PAUSED) {
						paused.add(new Destination(transport, name));
					}
				}));
		}
		return paused;
	}

	private void describeRelay(Health.Builder builder, Findings findings) {
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
			checkSilence("outbox-relay-" + transport, lane.lastTurn(), findings);
			lane.destinations().forEach((name, destination) -> {
				if (status.leased() && destination.state() == DestinationStatus.State.UNREACHABLE) {
					findings.add(this.settings.destinationDown(), "destination " + transport + ':' + name
							+ " is unreachable since " + destination.since() + ": " + destination.reason());
				}
			});
		});
		builder.withDetail("transports", lanes);
		if (status.lastHeartbeat().compareTo(this.settings.silence()) > 0) {
			findings.add(Status.DOWN, "the lease has not been renewed for " + status.lastHeartbeat());
		}
		checkDrain(status, findings);
	}

	private void checkSilence(String thread, Duration silent, Findings findings) {
		if (silent.compareTo(this.settings.silence()) > 0) {
			findings.add(Status.DOWN, "thread " + thread + " has been silent for " + silent);
		}
	}

	/**
	 * A backlog for destinations that are paused or unreachable stands still for a reason
	 * that is reported anyway.
	 */
	private void checkDrain(RelayStatus status, Findings findings) {
		Duration still = this.drain.standstill();
		boolean excused = status.lanes()
			.values()
			.stream()
			.flatMap((lane) -> lane.destinations().values().stream())
			.anyMatch((destination) -> destination.state() == DestinationStatus.State.UNREACHABLE
					|| destination.state() == DestinationStatus.State.PAUSED);
		if (!excused && still.compareTo(this.settings.notDrainingAfter()) > 0) {
			findings.add(this.settings.notDraining(), "the backlog has not shrunk for " + still
					+ " although no destination is known to be unavailable (outbox.health.not-draining-after)");
		}
	}

	private static Map<String, Object> details(LaneStatus lane) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("partitions", lane.partitions().size());
		details.put("owned", new TreeSet<>(lane.partitions()).toString());
		details.put("inMemory", lane.inMemory());
		details.put("atBroker", lane.atBroker());
		details.put("waitingKeys", lane.waitingKeys());
		details.put("blockedKeys", lane.blockedKeys());
		details.put("pausedDestinations", lane.pausedDestinations());
		Map<String, Object> unavailable = new TreeMap<>();
		lane.destinations().forEach((name, destination) -> {
			if (destination.state() != DestinationStatus.State.AVAILABLE) {
				unavailable.put(name, Map.of("state", destination.state().name(), "since",
						destination.since().toString(), "reason", destination.reason()));
			}
		});
		details.put("unavailableDestinations", unavailable);
		details.put("lastTurn", lane.lastTurn().toString());
		return details;
	}

	/**
	 * What is not as it should be.
	 */
	private static final class Findings {

		private final List<String> reasons = new ArrayList<>();

		private Status worst = Status.UP;

		void add(HealthOutcome outcome, String reason) {
			add(new Status(outcome.name()), reason);
		}

		void add(Status status, String reason) {
			this.reasons.add(reason);
			if (WORST_LAST.indexOf(status) > WORST_LAST.indexOf(this.worst)) {
				this.worst = status;
			}
		}

	}

}
