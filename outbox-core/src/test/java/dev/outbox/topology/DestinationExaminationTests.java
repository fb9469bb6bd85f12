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

import java.lang.annotation.Annotation;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.outbox.Destination;
import dev.outbox.OutboxEvent;
import dev.outbox.doctor.Finding;
import dev.outbox.doctor.Severity;
import dev.outbox.transport.DeclaredDestination;
import dev.outbox.transport.DestinationInspector;
import dev.outbox.transport.DestinationReader;
import dev.outbox.transport.TopologyDifference;
import dev.outbox.transport.TopologyManager;
import dev.outbox.transport.TopologyMode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What the doctor makes of the answers of brokers.
 */
class DestinationExaminationTests {

	private static final Destination ORDERS = new Destination("stub", "orders");

	private final Map<String, DestinationInspector.Found> found = new HashMap<>();

	private final Set<Destination> waiting = new HashSet<>();

	private final DestinationExamination examination = new DestinationExamination(List.of(new Inspector()),
			() -> this.waiting, () -> Set.of(ORDERS, new Destination("other", "bills")));

	@Test
	void aMissingDestinationIsAnErrorWhenEventsWaitForIt() throws Exception {
		assertThat(this.examination.examine()).extracting(Finding::code, Finding::severity, Finding::subject)
			.containsExactly(tuple("destination-missing", Severity.NOTE, "stub:orders"));
		this.waiting.add(ORDERS);
		assertThat(this.examination.examine()).extracting(Finding::code, Finding::severity, Finding::subject)
			.containsExactly(tuple("destination-missing", Severity.ERROR, "stub:orders"));
	}

	@Test
	void anotherNumberOfPartitionsThanAtFirstIsAWarning() throws Exception {
		this.found.put("orders", new DestinationInspector.Found(3, 1, 1));
		assertThat(this.examination.examine()).isEmpty();
		this.found.put("orders", new DestinationInspector.Found(6, 1, 1));
		assertThat(this.examination.examine()).extracting(Finding::code).containsExactly("partition-count-changed");
		this.found.put("orders", new DestinationInspector.Found(3, 1, 1));
		assertThat(this.examination.examine()).isEmpty();
	}

	@Test
	void acknowledgementsOfOneReplicaOfThreeAreAWarning() throws Exception {
		this.found.put("orders", new DestinationInspector.Found(3, 3, 1));
		assertThat(this.examination.examine()).extracting(Finding::code).containsExactly("one-replica-acknowledges");
		this.found.put("orders", new DestinationInspector.Found(3, 3, 2));
		assertThat(this.examination.examine()).isEmpty();
		this.found.put("orders", new DestinationInspector.Found(3, 3, null));
		assertThat(this.examination.examine()).isEmpty();
	}

	@Test
	void whatIsDeclaredIsComparedAgainAndNothingIsCreated() throws Exception {
		Manager manager = new Manager();
		try (Topology topology = new Topology(TopologyMode.VALIDATE, List.of(manager), (type, transport) -> true,
				Duration.ofSeconds(1))) {
			topology.start(List.of(Placed.class));
			assertThat(topology.examination().examine()).isEmpty();
			manager.differences = List.of(TopologyDifference.of("topic 'a'", "missing"),
					new TopologyDifference("topic 'b'", "partitions", "3", "6"),
					new TopologyDifference("topic 'c'", "retention.ms", "1", "2"));
			assertThat(topology.examination().examine()).extracting(Finding::code)
				.containsExactly("destination-missing", "partition-count-changed", "destination-differs");
		}
	}

	@OutboxEvent
	record Placed() {

	}

	private final class Inspector implements DestinationInspector {

		@Override
		public String transport() {
			return "stub";
		}

		@Override
		public Inspection inspect(Collection<String> destinations) {
			assertThat(destinations).containsExactly("orders");
			return new Inspection(DestinationExaminationTests.this.found,
					DestinationExaminationTests.this.found.isEmpty() ? Set.of("orders") : Set.of());
		}

	}

	private static final class Manager implements TopologyManager, DestinationReader {

		private List<TopologyDifference> differences = List.of();

		@Override
		public DestinationReader reader() {
			return this;
		}

		@Override
		public String transport() {
			return "stub";
		}

		@Override
		public Class<? extends Annotation> annotation() {
			return OutboxEvent.class;
		}

		@Override
		public DeclaredDestination read(Class<?> eventClass) {
			return new DeclaredDestination(ORDERS, Map.of());
		}

		@Override
		public List<TopologyDifference> validate(Collection<Class<?>> eventClasses) {
			return this.differences;
		}

		@Override
		public List<TopologyDifference> create(Collection<Class<?>> eventClasses) {
			throw new IllegalStateException("Nothing is to be created");
		}

	}

}
