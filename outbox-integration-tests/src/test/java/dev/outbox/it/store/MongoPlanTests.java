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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Filters;
import dev.outbox.OutboxRecord;
import dev.outbox.fixtures.mongo.MongoDouble;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.KeyRead;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.Operator;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import dev.outbox.test.contract.Deaths;
import dev.outbox.test.contract.Scan;
import dev.outbox.test.contract.Transaction;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How the server finds what the store asks for. All that the stores of an outbox do is
 * done once, and the commands that this sends are looked at.
 */
class MongoPlanTests {

	/**
	 * These hold a document for each instance, partition, destination, blocked key or
	 * replay, of which there are few.
	 */
	private static final Set<String> SMALL = Set.of("outbox_instance", "outbox_partition", "outbox_destination_state",
			"outbox_blocked_key", "outbox_setting", "outbox_sequence", "outbox_replay");

	/**
	 * Where nobody asks for some, all dead letters are counted by their causes.
	 */
	private static final MongoQuery ALL_LETTERS = new MongoQuery("outbox_dead_letter", new BsonDocument(),
			new BsonDocument(), false);

	/**
	 * What a command has that an explanation does not take.
	 */
	private static final Set<String> GENERIC = Set.of("lsid", "$db", "$clusterTime", "txnNumber", "autocommit",
			"startTransaction", "writeConcern", "readConcern", "$readPreference");

	private static final Set<String> STARTED = Set.of("find", "findAndModify", "update", "delete", "aggregate");

	@RegisterExtension
	static final MongoTestDatabase DATABASE = MongoTestDatabase.alone();

	private static final Queue<BsonDocument> COMMANDS = new ConcurrentLinkedQueue<>();

	private static MongoClient client;

	private static MongoStoreHarness harness;

	private static RelayStore relay;

	@BeforeAll
	static void useTheStores() {
		client = MongoCollections.listening(DATABASE, (event) -> {
			if (STARTED.contains(event.getCommandName())) {
				COMMANDS.add(event.getCommand().clone());
			}
		});
		harness = new MongoStoreHarness(DATABASE, client);
		if (DATABASE.server() instanceof MongoDouble mongo) {
			// What the store believes, which has read it, so that it checks soon.
			mongo.setTransactionLifetime(Duration.ofSeconds(1));
			relay = harness.relay();
			mongo.setTransactionLifetime(Duration.ofMinutes(1));
		}
		else {
			relay = harness.relay();
		}
		COMMANDS.clear();
		publish();
		scan();
		recordOutcomes();
		moveWhatIsDue();
		archive();
		hold();
		administer();
	}

	@AfterAll
	static void close() {
		client.close();
	}

	private static void publish() {
		try (Transaction transaction = harness.begin()) {
			transaction.claim("claimed", UUID.randomUUID());
			transaction.claim("claimed", UUID.randomUUID());
			transaction.insertMany(4500, "k");
			transaction.commit();
		}
		harness.collection("event").deleteMany(Filters.mod("seq", 2, 0));
		harness.insert("a", "1", "2", "3", "4");
	}

	private static void scan() {
		Scan scan = harness.scan();
		scan.drain(1000);
		scan.poll();
		harness.scan(Set.of("orders"), null).drain(1);
		harness.scan(Set.of(), "orders").poll(1);
		relay.readKey(new KeyRead(DatabaseHarness.partition("a"), "a", DatabaseHarness.ORDERS, 1, 10, Long.MAX_VALUE));
		relay.readKey(new KeyRead(0, null, DatabaseHarness.ORDERS, 1, 10, Long.MAX_VALUE));
		relay.payloads(waiting());
	}

	private static List<EventRef> waiting() {
		return harness.scan(Set.of(), null)
			.step(Long.MAX_VALUE, 5000, Long.MAX_VALUE)
			.events()
			.stream()
			.filter((event) -> "a".equals(event.event().key()))
			.map(StoredEvent::ref)
			.toList();
	}

	private static void recordOutcomes() {
		List<EventRef> rows = waiting();
		Claim claim = harness.claim("a");
		relay.recordFailure(claim, rows.get(0), "refused", Duration.ZERO);
		relay.recordCarefulSend(claim, rows.get(0));
		relay.withdrawCarefulSend(claim, rows.get(0));
		for (int i = 0; i < 3; i++) {
			assertThat(relay.deadLetter(claim, rows.get(i),
					new GivenUp("refused", Deaths.FINGERPRINT, null, true, true, true)))
				.isTrue();
		}
		List<DeadLetter> letters = harness.deadLetters().list(DeadLetterFilter.all(), 0, 10);
		assertThat(harness.deadLetters().find(letters.get(0).number())).isPresent();
		assertThat(harness.deadLetters().find(rows.get(0).id())).isPresent();
		Scan scan = new Scan(relay, new ReadScope("test", Set.of(claim.part()), Set.of(), null));
		scan.drain(5000);
		assertThat(harness.deadLetters().replay(letters.get(0).number(), new Operator("test"))).isTrue();
		assertThat(harness.deadLetters().discard(letters.get(1).number(), new Operator("test"))).isTrue();
		assertThat(scan.poll()).containsExactly("1");
		administer(harness.deadLetters().find(letters.get(2).number()).orElseThrow());
		if (DATABASE.server() instanceof MongoDouble) {
			// Until what is known is checked, which takes a minute and a half elsewhere.
			await().until(() -> {
				scan.poll();
				return COMMANDS.stream()
					.anyMatch((command) -> command.toJson().contains("\"returned\": true, \"note\""));
			});
		}
	}

	private static void administer(DeadLetter letter) {
		assertThat(harness.forwards().take(10, Duration.ofMinutes(1))).isNotEmpty();
		harness.deadLetters().lastNumber();
		harness.forwards().again(letter.number(), Duration.ZERO, true);
		harness.forwards().done(letter.number());
		DeadLetterFilter ofItsCause = new DeadLetterFilter("order.placed", "a", "test", "orders", "refused",
				Deaths.FINGERPRINT, Instant.EPOCH, Instant.now().plusSeconds(999), 1);
		assertThat(harness.deadLetters().list(ofItsCause, 0, 10)).hasSize(1);
		assertThat(harness.deadLetters().groups(ofItsCause, 10)).hasSize(1);
		assertThat(harness.deadLetters().groups(DeadLetterFilter.all(), 10)).hasSize(1);
		OutboxRecord repaired = DatabaseHarness.event("a", "repaired").event();
		assertThat(harness.deadLetters().replace(letter.number(), repaired, new Operator("test"))).isTrue();
		assertThat(harness.audit().list(Long.MAX_VALUE, 10)).hasSize(3);
	}

	private static void moveWhatIsDue() {
		try (Transaction transaction = harness.begin()) {
			transaction.schedule(List.of(
					DatabaseHarness.event(DatabaseHarness.ORDERS, "due", new byte[1], Instant.now().minusSeconds(9)),
					DatabaseHarness.event(DatabaseHarness.ORDERS, "later", new byte[1],
							Instant.now().plusSeconds(999))));
			transaction.commit();
		}
		harness.expireLeases(5);
		Claim claim = harness.claim("due");
		harness.leases().release(claim.owner(), "test", List.of());
		Set<Integer> parts = harness.leases().observe(claim.owner()).owned().get("test").keySet();
		relay.moveDue(claim.owner(), "test", parts, 100);
	}

	private static void archive() {
		List<EventRef> rows = waiting();
		harness.archivingRelay().settle(rows.subList(0, 1));
		relay.settle(rows.subList(1, 2));
		assertThat(harness.archive().isEmpty()).isFalse();
		ArchiveFilter filter = ArchiveFilter.all()
			.withKey("a")
			.withEventType("order.placed")
			.withDestination(DatabaseHarness.ORDERS)
			.withFrom(Instant.EPOCH)
			.withUntil(Instant.now().plusSeconds(999));
		while (!harness.archive().replay("again", filter, 1).finished()) {
			continue;
		}
	}

	private static void hold() {
		harness.holds().pause(DatabaseHarness.ORDERS, new Operator("test"));
		harness.holds().resume(DatabaseHarness.ORDERS, new Operator("test"));
		harness.block(DatabaseHarness.ORDERS, "b");
		assertThat(harness.cluster().observe(1).blockedKeys()).hasSize(1);
		harness.holds().unblock(DatabaseHarness.ORDERS, "b", new Operator("test"));
		LeaseStore leases = harness.leases();
		UUID instance = UUID.randomUUID();
		leases.join(instance, "test", Set.of("test"), Duration.ofMinutes(5));
		leases.renew(instance, Duration.ofMinutes(5));
		harness.expireLeases(9);
		leases.observe(instance);
		leases.leave(instance);
	}

	private static void administer() {
		harness.backlog().measure(0);
		harness.backlog().measure(100);
		for (Kept kept : Kept.values()) {
			harness.addKept(100 + kept.ordinal(), Duration.ofDays(9), true);
			harness.housekeeping().removeExpired(kept, Duration.ofDays(1), 10);
		}
	}

	/**
	 * Holds whatever the planner makes of it.
	 */
	@Test
	void everyQueryIsAPartOfAnIndexAndInItsOrder() {
		Map<String, List<BsonDocument>> indexes = new HashMap<>();
		Set<String> without = new TreeSet<>();
		Set<String> looked = new TreeSet<>();
		queries((query) -> {
			looked.add(query.collection());
			List<BsonDocument> known = indexes.computeIfAbsent(query.collection(), MongoPlanTests::indexes);
			if (!SMALL.contains(query.collection()) && !query.equals(ALL_LETTERS) && !query.isAnsweredBy(known)) {
				without.add(query.shape().toString());
			}
		});
		assertThat(without).isEmpty();
		assertThat(looked).contains("outbox_event", "outbox_scheduled", "outbox_dead_letter", "outbox_archive",
				"outbox_idempotency", "outbox_key", "outbox_audit");
	}

	/**
	 * An index costs each write something.
	 */
	@Test
	void everyIndexIsAskedFor() {
		Set<String> unused = new TreeSet<>();
		for (String collection : DATABASE.database().listCollectionNames()) {
			List<BsonDocument> indexes = indexes(collection);
			for (BsonDocument index : indexes) {
				boolean expires = index.containsKey("expireAfterSeconds");
				if (!expires && !index.getString("name").getValue().equals("_id_")) {
					unused.add(index.getString("name").getValue());
					queries((query) -> {
						if (query.collection().equals(collection) && !query.isOfAll()
								&& query.isAnsweredBy(List.of(index))) {
							unused.remove(index.getString("name").getValue());
						}
					});
				}
			}
		}
		assertThat(unused).isEmpty();
	}

	@Test
	void theServersPlansScanNoCollectionAndSortNothing() {
		if (DATABASE.server() instanceof MongoDouble) {
			Assumptions.abort("Skipped: only a real MongoDB has a planner to ask, the double has none");
		}
		List<String> bad = new ArrayList<>();
		for (BsonDocument command : COMMANDS) {
			List<MongoQuery> queries = MongoQuery.of(command).toList();
			if (queries.stream().allMatch((query) -> SMALL.contains(query.collection()) || query.isOfAll())) {
				continue;
			}
			BsonDocument plain = new BsonDocument();
			command.forEach((field, value) -> {
				if (!GENERIC.contains(field)) {
					plain.append(field, value);
				}
			});
			BsonDocument plan = DATABASE.database()
				.runCommand(new BsonDocument("explain", plain).append("verbosity", new BsonString("queryPlanner")),
						BsonDocument.class);
			Set<String> stages = new TreeSet<>();
			collectStages(plan, false, stages);
			boolean sorts = stages.contains("SORT") && !queries.stream().allMatch(MongoQuery::isOfNamedDocuments);
			if (stages.isEmpty() || stages.contains("COLLSCAN") || sorts) {
				bad.add(stages + " for " + plain.toJson());
			}
		}
		assertThat(bad).isEmpty();
	}

	private static void collectStages(BsonValue value, boolean winning, Set<String> stages) {
		if (value.isArray()) {
			value.asArray().forEach((each) -> collectStages(each, winning, stages));
		}
		else if (value.isDocument()) {
			value.asDocument().forEach((field, each) -> {
				if (winning && field.equals("stage")) {
					stages.add(each.asString().getValue());
				}
				collectStages(each, winning || field.equals("winningPlan"), stages);
			});
		}
	}

	private static void queries(Consumer<MongoQuery> action) {
		assertThat(COMMANDS).isNotEmpty();
		COMMANDS.stream()
			.flatMap(MongoQuery::of)
			.filter((query) -> query.collection().startsWith("outbox_"))
			.collect(Collectors.toSet())
			.forEach(action);
	}

	private static List<BsonDocument> indexes(String collection) {
		return DATABASE.database().getCollection(collection).listIndexes(BsonDocument.class).into(new ArrayList<>());
	}

}
