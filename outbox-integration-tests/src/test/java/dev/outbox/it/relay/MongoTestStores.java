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

package dev.outbox.it.relay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.Updates;
import com.mongodb.event.ConnectionCheckedInEvent;
import com.mongodb.event.ConnectionCheckedOutEvent;
import com.mongodb.event.ConnectionPoolListener;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.it.store.Ability;
import dev.outbox.it.store.MongoCollections;
import dev.outbox.it.store.MongoTransaction;
import dev.outbox.test.contract.Transaction;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.store.mongo.CollectionNames;
import dev.outbox.store.mongo.MongoEventStore;
import dev.outbox.store.mongo.MongoSchema;
import dev.outbox.store.mongo.MongoStore;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.Assumptions;

import org.springframework.data.mongodb.MongoDatabaseFactory;

/**
 * The stores of one database of MongoDB.
 */
final class MongoTestStores extends TestStores {

	private static final CollectionNames NAMES = new CollectionNames("outbox_");

	private final MongoTestDatabase database;

	private final MongoCollections collections;

	private final AtomicInteger connections = new AtomicInteger();

	private final MongoClient client;

	private final MongoStore store;

	private final MongoDatabaseFactory application;

	MongoTestStores(MongoTestDatabase database) {
		this.database = database;
		this.collections = new MongoCollections(database);
		this.client = MongoClients.create(MongoClientSettings.builder()
			.applyConnectionString(new ConnectionString(database.uri()))
			.applyToConnectionPoolSettings((pool) -> pool.maxSize(8).addConnectionPoolListener(new Counter()))
			.build());
		this.store = new MongoStore(this.client, database.name(), NAMES);
		this.application = MongoDatabaseFactory.create(database.client(), database.name());
		new MongoSchema(database.client(), database.name(), NAMES, null).create();
	}

	@Override
	RelayStore relayStore() {
		return this.store.relayStore(false, null);
	}

	@Override
	LeaseStore leaseStore() {
		return this.store.leaseStore(64);
	}

	@Override
	DeadLetterStore deadLetters() {
		return this.store.deadLetterStore();
	}

	@Override
	HoldStore holds() {
		return this.store.holdStore();
	}

	@Override
	Set<Ability> abilities() {
		return EnumSet.noneOf(Ability.class);
	}

	@Override
	int connectionsInUse() {
		return this.connections.get();
	}

	@Override
	MongoTransaction begin() {
		return new MongoTransaction(this.application,
				new MongoEventStore(this.application, this.database.name(), NAMES, Duration.ofDays(7), true));
	}

	@Override
	Transaction beginLocking(String collection) {
		return begin();
	}

	/**
	 * Writes all events that wait: who removes one waits until this has ended.
	 */
	@Override
	Transaction beginLockingEvents() {
		return begin().with((mongo) -> mongo.getCollection("outbox_event")
			.updateMany(new Document(), Updates.set("locked", UUID.randomUUID().toString())));
	}

	@Override
	void makeTransactionOlder(Transaction transaction, String key) {
		Assumptions.abort("events do not say which transaction has written them");
	}

	private MongoCollection<Document> collection(String name) {
		return this.collections.named(name);
	}

	@Override
	long count(String collection) {
		return this.collections.count(collection);
	}

	@Override
	List<Row> events() {
		return collection("event").find()
			.sort(Sorts.ascending("seq"))
			.map((event) -> new Row(event.getInteger("part"), event.getString("key"), event.getString("transport"),
					event.getInteger("attempts", 0), event.getInteger("crashes", 0)))
			.into(new ArrayList<>());
	}

	@Override
	long ownedPartitions() {
		return collection("partition").countDocuments(Filters.ne("owner", null));
	}

	@Override
	BooleanSupplier heartbeats() {
		Date then = MongoCollections.fromNow(Duration.ofSeconds(1));
		return () -> collection("instance").countDocuments(Filters.lt("renewedAt", then)) == 0;
	}

	@Override
	void clear() {
		List.of("event", "scheduled", "dead_letter", "archive", "instance", "partition", "blocked_key",
				"destination_state", "audit")
			.forEach(this::clear);
	}

	@Override
	void clear(String collection) {
		this.collections.clear(collection);
	}

	@Override
	void delay(String destination, Duration time) {
		collection("event").updateMany(Filters.eq("destination", destination),
				Updates.combine(Updates.set("attempts", 1),
						Updates.set("firstFailedAt", MongoCollections.fromNow(Duration.ZERO)),
						Updates.set("nextAttemptAt", MongoCollections.fromNow(time))));
	}

	@Override
	void retryIn(Duration time) {
		collection("event").updateMany(new Document(), Updates.set("nextAttemptAt", MongoCollections.fromNow(time)));
	}

	@Override
	void raiseEpochs() {
		collection("partition").updateMany(new Document(), Updates.inc("epoch", 1L));
	}

	@Override
	void giveAway(int partitions) {
		collection("partition").updateMany(Filters.lt("part", partitions),
				Updates.combine(Updates.set("owner", UUID.randomUUID()), Updates.inc("epoch", 1L)));
	}

	@Override
	void refuseErrors(boolean refuse) {
		if (refuse) {
			Assumptions.abort("Skipped: the double of MongoDB validates no documents");
		}
	}

	@Override
	void damage(String field, List<String> payloads) {
		collection("event").updateMany(Filters.in("payload",
				payloads.stream().map((payload) -> new Binary(payload.getBytes(StandardCharsets.UTF_8))).toList()),
				Updates.set(field, "3000000000"));
	}

	@Override
	void repairDeadLetters(String field) {
		collection("dead_letter").updateMany(new Document(), Updates.unset(field));
	}

	/**
	 * What the application does next finds a connection again: a transaction is not
	 * repeated by the driver.
	 */
	@Override
	void cutConnections() {
		this.database.requireDouble().restart();
		collection("event").countDocuments();
	}

	@Override
	public void close() {
		this.client.close();
	}

	private final class Counter implements ConnectionPoolListener {

		@Override
		public void connectionCheckedOut(ConnectionCheckedOutEvent event) {
			MongoTestStores.this.connections.incrementAndGet();
		}

		@Override
		public void connectionCheckedIn(ConnectionCheckedInEvent event) {
			MongoTestStores.this.connections.decrementAndGet();
		}

	}

}
