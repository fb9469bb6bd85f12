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

package dev.outbox.autoconfigure.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.BacklogMonitor.Reading;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelayStatus;
import dev.outbox.relay.RelayStatus.LaneStatus;
import dev.outbox.store.Backlog;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * What this instance says of itself. Asks neither the database nor a broker.
 */
final class InstanceReport {

	private final PublicSettings settings;

	private final ObjectProvider<OutboxRelay> relay;

	private final ObjectProvider<BacklogMonitor> monitor;

	private final ObjectProvider<OutboxTransport> transports;

	InstanceReport(PublicSettings settings, ObjectProvider<OutboxRelay> relay, ObjectProvider<BacklogMonitor> monitor,
			ObjectProvider<OutboxTransport> transports) {
		this.settings = settings;
		this.relay = relay;
		this.monitor = monitor;
		this.transports = transports;
	}

	Map<String, Object> report() {
		Map<String, Object> report = new LinkedHashMap<>();
		OutboxRelay relay = this.relay.getIfAvailable();
		report.put("state", state(relay));
		report.put("backlog", backlog(this.monitor.getIfAvailable()));
		if (relay != null) {
			report.put("relay", relay(relay.status()));
		}
		report.put("transports", this.transports.orderedStream().map(OutboxTransport::name).toList());
		report.put("configuration", this.settings.values());
		return report;
	}

	private static String state(@Nullable OutboxRelay relay) {
		if (relay == null) {
			return "publishes only";
		}
		RelayStatus status = relay.status();
		if (!status.running()) {
			return "stopped";
		}
		return status.leased() ? "relaying" : "waiting for a lease";
	}

	private static Map<String, Object> backlog(@Nullable BacklogMonitor monitor) {
		Map<String, Object> view = new LinkedHashMap<>();
		Reading reading = (monitor != null) ? monitor.latest() : new Reading(null, "not measured");
		Backlog backlog = reading.backlog();
		if (backlog != null) {
			view.put("waiting", backlog.waiting());
			view.put("oldestAgeSeconds", backlog.oldest().toMillis() / 1000d);
			view.put("scheduled", backlog.scheduled());
			view.put("dead", backlog.dead());
		}
		else {
			view.put("unknown", (reading.error() != null) ? reading.error() : "not measured yet");
		}
		return view;
	}

	private static Map<String, Object> relay(RelayStatus status) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("lastHeartbeatMillis", status.lastHeartbeat().toMillis());
		Map<String, Object> lanes = new TreeMap<>();
		status.lanes().forEach((transport, lane) -> lanes.put(transport, lane(lane)));
		view.put("lanes", lanes);
		return view;
	}

	private static Map<String, Object> lane(LaneStatus lane) {
		Map<String, Object> view = new LinkedHashMap<>();
		view.put("partitions", lane.partitions().size());
		view.put("inMemory", lane.inMemory());
		view.put("bytesInMemory", lane.bytesInMemory());
		view.put("atBroker", lane.atBroker());
		view.put("waitingKeys", lane.waitingKeys());
		view.put("waitingDestinations", lane.pausedDestinations());
		view.put("lateEvents", lane.lateEvents());
		view.put("lastTurnMillis", lane.lastTurn().toMillis());
		return view;
	}

}
