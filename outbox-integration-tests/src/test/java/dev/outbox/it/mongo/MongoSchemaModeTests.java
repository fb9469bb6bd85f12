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

package dev.outbox.it.mongo;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.diagnostics.NoMatchingTransactionManagerException;
import dev.outbox.fixtures.mongo.MongoDouble;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.fixtures.mongo.Topology;
import dev.outbox.store.mongo.MongoSchemaException;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which servers are refused, and how the collections come into being.
 */
@ExtendWith(OutputCaptureExtension.class)
class MongoSchemaModeTests {

	private final MongoTestDatabase database = MongoTestDatabase.fresh();

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void aStandaloneServerIsRefused() {
		try (MongoDouble standalone = MongoDouble.start(Topology.STANDALONE);
				MongoClient client = MongoClients.create(standalone.uri("shop"))) {
			MongoRunner.create()
				.withUserConfiguration(MongoBeans.Manager.class)
				.withPropertyValues("spring.mongodb.uri=" + standalone.uri("shop"))
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.isInstanceOf(MongoSchemaException.class)
					.hasMessageContaining("is a standalone one, which has no transactions")
					.hasMessageContaining("The outbox was not started. Use a replica set"));
			assertThat(client.getDatabase("shop").listCollectionNames()).isEmpty();
		}
	}

	@Test
	void aShardedClusterIsNot() {
		try (MongoDouble sharded = MongoDouble.start(Topology.SHARDED)) {
			MongoRunner.create()
				.withUserConfiguration(MongoBeans.Manager.class)
				.withPropertyValues("spring.mongodb.uri=" + sharded.uri("shop"))
				.run((context) -> assertThat(context).hasNotFailed());
		}
	}

	@Test
	void collectionsAreCreatedBeforeTheFirstEvent() {
		MongoRunner.complete(this.database)
			.withPropertyValues("outbox.store.table-prefix=shop_", "outbox.mongodb.archive-max-size=4MB")
			.run((context) -> {
				assertThat(MongoRunner.collections(this.database))
					.contains("shop_event", "shop_archive", "shop_partition")
					.noneMatch((name) -> name.startsWith("outbox_"));
				Document archive = this.database.database()
					.listCollections()
					.filter(new Document("name", "shop_archive"))
					.first();
				assertThat(archive.get("options", Document.class)).containsEntry("capped", true);
			});
	}

	@Test
	void collectionsAreCreatedAlthoughBeansAreLazy() {
		ApplicationContextRunner lazy = MongoRunner.on(this.database)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));
		// What captures events is created in any case, and with it the publisher.
		lazy.withUserConfiguration(MongoBeans.Manager.class)
			.withPropertyValues("outbox.write.capture-events=false")
			.run((context) -> assertThat(MongoRunner.collections(this.database)).contains("outbox_event"));
		lazy.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.isInstanceOf(NoMatchingTransactionManagerException.class));
	}

	@Test
	void validatingCreatesNothing() {
		MongoRunner.complete(this.database)
			.withPropertyValues("outbox.schema.mode=validate")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(MongoSchemaException.class)
				.hasMessageContaining("outbox_event is missing")
				.hasMessageContaining("db.createCollection(\"outbox_event\")"));
		assertThat(MongoRunner.collections(this.database)).isEmpty();
		MongoRunner.complete(this.database)
			.withPropertyValues("outbox.schema.mode=create")
			.run((context) -> assertThat(context).hasNotFailed());
		MongoRunner.complete(this.database)
			.withPropertyValues("outbox.schema.mode=validate")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void noneIsCreatedOrCheckedWhereNoneIsWanted() {
		MongoRunner.complete(this.database).withPropertyValues("outbox.schema.mode=none").run((context) -> {
			assertThat(context).hasNotFailed();
			// What is written to comes into being: the measured backlog may be by now.
			assertThat(MongoRunner.collections(this.database)).isSubsetOf("outbox_backlog");
		});
	}

	@Test
	void flywayHasNoCollections() {
		MongoRunner.complete(this.database)
			.withPropertyValues("outbox.schema.mode=flyway")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidOutboxPropertyException.class)
				.hasMessageStartingWith("outbox.schema.mode must be auto, create, validate or none"));
	}

	@Test
	void aSizeThatTheArchiveDoesNotHaveIsNotIgnoredSilently(CapturedOutput output) {
		ApplicationContextRunner application = MongoRunner.complete(this.database);
		application.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("archive-max-size");
		application.withPropertyValues("outbox.mongodb.archive-max-size=8MB")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("outbox.mongodb.archive-max-size=8388608 is not heeded: outbox_archive is there and"
				+ " not capped, so it has no limit, and nothing was changed. Run"
				+ " db.runCommand({ convertToCapped: \"outbox_archive\", size: 8388608 })");
	}

	@Test
	void anotherSizeOfTheArchiveIsNotIgnoredSilently(CapturedOutput output) {
		ApplicationContextRunner application = MongoRunner.complete(this.database);
		for (int start = 0; start < 2; start++) {
			application.withPropertyValues("outbox.mongodb.archive-max-size=8MB")
				.run((context) -> assertThat(context).hasNotFailed());
		}
		assertThat(output).doesNotContain("archive-max-size");
		application.withPropertyValues("outbox.mongodb.archive-max-size=9MB", "outbox.schema.mode=validate")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("outbox.mongodb.archive-max-size=9437184 is not heeded: outbox_archive is there and"
				+ " capped at 8388608 bytes, and nothing was changed. Run"
				+ " db.runCommand({ collMod: \"outbox_archive\", cappedSize: 9437184 })");
	}

}
