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

package dev.outbox.benchmark;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import dev.outbox.OutboxRecord;
import dev.outbox.Destination;
import dev.outbox.fixtures.mongo.MongoServer;
import dev.outbox.publish.IdGenerator;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Partitions;
import dev.outbox.store.mongo.CollectionNames;
import dev.outbox.store.mongo.MongoEventStore;
import dev.outbox.store.mongo.MongoSchema;
import dev.outbox.store.mongo.MongoStore;
import dev.outbox.store.mongo.MongoStoreTransactions;
import org.bson.Document;

import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoDatabaseUtils;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The collections of the outbox in a database of their own, filled by the store itself:
 * its numbers and the documents of its keys belong to what waits.
 */
final class MongoCollections implements MeasuredOutbox {

	private static final CollectionNames NAMES = new CollectionNames("outbox_");

	private static final String ORDERS = "business_order";

	private static final int EVENTS_PER_TRANSACTION = 1_000;

	private final ConnectionString address;

	private final String name;

	private final MongoClient client;

	MongoCollections(MongoServer server, String name) {
		this.address = new ConnectionString(server.uri(name));
		this.name = name;
		this.client = connect(1);
		new MongoSchema(this.client, name, NAMES, null).create();
		database().createCollection(ORDERS);
	}

	private MongoClient connect(int connections) {
		return MongoClients.create(MongoClientSettings.builder()
			.applyConnectionString(this.address)
			.applyToConnectionPoolSettings((pool) -> pool.maxSize(connections).maxWaitTime(10, TimeUnit.SECONDS))
			.build());
	}

	private MongoDatabase database() {
		return this.client.getDatabase(this.name);
	}

	@Override
	public void fill(Backlog backlog) {
		database().getCollection("outbox_event").deleteMany(new Document());
		database().getCollection(ORDERS).deleteMany(new Document());
		Partitions partitions = new Partitions(RelaySide.PARTITIONS);
		IdGenerator ids = IdGenerator.uuidV7();
		Map<String, Object> headers = headers(backlog);
		try (ApplicationSide application = applicationSide(1)) {
			for (long from = 0; from < backlog.events(); from += EVENTS_PER_TRANSACTION) {
				List<NewEvent> events = new ArrayList<>();
				for (long i = from; i < Math.min(backlog.events(), from + EVENTS_PER_TRANSACTION); i++) {
					String key = "key-" + i % backlog.keys();
					OutboxRecord event = new OutboxRecord(ids.next(), key, "order", key, "order.placed", 1,
							new Destination(backlog.transport(), backlog.topic()), Map.of(), "application/json",
							headers, new byte[backlog.payloadBytes()], Clock.systemUTC().instant());
					events.add(new NewEvent(event, partitions.partitionOf(key, event.id()), null));
				}
				application.transactions().executeWithoutResult((transaction) -> application.events().append(events));
			}
		}
	}

	private static Map<String, Object> headers(Backlog backlog) {
		return (backlog.headers() != null) ? DrainBenchmark.defaultHeaders() : Map.of();
	}

	@Override
	public RelaySide relaySide(boolean archive) {
		MongoClient work = connect(3);
		MongoClient heartbeat = connect(1);
		MongoStore store = new MongoStore(work, this.name, NAMES);
		return new RelaySide(store.relayStore(archive, null),
				new MongoStore(heartbeat, this.name, NAMES).leaseStore(RelaySide.PARTITIONS), store.commitSignals(),
				() -> {
					heartbeat.close();
					work.close();
				});
	}

	@Override
	public ApplicationSide applicationSide(int connections) {
		MongoClient own = connect(connections);
		MongoDatabaseFactory factory = MongoDatabaseFactory.create(own, this.name);
		MongoStoreTransactions storeTransactions = new MongoStoreTransactions(factory);
		MongoTransactionManager manager = new MongoTransactionManager(factory);
		manager.addListener(storeTransactions);
		return new ApplicationSide(new TransactionTemplate(manager),
				new MongoEventStore(factory, this.name, NAMES, Duration.ofDays(7), true), storeTransactions,
				(id) -> MongoDatabaseUtils.getDatabase(factory)
					.getCollection(ORDERS)
					.insertOne(new Document("_id", id).append("customer", "customer-" + id % 1000)
						.append("total", id % 100)
						.append("note", "an order of the benchmark")),
				own::close);
	}

	@Override
	public void close() {
		database().drop();
		this.client.close();
	}

}
