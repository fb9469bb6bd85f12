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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import dev.outbox.Destination;
import dev.outbox.OutboxException;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.AuditStore;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.ClusterStore;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.store.SharedBacklogStore;
import dev.outbox.store.mongo.CollectionNames;
import dev.outbox.store.mongo.MongoEventStore;
import dev.outbox.store.mongo.MongoSchema;
import dev.outbox.store.mongo.MongoStore;
import dev.outbox.test.contract.Deaths;
import dev.outbox.test.contract.Transaction;
import org.bson.Document;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The stores of one database of MongoDB.
 */
final class MongoStoreHarness extends DatabaseHarness {

	static final CollectionNames NAMES = new CollectionNames("outbox_");

	private final MongoTestDatabase database;

	private final MongoCollections collections;

	private final MongoStore store;

	private final MongoDatabaseFactory factory;

	MongoStoreHarness(MongoTestDatabase database) {
		this(database, database.client());
	}

	/**
	 * Creates stores that use a client.
	 */
	MongoStoreHarness(MongoTestDatabase database, MongoClient client) {
		this.database = database;
		this.collections = new MongoCollections(database);
		this.store = new MongoStore(client, database.name(), NAMES);
		this.factory = MongoDatabaseFactory.create(client, database.name());
		MongoSchema schema = new MongoSchema(client, database.name(), NAMES, null);
		schema.create();
		schema.validate(PARTITIONS, true);
		List.of("event", "scheduled", "dead_letter", "archive", "replay", "instance", "partition", "blocked_key",
				"destination_state", "audit", "backlog", "idempotency", "key")
			.forEach(this::clear);
		restartNumbers();
	}

	MongoTestDatabase database() {
		return this.database;
	}

	MongoDatabaseFactory factory() {
		return this.factory;
	}

	@Override
	public RelayStore relay() {
		return this.store.relayStore(false, null);
	}

	@Override
	RelayStore archivingRelay() {
		return this.store.relayStore(true, null);
	}

	@Override
	public LeaseStore leases() {
		return this.store.leaseStore(PARTITIONS);
	}

	@Override
	public DeadLetterStore deadLetters() {
		return this.store.deadLetterStore();
	}

	@Override
	public HoldStore holds() {
		return this.store.holdStore();
	}

	@Override
	SharedBacklogStore sharedBacklog() {
		return this.store.sharedBacklogStore();
	}

	@Override
	void makeSharedBacklogYounger(Duration time) {
		Date then = MongoCollections.fromNow(time);
		this.collections.named("backlog")
			.updateOne(new Document(),
					Updates.combine(Updates.set("claimedAt", then), Updates.set("measuredAt", then)));
	}

	@Override
	AuditStore audit() {
		return this.store.auditStore();
	}

	@Override
	ClusterStore cluster() {
		return this.store.clusterStore();
	}

	@Override
	ForwardStore forwards() {
		return this.store.forwardStore();
	}

	@Override
	BacklogStore backlog() {
		return this.store.backlogStore();
	}

	@Override
	HousekeepingStore housekeeping() {
		return this.store.housekeepingStore();
	}

	@Override
	ArchiveStore archive() {
		return this.store.archiveStore();
	}

	@Override
	public MongoEventStore eventStore() {
		return new MongoEventStore(this.factory, this.database.name(), NAMES, Duration.ofDays(7), true);
	}

	@Override
	TransactionTemplate transaction() {
		return new TransactionTemplate(new MongoTransactionManager(this.factory));
	}

	@Override
	Set<Ability> abilities() {
		return EnumSet.noneOf(Ability.class);
	}

	@Override
	public MongoTransaction begin() {
		return new MongoTransaction(this.factory, eventStore());
	}

	/**
	 * A session has no time zone.
	 */
	@Override
	MongoTransaction beginInForeignTimeZone() {
		return begin();
	}

	@Override
	MongoTransaction beginByReadingClaims() {
		return begin();
	}

	@Override
	Transaction beginRenewal(UUID instance) {
		return Assumptions.abort("a lease is renewed by a single write here, outside of any transaction");
	}

	@Override
	boolean aTransactionWaits() {
		return false;
	}

	@Override
	Refusal refusal() {
		return new Refusal(OutboxException.class, "key", "key");
	}

	MongoCollection<Document> collection(String name) {
		return this.collections.named(name);
	}

	@Override
	long count(String collection) {
		return this.collections.count(collection);
	}

	@Override
	long lastNumber() {
		return events().stream().mapToLong((event) -> event.getLong("seq")).max().orElseThrow();
	}

	private List<Document> events() {
		return collection("event").find().sort(Sorts.ascending("seq")).into(new ArrayList<>());
	}

	@Override
	List<String> keys() {
		return events().stream().map((event) -> event.getString("key")).toList();
	}

	@Override
	long createdAt(Instant time) {
		return collection("event").countDocuments(Filters.eq("createdAt", Date.from(time)));
	}

	/**
	 * Dates have milliseconds, and nothing may be due too early.
	 */
	@Override
	List<@Nullable String> scheduledFor(Instant time) {
		List<@Nullable String> payloads = new ArrayList<>();
		collection("scheduled").find(Filters.eq("deliverAt", Date.from(time.plusNanos(999_999))))
			.forEach((event) -> payloads.add(payload(event)));
		return payloads;
	}

	private static String payload(Document event) {
		return new String(event.get("payload", Binary.class).getData(), StandardCharsets.UTF_8);
	}

	@Override
	long claimedWithin(Duration time) {
		return collection("idempotency")
			.countDocuments(Filters.and(Filters.gte("claimedAt", MongoCollections.fromNow(time.negated())),
					Filters.lte("claimedAt", MongoCollections.fromNow(Duration.ofSeconds(1)))));
	}

	@Override
	List<Archived> archived() {
		return collection("archive").find(Filters.exists("archivedAt"))
			.sort(Sorts.ascending("number"))
			.map((event) -> new Archived(event.getLong("seq"), event.getString("key"), payload(event)))
			.into(new ArrayList<>());
	}

	@Override
	@Nullable Object firstFailedAt() {
		return events().get(0).get("firstFailedAt");
	}

	@Override
	@Nullable Object lastError() {
		return events().get(0).get("lastError");
	}

	@Override
	long instancesThatLiveFor(Duration time) {
		return collection("instance").find()
			.into(new ArrayList<>())
			.stream()
			.filter((lease) -> lease.getDate("renewedAt").getTime()
					+ lease.getLong("ttl") > MongoCollections.fromNow(time).getTime())
			.count();
	}

	@Override
	List<String> kept(Kept what) {
		return switch (what) {
			case IDEMPOTENCY_KEY -> kept("idempotency", "_id", "_id");
			case ARCHIVED_EVENT -> kept("archive", "seq", "key");
			case DEAD_LETTER -> kept("dead_letter", "seq", "key");
			case AUDIT_ENTRY -> kept("audit", "_id", "key");
		};
	}

	private List<String> kept(String collection, String order, String field) {
		return collection(collection).find()
			.sort(Sorts.ascending(order))
			.map((found) -> found.getString(field))
			.into(new ArrayList<>());
	}

	@Override
	void clear(String collection) {
		this.collections.clear(collection);
	}

	@Override
	void restartNumbers() {
		collection("sequence").updateOne(Filters.eq("_id", "event"), Updates.set("value", 0L));
	}

	@Override
	void makeFailuresOlder(Duration age) {
		Date then = MongoCollections.fromNow(age.negated());
		collection("event").updateMany(new Document(),
				Updates.combine(Updates.set("firstFailedAt", then), Updates.set("nextAttemptAt", then)));
	}

	@Override
	void makeOlder(long number, Duration age) {
		collection("event").updateOne(Filters.eq("seq", number),
				Updates.set("createdAt", MongoCollections.fromNow(age.negated())));
	}

	@Override
	void makeClaimsOlder(Duration age) {
		collection("idempotency").updateMany(new Document(),
				Updates.set("claimedAt", MongoCollections.fromNow(age.negated())));
	}

	@Override
	void setArchivedAt(Instant time) {
		collection("archive").updateMany(new Document(), Updates.set("archivedAt", Date.from(time)));
	}

	@Override
	void damageArchived(String payload) {
		collection("archive").updateMany(Filters.eq("payload", new Binary(payload.getBytes(StandardCharsets.UTF_8))),
				Updates.set("options", "[]"));
	}

	@Override
	void damageDeadLetters() {
		collection("dead_letter").updateMany(new Document(), Updates.set("headers", "[]"));
	}

	@Override
	void repairArchived() {
		collection("archive").updateMany(new Document(), Updates.unset("options"));
	}

	@Override
	void expireLeases(long epoch) {
		collection("partition").updateMany(new Document(), Updates.set("epoch", epoch));
		collection("instance").updateMany(new Document(), Updates.combine(
				Updates.set("renewedAt", MongoCollections.fromNow(Duration.ofSeconds(-1))), Updates.set("ttl", 0L)));
	}

	@Override
	void block(Destination destination, String key) {
		collection("blocked_key").insertOne(new Document("_id",
				new Document("transport", destination.transport()).append("destination", destination.name())
					.append("key", key))
			.append("blockedAt", MongoCollections.fromNow(Duration.ZERO))
			.append("seq", 0L)
			.append("letter", 0L));
	}

	@Override
	void addKept(int number, Duration age, boolean blocksKey) {
		Date then = MongoCollections.fromNow(age.negated());
		collection("idempotency")
			.insertOne(new Document("_id", String.valueOf(number)).append("eventId", UUID.randomUUID())
				.append("claimedAt", then));
		collection("archive").insertOne(
				event(number).append("_id", "a" + number).append("number", (long) number).append("archivedAt", then));
		collection("dead_letter").insertOne(event(number).append("_id", (long) number)
			.append("attempts", 10)
			.append("diedAt", then)
			.append("error", "refused")
			.append("fingerprint", Deaths.FINGERPRINT)
			.append("blocksKey", blocksKey));
		if (blocksKey) {
			block(ORDERS, String.valueOf(number));
			collection("blocked_key").updateOne(Filters.eq("_id.key", String.valueOf(number)),
					Updates.combine(Updates.set("seq", (long) number), Updates.set("letter", (long) number)));
		}
		collection("audit").insertOne(new Document("_id", (long) number).append("at", then)
			.append("operator", "test")
			.append("action", "DISCARD")
			.append("transport", "test")
			.append("destination", "orders")
			.append("key", String.valueOf(number)));
	}

	@Override
	void addWaiting() {
		collection("event").insertOne(event(1).append("_id", UUID.randomUUID())
			.append("attempts", 9)
			.append("firstFailedAt", MongoCollections.fromNow(Duration.ofDays(-9))));
		collection("scheduled").insertOne(event(1).append("_id", UUID.randomUUID())
			.append("deliverAt", MongoCollections.fromNow(Duration.ofDays(1))));
	}

	private static Document event(int number) {
		return new Document("seq", (long) number).append("eventId", UUID.randomUUID())
			.append("part", 1)
			.append("key", String.valueOf(number))
			.append("type", "test")
			.append("version", 1)
			.append("transport", "test")
			.append("destination", "orders")
			.append("contentType", "text/plain")
			.append("payload", new Binary(new byte[0]))
			.append("payloadSize", 0)
			.append("createdAt", MongoCollections.fromNow(Duration.ofDays(-9)));
	}

}
