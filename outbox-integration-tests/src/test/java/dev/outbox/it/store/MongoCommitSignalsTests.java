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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.outbox.fixtures.mongo.Fault;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.mongo.MongoStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of the change stream that tells of commits.
 */
class MongoCommitSignalsTests {

	@RegisterExtension
	static MongoTestDatabase database = MongoTestDatabase.alone();

	private final AtomicInteger heard = new AtomicInteger();

	private MongoStoreHarness harness;

	@BeforeEach
	void empty() {
		this.harness = new MongoStoreHarness(database);
	}

	private CommitSignals listen(MongoClient client) {
		CommitSignals signals = new MongoStore(client, database.name(), MongoStoreHarness.NAMES).commitSignals();
		signals.listen(this.heard::incrementAndGet);
		return signals;
	}

	/**
	 * As tests of applications do between one another, and who restores a backup.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aCommitWakesWhoListensAlsoAfterTheCollectionWasDropped(boolean withItsDatabase) {
		try (CommitSignals signals = listen(database.client())) {
			await().until(signals::isListening);
			await().until(() -> this.heard.get() == 1);
			if (withItsDatabase) {
				database.database().drop();
			}
			else {
				this.harness.collection("event").drop();
			}
			// Whoever listens again looks for itself first.
			await().until(() -> this.heard.get() == 2);
			await().until(signals::isListening);
			this.harness = new MongoStoreHarness(database);
			this.harness.insert("a", "1");
			await().until(() -> this.heard.get() > 2);
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void whatFailsAgainAndAgainIsWarnedOfOnceForEachCause(CapturedOutput output) {
		for (int code : new int[] { 13, 13, 2, 2 }) {
			database.requireDouble().failNext("$changeStream", Fault.error(code));
		}
		try (CommitSignals signals = listen(database.client())) {
			await().until(signals::isListening);
		}
		assertThat(database.requireDouble().pendingFaults()).isZero();
		assertThat(output.getOut().lines().filter((line) -> line.contains("The change stream of outbox_event")))
			.hasSize(2)
			.allMatch((line) -> line.contains("WARN"))
			.first()
			.asString()
			.contains("changeStream on this collection", "outbox.relay.datasource.listen=false");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 3_000, 5_000 })
	void whoseOperationsHaveToEndInTimeListensToo(int timeout) {
		try (MongoClient client = MongoClients.create(MongoClientSettings.builder()
			.applyConnectionString(new ConnectionString(database.uri()))
			.timeout(timeout, TimeUnit.MILLISECONDS)
			.build()); CommitSignals signals = listen(client)) {
			await().until(signals::isListening);
			await().until(() -> this.heard.get() == 1);
			this.harness.insert("a", "1");
			await().until(() -> this.heard.get() == 2);
		}
	}

}
