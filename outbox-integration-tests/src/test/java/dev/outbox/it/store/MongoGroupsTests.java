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

package dev.outbox.it.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.mongodb.client.MongoClient;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchiveStore.Portion;
import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.NewEvent;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.RelayStore.DueMove;
import dev.outbox.store.StoredEvent;
import dev.outbox.store.mongo.MongoStore;
import dev.outbox.test.contract.Scan;
import dev.outbox.test.contract.Transaction;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the store does with many events at a time that are large, or of which one is in
 * the way.
 */
class MongoGroupsTests {

	private static final int LARGE = 3 << 20;

	@RegisterExtension
	static MongoTestDatabase database = MongoTestDatabase.fresh();

	private MongoStoreHarness harness;

	private RelayStore relay;

	@BeforeEach
	void empty() {
		this.harness = new MongoStoreHarness(database);
		this.relay = this.harness.relay();
	}

	private static NewEvent event(String key, int size) {
		return DatabaseHarness.event(DatabaseHarness.ORDERS, key, new byte[size], null);
	}

	private void insert(NewEvent... events) {
		for (NewEvent event : events) {
			try (Transaction transaction = this.harness.begin()) {
				transaction.append(List.of(event));
				transaction.commit();
			}
		}
	}

	private List<EventRef> waiting() {
		return this.harness.scan()
			.step(Long.MAX_VALUE, 10, Long.MAX_VALUE)
			.events()
			.stream()
			.map(StoredEvent::ref)
			.toList();
	}

	@Test
	void largeEventsAreArchivedInGroups() {
		insert(event("a", LARGE), event("a", LARGE), event("a", LARGE), event("a", 1));
		List<EventRef> delivered = waiting();
		List<Integer> groups = Collections.synchronizedList(new ArrayList<>());
		try (MongoClient client = MongoCollections.listening(database, (event) -> {
			if (event.getCommandName().equals("insert")) {
				groups.add(event.getCommand().getArray("documents").size());
			}
		})) {
			new MongoStore(client, database.name(), MongoStoreHarness.NAMES).relayStore(true, null).settle(delivered);
		}
		assertThat(groups).containsExactly(2, 2);
		assertThat(this.harness.archived()).hasSize(4);
		assertThat(this.harness.count("event")).isZero();
	}

	/**
	 * A long way may be looked at then: events of a destination that is paused.
	 */
	@Test
	void whileNothingIsToBeDeliveredNoPayloadIsRead() {
		insert(event("a", 1), event("a", 1), event("a", 1));
		List<BsonDocument> shown = Collections.synchronizedList(new ArrayList<>());
		try (MongoClient client = MongoCollections.listening(database, (event) -> {
			if (event.getCommandName().equals("aggregate")) {
				BsonArray stages = event.getCommand().getArray("pipeline");
				if (stages.get(2).asDocument().getInt32("$limit").getValue() > 1) {
					shown.add(stages.get(3).asDocument().getDocument("$project").clone());
				}
			}
		})) {
			RelayStore far = new MongoStore(client, database.name(), MongoStoreHarness.NAMES).relayStore(false, null);
			Set<Integer> parts = Set.of(DatabaseHarness.partition("a"));
			assertThat(new Scan(far, new ReadScope("test", parts, Set.of("orders"), null)).poll(1)).isEmpty();
		}
		assertThat(shown).isNotEmpty()
			.allSatisfy((fields) -> assertThat(fields.keySet()).containsExactlyInAnyOrder("_id", "seq", "note", "in"));
	}

	@Test
	void largeEventsAreReplayedInGroups() {
		insert(event("a", LARGE), event("b", LARGE), event("c", LARGE), event("d", 1));
		this.harness.archivingRelay().settle(waiting());
		List<Integer> sizes = new ArrayList<>();
		Portion portion;
		do {
			portion = this.harness.archive().replay("large", ArchiveFilter.all(), 100);
			sizes.add(portion.events().size());
		}
		while (!portion.finished());
		assertThat(sizes).containsExactly(2, 2);
		assertThat(this.harness.keys()).containsExactly("a", "b", "c", "d");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void aDueEventWhoseIdWaitsIsLeftAndTheOthersAreMoved(CapturedOutput output) {
		Instant due = Instant.parse("2026-01-01T00:00:00Z");
		NewEvent first = DatabaseHarness.event(DatabaseHarness.ORDERS, "a", "first".getBytes(), null);
		OutboxRecord again = new OutboxRecord(first.event().id(), "a", "order", "a", "order.placed", 1,
				DatabaseHarness.ORDERS, Map.of(), "text/plain", Map.of(), "kept-back".getBytes(), due);
		insert(first);
		try (Transaction transaction = this.harness.begin()) {
			transaction.schedule(List.of(new NewEvent(again, first.part(), due),
					DatabaseHarness.event(DatabaseHarness.ORDERS, "a", "other".getBytes(), due.plusSeconds(1)),
					DatabaseHarness.event(DatabaseHarness.ORDERS, "a", "third".getBytes(), due.plusSeconds(2))));
			transaction.commit();
		}
		Claim claim = this.harness.claim("a");
		assertThat(move(claim, 1).moved()).isOne();
		DueMove rest = move(claim, 10);
		assertThat(rest.moved()).isOne();
		assertThat(rest.nextIn()).isEqualTo(Duration.ofSeconds(1));
		assertThat(move(claim, 10).moved()).isZero();
		assertThat(this.harness.scan().drain(10)).containsExactly("first", "other", "third");
		assertThat(output).containsOnlyOnce(first.event().id() + " is due and stays in outbox_scheduled")
			.doesNotContain("kept-back");
		this.harness.relay().settle(List.of(waiting().get(0)));
		assertThat(move(claim, 10).moved()).isOne();
		assertThat(this.harness.count("scheduled")).isZero();
		assertThat(this.harness.scan().drain(10)).containsExactly("other", "third", "kept-back");
	}

	@Test
	void anEventThatIsTooLargeWithItsHeadersIsRefused() {
		OutboxRecord large = new OutboxRecord(UUID.randomUUID(), "a", "order", "a", "order.placed", 1,
				DatabaseHarness.ORDERS, Map.of(), "text/plain", Map.of("h", "x".repeat(1 << 20)), new byte[15 << 20],
				Instant.parse("2026-01-01T00:00:00Z"));
		try (Transaction transaction = this.harness.begin()) {
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> transaction.append(List.of(new NewEvent(large, 1, null))))
				.havingCause()
				.isInstanceOf(OutboxException.class)
				.withMessageContaining("event " + large.id())
				.withMessageContaining("with its headers and options")
				.withMessageContaining("Nothing has been stored");
		}
		assertThat(this.harness.count("event")).isZero();
	}

	private DueMove move(Claim claim, int limit) {
		return this.relay.moveDue(claim.owner(), "test", Set.of(claim.part()), limit);
	}

}
