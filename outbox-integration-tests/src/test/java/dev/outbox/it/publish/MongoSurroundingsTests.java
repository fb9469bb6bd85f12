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
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.outbox.OutboxException;
import dev.outbox.OutboxMessage;
import dev.outbox.fixtures.mongo.Fault;
import dev.outbox.fixtures.mongo.MongoDouble;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.listener.TraceContext;
import dev.outbox.publish.TransactionalOutboxPublisher;
import dev.outbox.store.mongo.MongoEventStore;
import dev.outbox.store.mongo.MongoSchema;
import dev.outbox.store.mongo.MongoSchemaException;
import dev.outbox.store.mongo.MongoStore;
import dev.outbox.store.mongo.MongoStoreTransactions;
import org.bson.BsonDocument;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Publishing with clients and servers that are set in other ways than most.
 */
@ExtendWith(OutputCaptureExtension.class)
class MongoSurroundingsTests {

	private static final TraceContext UNTRACED = (eventType, destination) -> Map.of();

	@RegisterExtension
	static MongoTestDatabase database = MongoTestDatabase.alone();

	@BeforeEach
	void empty() {
		database.database().drop();
	}

	/**
	 * The application's data are the tenant's, and the outbox is one: it is read in one
	 * place.
	 */
	@Test
	void eventsOfAllTenantsAreInOneOutboxWhicheverDatabaseTheFactoryHasForThem() {
		try (MongoWriteSide side = new MongoWriteSide(database, UNTRACED);
				MongoClient client = MongoClients.create(database.uri())) {
			PerTenant factory = new PerTenant(client, database.name());
			MongoTransactionManager manager = new MongoTransactionManager(factory);
			MongoStoreTransactions transactions = new MongoStoreTransactions(factory);
			manager.addListener(transactions);
			MongoEventStore store = new MongoEventStore(factory, database.name(), MongoWriteSide.NAMES,
					Duration.ofDays(7), true);
			MongoTemplate template = new MongoTemplate(factory);
			String tenants = database.name() + "_tenant";
			client.getDatabase(tenants).createCollection("orders");
			TransactionTemplate transaction = new TransactionTemplate(manager);
			factory.tenant.set(tenants);
			transaction.executeWithoutResult((status) -> {
				template.insert(new Document("_id", "o-1"), "orders");
				side.publisher(store, transactions, null).publish(message("a"));
			});
			assertThat(side.keys()).containsExactly("a");
			assertThat(client.getDatabase(tenants).listCollectionNames()).containsExactly("orders");
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> transaction.executeWithoutResult((status) -> {
					template.insert(new Document("_id", "o-2"), "orders");
					side.publisher(store, transactions, null).publish(message("b"));
					throw new IllegalStateException("rolled back");
				}));
			assertThat(side.keys()).containsExactly("a");
			assertThat(client.getDatabase(tenants).getCollection("orders").countDocuments()).isOne();
			client.getDatabase(tenants).drop();
		}
	}

	/**
	 * The driver refuses reads in a transaction from any other than the primary.
	 */
	@Test
	void anEventWithoutAKeyIsPublishedByAnApplicationThatReadsFromSecondaries() {
		try (MongoWriteSide side = new MongoWriteSide(database, UNTRACED, "&readPreference=secondaryPreferred", true)) {
			publish(side, null);
			publish(side, "a");
			assertThat(side.stored()).hasSize(2);
		}
	}

	/**
	 * A client with a time limit sends none with the write concern.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 60_000 })
	void numbersAreNotWaitedForLongerWhereTheClientHasATimeLimit(int timeout) {
		MongoDouble mongo = database.requireDouble();
		try (MongoWriteSide side = new MongoWriteSide(database, UNTRACED, "&timeoutMS=" + timeout, true)) {
			mongo.failNext("findAndModify", "outbox_sequence", Fault.writeConcernError(50));
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> publish(side, "a"))
				.withMessageContaining("no majority")
				.withMessageContaining("Nothing has been stored");
			assertThat(side.commands("findAndModify")).last()
				.satisfies((command) -> assertThat(command.getNumber("maxTimeMS").longValue()).isBetween(1L, 5000L));
			assertThat(side.stored()).isEmpty();
		}
	}

	/**
	 * Who publishes without an order, for others that deliver with one, does so for all.
	 */
	@Test
	void applicationsThatDisagreeAboutTheOrderOfKeysDoNotShareAnOutbox() {
		new MongoWriteSide(database, UNTRACED).close();
		assertThatExceptionOfType(MongoSchemaException.class)
			.isThrownBy(() -> new MongoWriteSide(database, UNTRACED, "", false))
			.withMessageContaining("key.order")
			.withMessageContaining("outbox.mongodb.key-order");
		new MongoWriteSide(database, UNTRACED).close();
	}

	@Test
	void aStartWithoutAMajoritySaysWhatItHasWaitedFor() {
		MongoDouble mongo = database.requireDouble();
		for (String command : List.of("create", "createIndexes", "update")) {
			database.database().drop();
			mongo.failNext(command, Fault.writeConcernError(64));
			assertThatExceptionOfType(MongoSchemaException.class).as(command)
				.isThrownBy(() -> new MongoWriteSide(database, UNTRACED))
				.withMessageContaining("no majority")
				.withMessageContaining("Start again");
		}
	}

	@Test
	void aStartWithoutAMajorityDoesNotWaitForLongerWhereTheClientHasATimeLimit() {
		MongoDouble mongo = database.requireDouble();
		for (String command : List.of("create", "createIndexes", "update")) {
			database.database().drop();
			mongo.failNext(command, Fault.writeConcernError(50));
			AtomicReference<BsonDocument> sent = new AtomicReference<>();
			try (MongoClient limited = MongoClients.create(MongoClientSettings.builder()
				.applyConnectionString(new ConnectionString(database.uri() + "&timeoutMS=0"))
				.addCommandListener(new CommandListener() {

					@Override
					public void commandStarted(CommandStartedEvent event) {
						if (event.getCommandName().equals(command)) {
							sent.set(event.getCommand().clone());
						}
					}

				})
				.build())) {
				MongoSchema schema = new MongoSchema(limited, database.name(), MongoWriteSide.NAMES, null);
				assertThatExceptionOfType(MongoSchemaException.class).as(command).isThrownBy(() -> {
					schema.create();
					schema.validate(64, true);
				}).withMessageContaining("no majority").withMessageContaining("Start again");
				assertThat(sent.get().getNumber("maxTimeMS").longValue()).as(command).isBetween(1L, 10_000L);
			}
		}
	}

	/**
	 * So that an instance can start while there is no majority.
	 */
	@Test
	void aStartWritesNothingWhereAllIsThere() {
		MongoDouble mongo = database.requireDouble();
		MongoSchema schema = new MongoSchema(database.client(), database.name(), MongoWriteSide.NAMES, null);
		schema.create();
		schema.validate(64, true);
		int before = mongo.executed("update") + mongo.executed("createIndexes") + mongo.executed("create");
		schema.create();
		schema.validate(64, true);
		assertThat(mongo.executed("update") + mongo.executed("createIndexes") + mongo.executed("create"))
			.isEqualTo(before);
	}

	/**
	 * Most users may not ask, and a mongos does not know.
	 */
	@Test
	void howLongATransactionLivesIsAskedForUnlessItIsSet(CapturedOutput output) {
		MongoDouble mongo = database.requireDouble();
		MongoStore store = new MongoStore(database.client(), database.name(), MongoWriteSide.NAMES);
		int asked = mongo.executed("getParameter");
		store.relayStore(false, Duration.ofMinutes(10));
		assertThat(mongo.executed("getParameter")).isEqualTo(asked);
		mongo.failNext("getParameter", Fault.error(13));
		store.relayStore(false, null);
		assertThat(output).contains("outbox.mongodb.transaction-lifetime");
	}

	private static void publish(MongoWriteSide side, @Nullable String key) {
		MongoTransactionManager manager = new MongoTransactionManager(side.factory);
		TransactionalOutboxPublisher publisher = side.publisher(side.watch(manager), null);
		new TransactionTemplate(manager).executeWithoutResult((status) -> publisher.publish(message(key)));
	}

	private static OutboxMessage message(@Nullable String key) {
		return OutboxMessage.builder().key(key).eventType("text").destination("orders").payload(new byte[1]).build();
	}

	/**
	 * The usual way of tenants by database.
	 */
	private static final class PerTenant extends SimpleMongoClientDatabaseFactory {

		private final AtomicReference<String> tenant = new AtomicReference<>();

		PerTenant(MongoClient client, String database) {
			super(client, database);
		}

		@Override
		public MongoDatabase getMongoDatabase() {
			String current = this.tenant.get();
			return (current != null) ? getMongoDatabase(current) : super.getMongoDatabase();
		}

	}

}
