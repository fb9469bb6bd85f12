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

package dev.outbox.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.outbox.Destination;
import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;
import dev.outbox.transport.DestinationInspector;
import dev.outbox.transport.DestinationInspector.Found;
import dev.outbox.transport.DestinationInspector.Inspection;

/**
 * Looks whether the destinations that events go to exist, and are still what they were.
 */
public final class DestinationExamination implements Examination {

	private static final int REPLICATED = 3;

	private static final String MOVED = ". Most keys go to another one since: consumers may see later events of a key"
			+ " before earlier ones that they have not read yet";

	private final List<DestinationInspector> inspectors;

	private final Supplier<Set<Destination>> waiting;

	private final Supplier<Set<Destination>> used;

	/**
	 * The number of partitions with which each was seen first.
	 */
	private final Map<Destination, Integer> partitions = new ConcurrentHashMap<>();

	/**
	 * Creates the examination.
	 * @param inspectors one for each broker that can be asked
	 * @param waiting the destinations that events are known to wait for
	 * @param used all that are known, also from the configuration
	 */
	public DestinationExamination(List<DestinationInspector> inspectors, Supplier<Set<Destination>> waiting,
			Supplier<Set<Destination>> used) {
		this.inspectors = List.copyOf(inspectors);
		this.waiting = waiting;
		this.used = used;
	}

	@Override
	public String name() {
		return "destinations";
	}

	@Override
	public List<Finding> examine() throws Exception {
		Set<Destination> all = this.used.get();
		List<Finding> findings = new ArrayList<>();
		for (DestinationInspector inspector : this.inspectors) {
			Set<String> names = new TreeSet<>();
			all.stream()
				.filter((destination) -> destination.transport().equals(inspector.transport()))
				.forEach((destination) -> names.add(destination.name()));
			if (!names.isEmpty()) {
				examine(inspector.transport(), inspector.inspect(names), findings);
			}
		}
		return findings;
	}

	private void examine(String transport, Inspection inspection, List<Finding> findings) {
		for (String missing : new TreeSet<>(inspection.missing())) {
			findings.add(missing(new Destination(transport, missing)));
		}
		new TreeMap<>(inspection.found()).forEach((name, found) -> {
			Destination destination = new Destination(transport, name);
			Integer first = this.partitions.putIfAbsent(destination, found.partitions());
			if (first != null && first != found.partitions()) {
				findings.add(changed(destination, first, found));
			}
			Integer replicas = found.minInsyncReplicas();
			if (replicas != null && replicas < 2 && found.replicas() >= REPLICATED) {
				findings.add(alone(destination, found.replicas()));
			}
		});
	}

	/**
	 * The first event may create a topic: only one that waits says that it did not.
	 */
	private Finding missing(Destination destination) {
		String action = "Create it with the partitions it needs, or correct its name: outbox.routes, outbox.topics,"
				+ " outbox.dead-letter.topic or the code that publishes";
		if (this.waiting.get().contains(destination)) {
			return Finding.error("destination-missing", destination.toString(),
					"Events wait for it, and the broker does not know it. Those that come after them on the same key"
							+ " wait too",
					action);
		}
		return Finding.note("destination-missing", destination.toString(),
				"The broker does not know it. The first event that goes there waits, unless the broker creates it then",
				action);
	}

	private static Finding changed(Destination destination, int first, Found found) {
		return Finding.warning("partition-count-changed", destination.toString(),
				"Partitions at first: " + first + ", now: " + found.partitions() + MOVED,
				"Let consumers work off what was sent before, and check what they keep per partition. Choose the number"
						+ " of partitions once; to change it in order, stop publishing until the topic is read");
	}

	private static Finding alone(Destination destination, int replicas) {
		return Finding.warning("one-replica-acknowledges", destination.toString(),
				"It has " + replicas + " replicas, and min.insync.replicas=1: acks=all waits for the leader alone when"
						+ " the others are behind, and an event that was acknowledged is lost with that machine",
				"Set min.insync.replicas to 2 for the topic");
	}

}
