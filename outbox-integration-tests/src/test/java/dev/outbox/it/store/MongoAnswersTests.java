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
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.outbox.fixtures.mongo.Fault;
import dev.outbox.fixtures.mongo.MongoDouble;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.store.ArchivePartition;
import dev.outbox.store.Claim;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.GivenUp;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.Operator;
import dev.outbox.store.PositionLostException;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import dev.outbox.store.mongo.MongoSchema;
import dev.outbox.store.mongo.MongoStore;
import dev.outbox.test.contract.Scan;
import dev.outbox.test.contract.Transaction;
import org.awaitility.core.ConditionTimeoutException;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the store makes of what MongoDB answers, and of answers that do not come.
 */
class MongoAnswersTests {

	@RegisterExtension
	static MongoTestDatabase database = MongoTestDatabase.alone();

	private MongoStoreHarness harness;

	private MongoDouble mongo;

	@BeforeEach
	void empty() {
		this.mongo = database.requireDouble();
		this.harness = new MongoStoreHarness(database);
	}

	@AfterEach
	void forget() {
		this.mongo.forgetFaults();
		this.mongo.setTransactionLifetime(Duration.ofSeconds(60));
	}

	private StoredEvent only() {
		return this.harness.scan().step(Long.MAX_VALUE, 10, Long.MAX_VALUE).events().get(0);
	}

	// Transactions of the relay

	@Test
	void aFailureIsCountedOnceThoughTheAnswerToItsCommitIsLost() {
		Claim claim = this.harness.claim("a");
		this.harness.insert("a", "1");
		this.mongo.failNext("commitTransaction", Fault.executedButDropped());
		assertThat(this.harness.relay().recordFailure(claim, only().ref(), "broken", Duration.ZERO)).isTrue();
		assertThat(only().attempts()).isOne();
	}

	@Test
	void aDeadLetterIsWrittenOnceThoughItsTransactionIsAbortedAndRepeated() {
		Claim claim = this.harness.claim("a");
		this.harness.insert("a", "1");
		this.mongo.failNext("insert", Fault.error(112));
		this.mongo.failNext("commitTransaction", Fault.error(251, MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL));
		this.mongo.failNext("commitTransaction",
				Fault.executedButError(91, MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL));
		assertThat(this.harness.relay()
			.deadLetter(claim, only().ref(), new GivenUp("broken", "0123456789abcdef", null, true, true, false)))
			.isTrue();
		assertThat(this.harness.deadLetters().list(DeadLetterFilter.all(), 0, 10)).hasSize(1);
		assertThat(this.harness.count("event")).isZero();
		assertThat(this.harness.count("blocked_key")).isOne();
	}

	/**
	 * A number that was taken for the first attempt may be below those of later events of
	 * the key by then, or not be asked for any more.
	 */
	@Test
	void aReplayThatIsRepeatedTakesAnotherNumber() {
		Claim claim = this.harness.claim("a");
		this.harness.insert("a", "1");
		assertThat(this.harness.relay()
			.deadLetter(claim, only().ref(), new GivenUp("broken", "0123456789abcdef", null, true, false, false)))
			.isTrue();
		this.mongo.failNext("commitTransaction", Fault.error(251, MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL));
		assertThat(this.harness.deadLetters()
			.replay(this.harness.deadLetters().list(DeadLetterFilter.all(), 0, 1).get(0).number(),
					new Operator("test")))
			.isTrue();
		assertThat(only().seq()).isEqualTo(3);
		assertThat(this.harness.deadLetters().list(DeadLetterFilter.all(), 0, 1)).isEmpty();
	}

	/**
	 * What is written without a majority may be gone with the primary.
	 */
	@Test
	void whatNoMajorityHasCountsAsNotWritten() {
		UUID one = UUID.randomUUID();
		this.harness.leases().join(one, "test", Set.of("test"), Duration.ofMinutes(1));
		this.mongo.failNext("update", Fault.writeConcernError(64));
		assertThatExceptionOfType(MongoException.class)
			.isThrownBy(() -> this.harness.leases().renew(one, Duration.ofMinutes(1)));
	}

	@Test
	void aPrimaryThatStepsDownIsWaitedFor() {
		this.harness.insert("a", "1");
		Scan scan = this.harness.scan();
		this.mongo.stepDown(Duration.ofMillis(300));
		assertThat(scan.drain(10)).containsExactly("1");
		this.mongo.stepDown(Duration.ofMillis(300));
		this.harness.relay().settle(List.of(only().ref()));
		assertThat(this.harness.count("event")).isZero();
	}

	@Test
	void aScanGoesOnWhereItWasAfterTheServerHasChanged() {
		Scan scan = this.harness.scan();
		try (Transaction lost = this.harness.begin().insert("a", "lost")) {
			this.harness.insert("b", "1");
			assertThat(scan.poll()).containsExactly("1");
			this.mongo.restart();
			database.database().getCollection("outbox_event").countDocuments();
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(lost::commit);
		}
		this.harness.insert("b", "2");
		assertThat(scan.poll()).containsExactly("2");
	}

	// Numbers

	/**
	 * Asking for a number costs a little with each read, for ever.
	 */
	@Test
	void numbersOfTransactionsThatCannotLiveAnyMoreAreForgotten() {
		this.mongo.setTransactionLifetime(Duration.ofSeconds(5));
		AtomicInteger arms = new AtomicInteger();
		try (MongoClient counted = MongoCollections.listening(database, (event) -> {
			if (event.getCommandName().equals("aggregate")) {
				BsonDocument match = event.getCommand().getArray("pipeline").get(0).asDocument();
				arms.set(match.getDocument("$match").getArray("$or").size());
			}
		})) {
			RelayStore store = new MongoStore(counted, database.name(), MongoStoreHarness.NAMES).relayStore(false,
					null);
			Scan scan = new Scan(store, new ReadScope("test", Set.of(DatabaseHarness.partition("b")), Set.of(), null));
			this.harness.insert("b", "1");
			this.harness.begin().insert("a", "never").close();
			this.harness.insert("b", "2");
			assertThat(scan.poll()).containsExactly("1", "2");
			assertThat(scan.poll()).isEmpty();
			assertThat(arms).hasValue(3);
			int writes = this.mongo.executed("update");
			await().untilAsserted(() -> {
				assertThat(scan.poll()).isEmpty();
				assertThat(arms).hasValue(2);
			});
			assertThat(this.mongo.executed("update")).as("a write that a majority has").isGreaterThan(writes);
			Scan later = new Scan(store, new ReadScope("test", Set.of(DatabaseHarness.partition("b")), Set.of(), null));
			assertThat(later.poll()).containsExactly("1", "2");
			assertThat(later.poll()).isEmpty();
			assertThat(arms).as("one that begins does not ask for them either").hasValue(2);
		}
	}

	/**
	 * What another primary has acknowledged is not there at once.
	 */
	@Test
	void aScanBeginsAfterTheMajorityHasAllThatWasWritten() {
		List<String> commands = Collections.synchronizedList(new ArrayList<>());
		try (MongoClient client = MongoCollections.listening(database, (event) -> commands
			.add(event.getCommandName() + ' ' + event.getCommand().get(event.getCommandName())))) {
			RelayStore store = new MongoStore(client, database.name(), MongoStoreHarness.NAMES).relayStore(false, null);
			commands.clear();
			new Scan(store, new ReadScope("test", Set.of(0), Set.of(), null)).poll();
		}
		assertThat(commands.toString()).containsSubsequence("update", "outbox_setting", "aggregate", "outbox_event");
	}

	/**
	 * The numbers seem to have begun again for a moment.
	 */
	@Test
	void numbersThatAreNotThereYetAreWaitedFor() {
		this.mongo.setTransactionLifetime(Duration.ofSeconds(1));
		this.harness.insert("b", "1", "2", "3");
		AtomicInteger waits = new AtomicInteger();
		try (MongoClient client = MongoCollections.listening(database, (event) -> {
			if (event.getCommand().toString().startsWith("{\"update\": \"outbox_setting\"")) {
				waits.incrementAndGet();
				this.harness.collection("sequence")
					.updateOne(new Document("_id", "event"), new Document("$set", new Document("value", 3L)));
			}
		})) {
			RelayStore store = new MongoStore(client, database.name(), MongoStoreHarness.NAMES).relayStore(false, null);
			Scan scan = new Scan(store, new ReadScope("test", Set.of(DatabaseHarness.partition("b")), Set.of(), null));
			assertThat(scan.poll()).hasSize(3);
			int before = waits.get();
			this.harness.restartNumbers();
			await().untilAsserted(() -> {
				assertThat(scan.poll()).isEmpty();
				assertThat(waits).hasValueGreaterThan(before);
			});
		}
	}

	@Test
	void whereTheNumbersBeginAgainTheRelayStartsOver() {
		this.mongo.setTransactionLifetime(Duration.ofSeconds(1));
		Scan scan = this.harness.scan();
		this.harness.insert("b", "1", "2", "3");
		assertThat(scan.poll()).hasSize(3);
		this.harness.clear("event");
		this.harness.restartNumbers();
		await().untilAsserted(() -> assertThatExceptionOfType(PositionLostException.class).isThrownBy(scan::poll)
			.withMessageContaining("outbox_sequence"));
	}

	@Test
	void aNumberIsNotGivenToTwoEvents() {
		this.harness.insert("a", "1");
		this.harness.restartNumbers();
		try (Transaction second = this.harness.begin()) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> second.insert("b", "2"))
				.havingCause()
				.withMessageContaining("number is there already");
		}
		assertThat(this.harness.keys()).containsExactly("a");
	}

	@Test
	void whatLocksAKeyIsForgottenAnHourAfterItsLastUse() {
		this.harness.insert("a", "1");
		this.harness.insert("b", "1");
		this.harness.collection("key")
			.updateOne(new Document("_id", "a"), new Document("$set",
					new Document("usedAt", new Date(System.currentTimeMillis() - Duration.ofMinutes(61).toMillis()))));
		this.mongo.expireNow();
		assertThat(this.harness.collection("key").find().map((key) -> key.getString("_id")).into(new ArrayList<>()))
			.containsExactly("b");
	}

	// Leases

	/**
	 * Neither the commit nor what would undo it arrives at the server, which leaves the
	 * transaction open: it holds the document of the instance.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "renew", "take", "release", "leave" })
	void whatALostAnswerHasLeftOpenIsInNobodysWay(String next) {
		for (String command : List.of("commitTransaction", "commitTransaction", "abortTransaction",
				"abortTransaction")) {
			this.mongo.failNext(command, Fault.dropped());
		}
		assertThatTheNextWriteIsExecuted(next);
	}

	@ParameterizedTest
	@ValueSource(strings = { "renew", "take", "release", "leave" })
	void whatALostStatementHasLeftOpenIsInNobodysWay(String next) {
		this.mongo.failNext("update", "outbox_partition", Fault.executedButDropped());
		this.mongo.failNext("abortTransaction", Fault.dropped());
		this.mongo.failNext("abortTransaction", Fault.dropped());
		assertThatTheNextWriteIsExecuted(next);
	}

	/**
	 * The client waits for a much shorter time than that after which the server ends the
	 * transaction by itself.
	 */
	private void assertThatTheNextWriteIsExecuted(String next) {
		UUID instance = UUID.randomUUID();
		Duration ttl = Duration.ofMinutes(1);
		try (MongoClient client = MongoClients.create(MongoClientSettings.builder()
			.applyConnectionString(new ConnectionString(database.uri()))
			.applyToSocketSettings((socket) -> socket.readTimeout(5, TimeUnit.SECONDS))
			.build())) {
			LeaseStore leases = new MongoStore(client, database.name(), MongoStoreHarness.NAMES).leaseStore(4);
			leases.join(instance, "test", Set.of("kafka"), ttl);
			assertThatExceptionOfType(MongoException.class).isThrownBy(() -> leases.take(instance, "kafka", 4));
			this.mongo.forgetFaults();
			assertThat(this.mongo.openTransactions()).isOne();
			switch (next) {
				case "renew" -> assertThat(leases.renew(instance, ttl)).isTrue();
				case "take" -> assertThat(leases.take(instance, "kafka", 4)).hasSize(4);
				case "release" -> leases.release(instance, "kafka", List.of(0, 1, 2, 3));
				default -> leases.leave(instance);
			}
			assertThat(this.mongo.openTransactions()).isZero();
		}
	}

	/**
	 * The server may have heard of the commit.
	 */
	@Test
	void partitionsThatWereTakenThoughNoAnswerCameAreOwned() {
		UUID instance = UUID.randomUUID();
		LeaseStore leases = this.harness.leases();
		leases.join(instance, "test", Set.of("kafka"), Duration.ofMinutes(1));
		this.mongo.failNext("commitTransaction", Fault.executedButDropped());
		this.mongo.failNext("commitTransaction", Fault.dropped());
		assertThatExceptionOfType(MongoException.class).isThrownBy(() -> leases.take(instance, "kafka", 4));
		assertThat(leases.renew(instance, Duration.ofMinutes(1))).isTrue();
		assertThat(leases.observe(instance).owned().get("kafka")).hasSize(4);
	}

	// The archive

	@Test
	void anEventThatWasArchivedAndNotDeletedIsInTheArchiveOnce() {
		this.harness.insert("a", "1");
		this.mongo.failNext("delete", Fault.error(13));
		assertThatExceptionOfType(MongoException.class)
			.isThrownBy(() -> this.harness.archivingRelay().settle(List.of(only().ref())));
		assertThat(this.harness.count("event")).isOne();
		this.harness.archivingRelay().settle(List.of(only().ref()));
		assertThat(this.harness.count("event")).isZero();
		assertThat(this.harness.archived()).hasSize(1);
	}

	@Test
	void theArchiveExpiresByItsIndex() {
		this.harness.insert("a", "1");
		this.harness.archivingRelay().settle(List.of(only().ref()));
		this.harness.setArchivedAt(Instant.now().minus(Duration.ofDays(8)));
		this.mongo.expireNow();
		assertThat(this.harness.archived()).hasSize(1);
		HousekeepingStore housekeeping = this.harness.housekeeping();
		housekeeping.maintainArchive(Duration.ofDays(7), ArchivePartition.NONE);
		this.mongo.expireNow();
		assertThat(this.harness.archived()).isEmpty();
	}

	/**
	 * MongoDB 5.0 cannot make an index one that lets documents expire.
	 */
	@Test
	void whereTheIndexCannotExpireTheRelayRemovesWhatHas() {
		this.harness.addKept(1, Duration.ofDays(8), false);
		this.mongo.failNext("collMod", Fault.error(72));
		HousekeepingStore housekeeping = this.harness.housekeeping();
		housekeeping.maintainArchive(Duration.ofDays(7), ArchivePartition.NONE);
		assertThat(this.mongo.pendingFaults()).isZero();
		assertThat(housekeeping.removeExpired(Kept.ARCHIVED_EVENT, Duration.ofDays(7), 10)).isOne();
	}

	@Test
	void whereNoRetentionIsSetAnyMoreTheServerRemovesNothing() {
		this.harness.insert("a", "1");
		this.harness.archivingRelay().settle(List.of(only().ref()));
		this.harness.housekeeping().maintainArchive(Duration.ofDays(7), ArchivePartition.NONE);
		this.harness.housekeeping().keepArchive();
		this.harness.setArchivedAt(Instant.now().minus(Duration.ofDays(3650)));
		this.mongo.expireNow();
		assertThat(this.harness.archived()).hasSize(1);
	}

	@Test
	void aCappedArchiveKeepsTheNewestEvents() {
		this.harness.collection("archive").drop();
		new MongoSchema(database.client(), database.name(), MongoStoreHarness.NAMES, 8192L).create();
		try {
			for (int i = 0; i < 100; i++) {
				this.harness.insert("a", "e" + i);
				this.harness.archivingRelay().settle(List.of(only().ref()));
			}
			assertThat(this.harness.archived()).extracting((event) -> event.payload())
				.contains("e99")
				.doesNotContain("e0");
			assertThat(this.harness.housekeeping().removeExpired(Kept.ARCHIVED_EVENT, Duration.ofNanos(1), 10))
				.isZero();
		}
		finally {
			this.harness.collection("archive").drop();
		}
	}

	// Waking up

	@Test
	void aCommitWakesWhoListensAlsoAfterTheStreamWasLost() {
		List<Boolean> heard = Collections.synchronizedList(new ArrayList<>());
		try (CommitSignals signals = new MongoStore(database.client(), database.name(), MongoStoreHarness.NAMES)
			.commitSignals()) {
			signals.listen(() -> heard.add(true));
			for (Runnable loss : List.<Runnable>of(() -> {
			}, this.mongo::restart, () -> this.mongo.stepDown(Duration.ofMillis(200)), this::loseHistory)) {
				loss.run();
				database.database().getCollection("outbox_event").countDocuments();
				await().until(signals::isListening);
				await().ignoreExceptionsInstanceOf(ConditionTimeoutException.class).untilAsserted(() -> {
					int before = heard.size();
					this.harness.insert("a", "1");
					await().atMost(Duration.ofSeconds(2)).until(() -> heard.size() > before);
				});
			}
		}
	}

	@Test
	void whoCannotListenAnyMoreSaysSo() {
		AtomicInteger calls = new AtomicInteger();
		try (CommitSignals signals = new MongoStore(database.client(), database.name(), MongoStoreHarness.NAMES)
			.commitSignals()) {
			signals.listen(() -> {
				calls.incrementAndGet();
				throw new NoClassDefFoundError("asked for by the test");
			});
			await().until(() -> calls.get() > 0);
			await().until(() -> !signals.isListening());
		}
		assertThat(calls).hasValue(1);
	}

	private void loseHistory() {
		this.mongo.loseHistory();
		this.mongo.restart();
	}

}
