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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

import dev.outbox.Destination;
import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;
import dev.outbox.relay.RelayStatus.DestinationStatus;
import dev.outbox.store.Backlog;
import dev.outbox.store.ClusterStore;

/**
 * What can be wrong with the relay of this instance, and with those of all of them.
 */
public final class RelayExaminations {

	/**
	 * The proportion of the defaults, which were chosen by measurement.
	 */
	private static final int LEASES_PER_SEND = 3;

	private static final String OUTLIVED = ". An instance that is cut off from the database goes on sending for that long"
			+ " after others have taken over: what it had at the broker is sent twice, and the second time may come"
			+ " after later events of the key";

	private RelayExaminations() {
	}

	/**
	 * Compares the lease with how long a send may take.
	 * @param lease how long an instance may be silent before others take over
	 * @param publishTimeout how long a send may take
	 * @return the examination
	 */
	public static Examination lease(Duration lease, Duration publishTimeout) {
		return Examination.of("lease", () -> {
			if (publishTimeout.compareTo(lease.multipliedBy(LEASES_PER_SEND)) <= 0) {
				return List.of();
			}
			return List.of(tooShort(lease, publishTimeout));
		});
	}

	/**
	 * Tells which destinations this instance cannot reach.
	 * @param relay the relay
	 * @return the examination
	 */
	public static Examination destinations(OutboxRelay relay) {
		return Examination.of("reachability", () -> {
			List<Finding> findings = new ArrayList<>();
			new TreeMap<>(relay.status().lanes())
				.forEach((transport, lane) -> new TreeMap<>(lane.destinations()).forEach((name, destination) -> {
					if (destination.state() == DestinationStatus.State.UNREACHABLE) {
						findings.add(unreachable(new Destination(transport, name), destination));
					}
				}));
			return findings;
		});
	}

	/**
	 * Looks for events that no instance can send.
	 * @param backlog what waits, as far as it is known
	 * @param cluster tells who is there
	 * @param own the transports of this instance, which may not be known there yet
	 * @return the examination
	 */
	public static Examination transports(Supplier<Optional<Backlog>> backlog, ClusterStore cluster,
			Collection<String> own) {
		return Examination.of("transports", () -> {
			Map<String, Long> waiting = new TreeMap<>();
			Optional<Backlog> known = backlog.get();
			known.ifPresent((measured) -> measured.destinations()
				.forEach((destination, events) -> waiting.merge(destination.transport(), events.events(), Long::sum)));
			if (waiting.isEmpty()) {
				return List.of();
			}
			boolean exact = known.orElseThrow().exact();
			Set<String> there = new TreeSet<>(own);
			cluster.observe(0).instances().forEach((instance) -> there.addAll(instance.transports()));
			List<Finding> findings = new ArrayList<>();
			waiting.forEach((transport, events) -> {
				if (!there.contains(transport)) {
					findings.add(missing(transport, (exact ? "" : "about ") + events, there));
				}
			});
			return findings;
		});
	}

	private static Finding tooShort(Duration lease, Duration publishTimeout) {
		String problem = "It is %d ms, while a send may take %d ms (outbox.publish-timeout)".formatted(lease.toMillis(),
				publishTimeout.toMillis());
		return Finding.warning("lease-too-short", "outbox.relay.lease", problem + OUTLIVED,
				"Raise outbox.relay.lease or lower outbox.publish-timeout, so that a send takes at most "
						+ LEASES_PER_SEND + " leases");
	}

	private static Finding unreachable(Destination destination, DestinationStatus status) {
		return Finding.warning("destination-unreachable", destination.toString(),
				"It has not been available for " + status.since().toSeconds() + " s: " + status.reason()
						+ ". Its events wait, and no attempt is counted",
				"Bring the broker back, or create what it does not have. The relay probes it, and goes on by itself");
	}

	private static Finding missing(String transport, String events, Set<String> there) {
		return Finding.error("transport-missing", transport,
				"No instance that relays has it, they relay through " + there + ". Events that wait for it: " + events,
				"Start an instance with the starter of that broker and outbox.relay.enabled=true. If there is none any"
						+ " more, the events have to be read from the table");
	}

}
