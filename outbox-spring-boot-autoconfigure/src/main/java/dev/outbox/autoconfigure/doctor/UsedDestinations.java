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

package dev.outbox.autoconfigure.doctor;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.outbox.Destination;
import dev.outbox.autoconfigure.DeadLetterTopic;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.store.Backlog;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * The destinations that events of an outbox are known to go to: those of events that
 * wait, that this instance has sent or that were given up, and those that the
 * configuration names.
 */
final class UsedDestinations {

	private final OutboxProperties properties;

	private final ObjectProvider<BacklogMonitor> backlog;

	private final ObjectProvider<OutboxRelay> relay;

	private final ObjectProvider<OutboxTransport> transports;

	UsedDestinations(OutboxProperties properties, ObjectProvider<BacklogMonitor> backlog,
			ObjectProvider<OutboxRelay> relay, ObjectProvider<OutboxTransport> transports) {
		this.properties = properties;
		this.backlog = backlog;
		this.relay = relay;
		this.transports = transports;
	}

	Set<Destination> all() {
		Set<Destination> all = new HashSet<>();
		String standard = standardTransport();
		this.properties.routes()
			.values()
			.forEach((route) -> add(all, (route.transport() != null) ? route.transport() : standard,
					route.destination()));
		Stream
			.concat(this.properties.topics().names().values().stream(),
					Stream.ofNullable(this.properties.topics().fallback()))
			.forEach((name) -> add(all, standard, name));
		this.relay.ifAvailable((relay) -> relay.status()
			.lanes()
			.forEach((transport, lane) -> lane.destinations().keySet().forEach((name) -> add(all, transport, name))));
		DeadLetterTopic copies = this.properties.deadLetter().topic();
		if (copies.name() != null && !copies.name().contains("{")) {
			add(all, (copies.transport() != null) ? copies.transport() : standard, copies.name());
		}
		all.addAll(waiting());
		return all;
	}

	/**
	 * Returns the destinations that events wait for.
	 */
	Set<Destination> waiting() {
		return backlog().map((backlog) -> backlog.destinations().keySet()).orElse(Set.of());
	}

	/**
	 * Returns what was measured last: nobody measures for the doctor, while the relay
	 * needs the connections.
	 */
	Optional<Backlog> backlog() {
		BacklogMonitor monitor = this.backlog.getIfAvailable();
		return (monitor != null) ? Optional.ofNullable(monitor.latest().backlog()) : Optional.empty();
	}

	private @Nullable String standardTransport() {
		if (this.properties.transport() != null) {
			return this.properties.transport();
		}
		List<OutboxTransport> all = this.transports.orderedStream().toList();
		return (all.size() == 1) ? all.get(0).name() : null;
	}

	private static void add(Set<Destination> all, @Nullable String transport, @Nullable String name) {
		if (transport != null && name != null) {
			all.add(new Destination(transport, name));
		}
	}

}
