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

package dev.outbox.it.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import com.mongodb.event.ConnectionCheckedInEvent;
import com.mongodb.event.ConnectionCheckedOutEvent;
import com.mongodb.event.ConnectionPoolListener;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.it.store.Ability;
import dev.outbox.listener.TraceContext;
import dev.outbox.store.RelayStore;
import dev.outbox.store.mongo.CollectionNames;
import dev.outbox.store.mongo.MongoEventStore;
import dev.outbox.store.mongo.MongoSchema;
import dev.outbox.store.mongo.MongoStore;
import dev.outbox.store.mongo.MongoStoreTransactions;
import org.bson.BsonDocument;
import org.bson.Document;

import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/**
 * The write side of an application on MongoDB, and a pool of two connections.
 */
final class MongoWriteSide extends WriteSide {

	static final CollectionNames NAMES = new CollectionNames("outbox_");

	final MongoDatabaseFactory factory;

	final MongoTemplate template;

	private final MongoTestDatabase database;

	private final boolean keyOrder;

	private final MongoClient client;

	private final List<Long> inserts = Collections.synchronizedList(new ArrayList<>());

	private final List<BsonDocument> commands = Collections.synchronizedList(new ArrayList<>());

	private final AtomicInteger connections = new AtomicInteger();

	MongoWriteSide(MongoTestDatabase database, TraceContext trace) {
		this(database, trace, "", true);
	}

	/**
	 * Creates the write side of another application.
	 * @param options what it adds to the options of its connection string
	 * @param keyOrder whether keys have an order
	 */
	MongoWriteSide(MongoTestDatabase database, TraceContext trace, String options, boolean keyOrder) {
		super(trace);
		this.keyOrder = keyOrder;
		this.database = database;
		this.client = MongoClients.create(MongoClientSettings.builder()
			.applyConnectionString(new ConnectionString(database.uri() + options))
			.addCommandListener(new Statements())
			.applyToConnectionPoolSettings((pool) -> pool.maxSize(2).addConnectionPoolListener(new Connections()))
			.build());
		this.factory = MongoDatabaseFactory.create(this.client, database.name());
		this.template = new MongoTemplate(this.factory);
		MongoSchema schema = new MongoSchema(database.client(), database.name(), NAMES, null);
		schema.create();
		schema.validate(64, keyOrder);
		if (!this.template.collectionExists("orders")) {
			this.template.createCollection("orders");
		}
	}

	@Override
	MongoEventStore store() {
		return new MongoEventStore(this.factory, this.database.name(), NAMES, Duration.ofDays(7), this.keyOrder);
	}

	@Override
	RelayStore relay() {
		return new MongoStore(this.database.client(), this.database.name(), NAMES).relayStore(false, null);
	}

	/**
	 * Lets the check see the transactions of a manager.
	 */
	MongoStoreTransactions watch(AbstractPlatformTransactionManager manager) {
		MongoStoreTransactions transactions = new MongoStoreTransactions(this.factory);
		manager.addListener(transactions);
		return transactions;
	}

	@Override
	Set<Ability> abilities() {
		return EnumSet.noneOf(Ability.class);
	}

	MongoCollection<Document> collection(String name) {
		return this.database.database().getCollection(name);
	}

	@Override
	List<String> orders() {
		return collection("orders").find()
			.sort(Sorts.ascending("_id"))
			.map((order) -> order.getString("_id"))
			.into(new ArrayList<>());
	}

	@Override
	List<Long> statements() {
		return List.copyOf(this.inserts);
	}

	/**
	 * Returns the commands of a kind that were sent since the last {@link #clear}.
	 */
	List<BsonDocument> commands(String name) {
		return this.commands.stream().filter((command) -> command.containsKey(name)).toList();
	}

	@Override
	List<String> scheduled() {
		return collection("outbox_scheduled").find()
			.sort(Sorts.ascending("deliverAt"))
			.map((event) -> event.getString("key"))
			.into(new ArrayList<>());
	}

	@Override
	List<String> scheduledFor(Instant time) {
		return collection("outbox_scheduled").find(Filters.eq("deliverAt", Date.from(time)))
			.map((event) -> event.getString("key"))
			.into(new ArrayList<>());
	}

	@Override
	int connectionsInUse() {
		return this.connections.get();
	}

	@Override
	boolean aTransactionWaits() {
		return false;
	}

	@Override
	void clear() {
		super.clear();
		for (String name : List.of("outbox_event", "outbox_scheduled", "outbox_idempotency", "outbox_key", "orders")) {
			collection(name).deleteMany(new Document());
		}
		this.inserts.clear();
		this.commands.clear();
	}

	@Override
	public void close() {
		this.client.close();
	}

	private final class Statements implements CommandListener {

		@Override
		public void commandStarted(CommandStartedEvent event) {
			MongoWriteSide.this.commands.add(event.getCommand().clone());
			if (event.getCommandName().equals("insert")
					&& event.getCommand().getString("insert").getValue().equals("outbox_event")) {
				MongoWriteSide.this.inserts.add((long) event.getCommand().getArray("documents").size());
			}
		}

	}

	private final class Connections implements ConnectionPoolListener {

		@Override
		public void connectionCheckedOut(ConnectionCheckedOutEvent event) {
			MongoWriteSide.this.connections.incrementAndGet();
		}

		@Override
		public void connectionCheckedIn(ConnectionCheckedInEvent event) {
			MongoWriteSide.this.connections.decrementAndGet();
		}

	}

}
