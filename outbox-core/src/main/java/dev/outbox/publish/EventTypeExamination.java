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

package dev.outbox.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;
import dev.outbox.payload.EventType;
import dev.outbox.payload.EventTypes;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterGroup;
import dev.outbox.store.DeadLetterStore;

/**
 * Compares the event types of dead letters and of {@code outbox.routes} with those that
 * classes of this application have. Says nothing where no class has one: such an
 * application names its types itself, message by message.
 */
public final class EventTypeExamination implements Examination {

	private static final int GROUPS = 200;

	private final EventTypes types;

	private final Supplier<Set<String>> declared;

	private final Set<String> routed;

	private final DeadLetterStore letters;

	/**
	 * Creates the examination.
	 * @param types the names of classes that were registered or published
	 * @param declared the names of those that have not been published yet
	 * @param routed the names in {@code outbox.routes}
	 * @param letters events that were given up
	 */
	public EventTypeExamination(EventTypes types, Supplier<Set<String>> declared, Set<String> routed,
			DeadLetterStore letters) {
		this.types = types;
		this.declared = declared;
		this.routed = Set.copyOf(routed);
		this.letters = letters;
	}

	@Override
	public String name() {
		return "event-types";
	}

	@Override
	public List<Finding> examine() {
		Set<String> known = new TreeSet<>(this.declared.get());
		this.types.known().stream().map(EventType::name).forEach(known::add);
		if (known.isEmpty()) {
			return List.of();
		}
		List<Finding> findings = new ArrayList<>();
		for (String type : new TreeSet<>(this.routed)) {
			if (!known.contains(type)) {
				findings.add(Finding.note("route-without-type", "outbox.routes.[" + type + "]",
						"No event class of this application has that type, so the route is for"
								+ " messages that name it, or for nothing",
						"Compare it with the types of the classes: " + String.join(", ", known)));
			}
		}
		Map<String, Long> dead = new TreeMap<>();
		for (DeadLetterGroup group : this.letters.groups(DeadLetterFilter.all(), GROUPS)) {
			dead.merge(group.eventType(), group.count(), Long::sum);
		}
		dead.keySet().removeAll(known);
		dead.keySet().removeAll(this.routed);
		dead.forEach((type, count) -> findings.add(Finding.note("event-type-unmapped", type,
				count + " dead letters have that type, which no event class of this application has any more, nor does"
						+ " outbox.routes name it",
				"If the class was renamed, give it its former name with @OutboxEvent(type = \"" + type
						+ "\"): consumers know that one. If it is gone, discard the dead letters or"
						+ " repair them")));
		return findings;
	}

}
