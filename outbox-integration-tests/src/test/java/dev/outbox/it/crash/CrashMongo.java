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

package dev.outbox.it.crash;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import dev.outbox.fixtures.Backend;
import dev.outbox.fixtures.mongo.MongoDouble;
import dev.outbox.fixtures.mongo.MongoServer;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.it.crash.ChaosSchedule.Step;
import org.bson.Document;

/**
 * MongoDB: the double, in this JVM, because its data end with that, or a real server.
 */
final class CrashMongo implements CrashDatabase.Running {

	private final MongoServer server = (Backend.requested() == Backend.EMBEDDED) ? MongoDouble.start()
			: MongoServer.shared();

	private final MongoTestDatabase database = MongoTestDatabase.on(this.server);

	@Override
	public Class<?> application() {
		return MongoCrashApplication.class;
	}

	@Override
	public Map<String, Object> properties() {
		return Map.of("spring.mongodb.uri", this.database.uri());
	}

	@Override
	public void create(List<String> keys) {
		collection(MongoCrashLedger.KEYS).insertMany(
				keys.stream().map((key) -> new Document("_id", key).append(MongoCrashLedger.NUMBER, 0L)).toList());
		collection(MongoCrashLedger.COMMITS).createIndex(
				Indexes.ascending(MongoCrashLedger.NAME, MongoCrashLedger.NUMBER), new IndexOptions().unique(true));
	}

	@Override
	public void suffer(Step step) {
		if (this.server instanceof MongoDouble mongo) {
			switch (step.fault()) {
				case KILL_DATABASE -> {
					mongo.kill();
					step.await();
					mongo.startAgain();
				}
				case STEP_DOWN -> {
					mongo.stepDown();
					step.await();
					mongo.stepUp();
				}
				case LOSE_HISTORY -> mongo.loseHistory();
				default -> throw new IllegalArgumentException(step + " is no fault of MongoDB");
			}
		}
	}

	@Override
	public boolean isDrained() {
		return collection("outbox_event").countDocuments() == 0;
	}

	@Override
	public List<Committed> committed() {
		List<Committed> committed = new ArrayList<>();
		for (Document row : collection(MongoCrashLedger.COMMITS).find()) {
			committed.add(new Committed(row.getString(MongoCrashLedger.NAME), row.getLong(MongoCrashLedger.NUMBER),
					UUID.fromString(row.getString("_id"))));
		}
		return committed;
	}

	@Override
	public Set<UUID> deadLetters() {
		Set<UUID> deadLetters = new HashSet<>();
		for (Document row : collection("outbox_dead_letter").find()) {
			deadLetters.add(row.get("eventId", UUID.class));
		}
		return deadLetters;
	}

	@Override
	public String remains() {
		return "outbox_event: " + some("outbox_event") + "\noutbox_partition: " + some("outbox_partition")
				+ "\noutbox_instance: " + some("outbox_instance");
	}

	private List<Document> some(String collection) {
		return collection(collection).find()
			.projection(Projections.exclude("payload"))
			.limit(64)
			.into(new ArrayList<>());
	}

	private MongoCollection<Document> collection(String name) {
		return this.database.database().getCollection(name);
	}

	@Override
	public void close() {
		this.database.close();
		if (this.server instanceof MongoDouble mongo) {
			mongo.close();
		}
	}

}
