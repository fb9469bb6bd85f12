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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Updates;
import dev.outbox.fixtures.mongo.MongoDouble;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.fixtures.mongo.Topology;
import dev.outbox.store.mongo.CollectionNames;
import dev.outbox.store.mongo.MongoSchema;
import dev.outbox.store.mongo.MongoSchemaException;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Creating and checking the collections of MongoDB.
 */
class MongoSchemaTests {

	@RegisterExtension
	static MongoTestDatabase database = MongoTestDatabase.fresh();

	@BeforeEach
	void drop() {
		database.database().drop();
	}

	private static MongoSchema schema() {
		return new MongoSchema(database.client(), database.name(), new CollectionNames("outbox_"), null);
	}

	@Test
	void instancesThatStartAtTheSameTimeCreateItOnce() {
		List<CompletableFuture<Void>> instances = Stream.generate(() -> CompletableFuture.runAsync(() -> {
			MongoSchema schema = schema();
			schema.create();
			schema.validate(64, true);
		})).limit(5).toList();
		instances.forEach(CompletableFuture::join);
		assertThat(database.database().listCollectionNames().into(new ArrayList<>())).hasSize(15)
			.doesNotHaveDuplicates()
			.allMatch((name) -> name.startsWith("outbox_"));
	}

	@Test
	void withoutCollectionsTheStartIsRefusedWithWhatCreatesThem() {
		assertThatExceptionOfType(MongoSchemaException.class).isThrownBy(() -> schema().validate(64, true))
			.withMessageContaining("outbox_event is missing")
			.withMessageContaining("The outbox was not started")
			.withMessageContaining("outbox.schema.mode=create")
			.withMessageContaining("db.createCollection(\"outbox_event\")")
			.withMessageContaining("db.outbox_event.createIndex({\"key\": 1, \"seq\": 1}");
		assertThat(database.database().listCollectionNames().into(new ArrayList<>())).isEmpty();
	}

	@Test
	void anIndexThatIsMissingOrOtherIsNamed() {
		schema().create();
		database.database().getCollection("outbox_event").dropIndex("outbox_key_seq");
		database.database().getCollection("outbox_key").dropIndex("outbox_used");
		database.database()
			.getCollection("outbox_key")
			.createIndex(new Document("usedAt", 1), new IndexOptions().name("outbox_used"));
		assertThatExceptionOfType(MongoSchemaException.class).isThrownBy(() -> schema().validate(64, true))
			.withMessageContaining("index outbox_key_seq of outbox_event is missing")
			.withMessageContaining("index outbox_used of outbox_key lets nothing expire");
		assertThat(database.database()
			.getCollection("outbox_event")
			.listIndexes()
			.map((index) -> index.getString("name"))
			.into(new ArrayList<>())).doesNotContain("outbox_key_seq");
	}

	/**
	 * The server would not make the index another one.
	 */
	@Test
	void anIndexThatIsOtherIsLeftToTheCheckByWhoCreates() {
		schema().create();
		MongoCollection<Document> events = database.database().getCollection("outbox_event");
		events.dropIndex("outbox_seq");
		events.createIndex(new Document("seq", 1), new IndexOptions().name("outbox_seq"));
		events.dropIndex("outbox_key_seq");
		events.createIndex(new Document("key", 1).append("seq", 1), new IndexOptions().name("mine"));
		schema().create();
		assertThatExceptionOfType(MongoSchemaException.class).isThrownBy(() -> schema().validate(64, true))
			.withMessageContaining("index outbox_seq of outbox_event is not unique")
			.withMessageContaining("index outbox_key_seq of outbox_event is missing");
	}

	@Test
	void theNumberOfPartitionsIsFixedAtTheFirstStart() {
		schema().create();
		schema().validate(64, true);
		schema().validate(64, true);
		assertThatExceptionOfType(MongoSchemaException.class).isThrownBy(() -> schema().validate(32, true))
			.withMessageContaining("partitions=64, not 32")
			.withMessageContaining("outbox.relay.partitions");
	}

	@Test
	void documentsOfAnotherReleaseAreRefused() {
		schema().create();
		schema().validate(64, true);
		database.database()
			.getCollection("outbox_setting")
			.updateOne(Filters.eq("_id", "schema.version"), Updates.set("value", 2L));
		assertThatExceptionOfType(MongoSchemaException.class).isThrownBy(() -> schema().validate(64, true))
			.withMessageContaining("schema.version=2, not 1");
	}

	@Test
	void theCommandsForTheShellCreateTheSame() {
		MongoSchema capped = new MongoSchema(database.client(), database.name(), new CollectionNames("shop_"), 4096L);
		assertThat(capped.script()).contains("db.createCollection(\"shop_archive\", { capped: true, size: 4096 })")
			.contains("db.shop_event.createIndex({\"seq\": 1}, {\"name\": \"shop_seq\", \"unique\": true})");
	}

	/**
	 * It has no transactions.
	 */
	@Test
	void aStandaloneServerIsRefusedWithTheRemedy() {
		try (MongoDouble standalone = MongoDouble.start(Topology.STANDALONE);
				MongoClient client = MongoClients.create(standalone.uri())) {
			MongoSchema schema = new MongoSchema(client, "shop", new CollectionNames("outbox_"), null);
			assertThatExceptionOfType(MongoSchemaException.class).isThrownBy(() -> schema.validateServer())
				.withMessageContaining("standalone")
				.withMessageContaining("rs.initiate()")
				.withMessageContaining("The outbox was not started");
		}
	}

	@Test
	void whatBehavesLikeARouterIsAccepted() {
		try (MongoDouble router = MongoDouble.start(Topology.SHARDED);
				MongoClient client = MongoClients.create(router.uri())) {
			new MongoSchema(client, "shop", new CollectionNames("outbox_"), null).validateServer();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a$", "a.b", "system_", "x; drop", "9a" })
	void aPrefixThatIsNoIdentifierIsRefused(String prefix) {
		assertThatIllegalArgumentException().isThrownBy(() -> new CollectionNames(prefix))
			.withMessageContaining("outbox.store.table-prefix");
	}

	/**
	 * To see all of them is a right that a user of a few collections does not have.
	 */
	@Test
	void onlyCollectionsThatTheUserMayUseAreAskedFor() {
		List<BsonDocument> asked = new CopyOnWriteArrayList<>();
		try (MongoClient client = MongoCollections.listening(database, (event) -> {
			if (event.getCommandName().equals("listCollections")) {
				asked.add(event.getCommand().clone());
			}
		})) {
			MongoSchema schema = new MongoSchema(client, database.name(), new CollectionNames("outbox_"), null);
			schema.create();
			schema.validate(64, true);
		}
		assertThat(asked).isNotEmpty()
			.allMatch((command) -> isTrue(command, "nameOnly"))
			.allMatch((command) -> isTrue(command, "authorizedCollections"));
	}

	private static boolean isTrue(BsonDocument command, String option) {
		return command.getBoolean(option, BsonBoolean.FALSE).getValue();
	}

}
