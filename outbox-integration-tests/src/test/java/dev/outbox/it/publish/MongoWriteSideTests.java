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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.ConcurrentHashMap;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import com.mongodb.MongoException;
import dev.outbox.OutboxException;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.TransactionRequiredException;
import dev.outbox.TransactionRequiredException.Reason;
import dev.outbox.fixtures.mongo.Fault;
import dev.outbox.fixtures.mongo.MongoDouble;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.it.publish.Events.OrderPlaced;
import dev.outbox.publish.TransactionalOutboxPublisher;
import dev.outbox.store.mongo.RepeatedTransactions;
import org.awaitility.Awaitility;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoDatabaseUtils;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.data.mongodb.SessionSynchronization;
import org.springframework.data.mongodb.core.query.Query;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The write side beside Spring Data MongoDB.
 */
class MongoWriteSideTests extends WriteSideContract {

	@RegisterExtension
	static MongoTestDatabase database = MongoTestDatabase.alone();

	private static MongoWriteSide side;

	private static MongoTransactionManager manager;

	private static TransactionalOutboxPublisher publisher;

	private static TransactionalOutboxPublisher ownPublisher;

	@BeforeAll
	static void start() {
		side = new MongoWriteSide(database, TRACED);
		manager = new MongoTransactionManager(side.factory);
		publisher = side.publisher(side.watch(manager), null);
		ownPublisher = side.publisher(side.watch(manager), manager);
	}

	@AfterAll
	static void stop() {
		side.close();
	}

	@Override
	WriteSide side() {
		return side;
	}

	@Override
	AbstractPlatformTransactionManager manager() {
		return manager;
	}

	@Override
	TransactionalOutboxPublisher publisher() {
		return publisher;
	}

	@Override
	TransactionalOutboxPublisher ownPublisher() {
		return ownPublisher;
	}

	@Override
	void saveOrder(String id) {
		side.template.insert(new Document("_id", id), "orders");
	}

	// T3

	/**
	 * Trap 10: also where a session of MongoDB is bound to the thread, which would commit
	 * after the other resource has.
	 */
	@Test
	void aTransactionOfAnotherResourceIsRefused() {
		MongoDatabaseFactory other = MongoDatabaseFactory.create(database.client(), "other");
		new TransactionTemplate(new MongoTransactionManager(other)).executeWithoutResult((status) -> {
			MongoDatabaseUtils.getDatabase(side.factory, SessionSynchronization.ALWAYS);
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> publisher.publish(new OrderPlaced("a")))
				.extracting(TransactionRequiredException::reason)
				.isEqualTo(Reason.FOREIGN);
		});
		assertThat(side.keys()).isEmpty();
	}

	/**
	 * Trap 10: also what a template has written is there only with its event.
	 */
	@Test
	void trap10TheBusinessWriteIsInTheTransactionOfItsEvent() {
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> transaction().executeWithoutResult((status) -> {
				place("o-1");
				flush();
				assertThat(side.template.count(new Query(), "orders")).isOne();
				assertThat(side.orders()).isEmpty();
				throw new IllegalStateException("business");
			}));
		assertThat(side.orders()).isEmpty();
		assertThat(side.keys()).isEmpty();
		transaction().executeWithoutResult((status) -> place("o-2"));
		assertThat(side.orders()).containsExactly("o-2");
		assertThat(side.keys()).containsExactly("o-2");
	}

	/**
	 * What the first has published comes first, because the second cannot take its number
	 * before.
	 */
	@Test
	void ofTwoTransactionsThatPublishForOneKeyTheSecondHasToBeRepeated() {
		transaction().executeWithoutResult((first) -> {
			publisher.publish(new OrderPlaced("o-1"));
			flush();
			CompletableFuture<Void> second = CompletableFuture
				.runAsync(() -> transaction().executeWithoutResult((inner) -> publisher.publish(message("o-1", "2"))));
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(second::get)
				.havingCause()
				.isInstanceOf(ConcurrencyFailureException.class)
				.withMessageContaining("Repeat the transaction")
				.matches(RepeatedTransactions::isTransient);
		});
		transaction().executeWithoutResult((status) -> publisher.publish(message("o-1", "2")));
		assertThat(side.stored()).hasSize(2);
		assertThat(new String(side.stored().get(1).payload())).isEqualTo("2");
	}

	@Test
	void transactionsForDifferentKeysDoNotDisturbEachOther() {
		transaction().executeWithoutResult((first) -> {
			publisher.publish(new OrderPlaced("o-1"));
			flush();
			CompletableFuture.runAsync(() -> publishInItsOwnTransaction("o-2")).join();
			assertThat(side.keys()).containsExactly("o-2");
		});
		assertThat(side.keys()).containsExactly("o-1", "o-2");
	}

	/**
	 * Lets the events of the running transaction be written, as before its commit.
	 */
	private static void flush() {
		TransactionSynchronizationManager.getSynchronizations()
			.forEach((synchronization) -> synchronization.beforeCommit(false));
	}

	private static OutboxMessage message(String key, String payload) {
		return OutboxMessage.builder()
			.key(key)
			.eventType("text")
			.destination("orders")
			.payload(payload.getBytes())
			.build();
	}

	/**
	 * Two nodes with several threads each, on a few keys, whose transactions have nothing
	 * in common but the keys: each draws a version when its event has been written, and
	 * before it commits. Who comes later finds the key free only after that.
	 */
	@Test
	void theNumbersOfAKeyAscendInTheOrderOfItsTransactionsWhoeverWrites() {
		Map<String, AtomicInteger> versions = new ConcurrentHashMap<>();
		Map<UUID, Integer> drawn = new ConcurrentHashMap<>();
		try (MongoWriteSide otherNode = new MongoWriteSide(database, TRACED)) {
			List<CompletableFuture<Void>> writers = new ArrayList<>();
			for (MongoWriteSide node : List.of(side, otherNode)) {
				MongoTransactionManager own = new MongoTransactionManager(node.factory);
				TransactionalOutboxPublisher nodes = node.publisher(node.watch(own), null);
				// Six writers of three keys are in each other's way more often than they
				// are patient.
				RepeatedTransactions repeated = new RepeatedTransactions(
						new RepeatedTransactions(new TransactionTemplate(own)));
				for (int writer = 0; writer < 3; writer++) {
					writers.add(CompletableFuture.runAsync(() -> IntStream.range(0, 40)
						.mapToObj((i) -> "k-" + i % 3)
						.forEach((key) -> repeated.execute((status) -> {
							UUID id = nodes.publish(message(key, "any"));
							flush();
							int version = versions.computeIfAbsent(key, (name) -> new AtomicInteger())
								.incrementAndGet();
							return drawn.put(id, version);
						}))));
				}
			}
			writers.forEach(CompletableFuture::join);
		}
		Map<String, List<Integer>> stored = side.stored()
			.stream()
			.collect(Collectors.groupingBy((event) -> Objects.requireNonNull(event.key()),
					Collectors.mapping((event) -> drawn.get(event.id()), Collectors.toList())));
		assertThat(stored.values().stream().mapToInt(List::size).sum()).isEqualTo(240);
		assertThat(stored).hasSize(3).allSatisfy((key, inOrder) -> assertThat(inOrder).isSorted());
	}

	private void publishInItsOwnTransaction(String key) {
		transaction().executeWithoutResult((status) -> publisher.publish(new OrderPlaced(key)));
	}

	@Test
	void anEventWaitsOnlyOnce() {
		OutboxMessage once = OutboxMessage.builder().id(UUID.randomUUID()).payload(new OrderPlaced("a")).build();
		transaction().executeWithoutResult((status) -> publisher.publish(once));
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> transaction().executeWithoutResult((status) -> {
				saveOrder("o-1");
				publisher.publish(once);
			}))
			.withMessageContaining(once.id().toString())
			.withMessageContaining("is there already");
		assertThat(side.keys()).containsExactly("a");
		assertThat(side.orders()).isEmpty();
	}

	// What the server answers

	@Test
	void anEventThatCannotTakeANumberStoresNothing() {
		MongoDouble mongo = database.requireDouble();
		mongo.failNext("findAndModify", Fault.error(13));
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> transaction().executeWithoutResult((status) -> place("o-1")));
		assertThat(side.keys()).isEmpty();
		assertThat(side.orders()).isEmpty();
	}

	/**
	 * The driver asks once more what has become of the commit.
	 */
	@Test
	void aCommitWhoseAnswerIsLostStoresItsEventOnce() {
		MongoDouble mongo = database.requireDouble();
		mongo.failNext("commitTransaction", Fault.executedButDropped());
		transaction().executeWithoutResult((status) -> place("o-1"));
		assertThat(side.keys()).containsExactly("o-1");
		assertThat(side.orders()).containsExactly("o-1");
	}

	@Test
	void aCommitOfUnknownOutcomeIsNotRepeatedByTheOutbox() {
		MongoDouble mongo = database.requireDouble();
		mongo.failNext("commitTransaction", Fault.executedButDropped());
		mongo.failNext("commitTransaction", Fault.dropped());
		RepeatedTransactions repeated = new RepeatedTransactions(transaction());
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> repeated.execute((status) -> publisher.publish(new OrderPlaced("a"))))
			.havingRootCause()
			.isInstanceOfSatisfying(MongoException.class,
					(ex) -> assertThat(ex.hasErrorLabel(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL))
						.isTrue());
		assertThat(side.stored()).extracting(OutboxRecord::key).containsExactly("a");
	}

	@Test
	void aTransactionThatTheServerAbortsIsRepeatedWithAllItsEvents() {
		MongoDouble mongo = database.requireDouble();
		mongo.failNext("insert", Fault.error(112));
		mongo.failNext("commitTransaction", Fault.error(251, MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL));
		RepeatedTransactions repeated = new RepeatedTransactions(transaction());
		repeated.execute((status) -> {
			saveOrder("o-1");
			return publisher.publish(new OrderPlaced("o-1"));
		});
		assertThat(side.keys()).containsExactly("o-1");
		assertThat(side.orders()).containsExactly("o-1");
	}

	/**
	 * The key would be claimed for an event that is not there.
	 */
	@Test
	void aClaimWhoseAnswerIsLostIsNotCommitted() {
		MongoDouble mongo = database.requireDouble();
		OutboxMessage claimed = OutboxMessage.builder().idempotencyKey("once").payload(new OrderPlaced("a")).build();
		mongo.failNext("findAndModify", "outbox_idempotency", Fault.executedButDropped());
		assertThatExceptionOfType(OutboxException.class).isThrownBy(
				() -> transaction().executeWithoutResult((status) -> assertThatExceptionOfType(RuntimeException.class)
					.isThrownBy(() -> publisher.publish(claimed))))
			.withMessageContaining("Cannot commit");
		assertThat(side.collection("outbox_idempotency").countDocuments()).isZero();
		transaction().executeWithoutResult((status) -> publisher.publish(claimed));
		assertThat(side.keys()).containsExactly("a");
	}

	// Numbers

	@Test
	void numbersThatNoMajorityAcknowledgesAreWaitedForSomeSecondsOnly() {
		MongoDouble mongo = database.requireDouble();
		mongo.failNext("findAndModify", "outbox_sequence", Fault.writeConcernError(64));
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> transaction().executeWithoutResult((status) -> place("o-1")))
			.withMessageContaining("no majority")
			.withMessageContaining("within 5000 ms")
			.withMessageContaining("Nothing has been stored");
		assertThat(side.keys()).isEmpty();
		assertThat(side.orders()).isEmpty();
		assertThat(side.commands("findAndModify")).last()
			.extracting((command) -> command.getDocument("writeConcern").getNumber("wtimeout").intValue())
			.isEqualTo(5000);
	}

	/**
	 * The driver asks once more, and then gives up: what passes is worth another
	 * transaction.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 91, 10107 })
	void aTransactionThatGetsNoNumbersForTheTimeBeingIsRepeated(int code) {
		MongoDouble mongo = database.requireDouble();
		for (int time = 0; time < 2; time++) {
			mongo.failNext("findAndModify", "outbox_sequence", (code != 0) ? Fault.error(code) : Fault.dropped());
		}
		new RepeatedTransactions(transaction()).execute((status) -> {
			saveOrder("o-1");
			return publisher.publish(new OrderPlaced("o-1"));
		});
		assertThat(mongo.pendingFaults()).isZero();
		assertThat(side.keys()).containsExactly("o-1");
		assertThat(side.orders()).containsExactly("o-1");
	}

	/**
	 * The server ends it in time only if it knows it.
	 */
	@Test
	void aTransactionHasBegunBeforeItTakesNumbersAlsoWithoutKeys() {
		MongoDouble mongo = database.requireDouble();
		CountDownLatch release = new CountDownLatch(1);
		mongo.failNext("findAndModify", "outbox_sequence", Fault.delayed(release));
		CompletableFuture<Void> publishing = CompletableFuture
			.runAsync(() -> transaction().executeWithoutResult((status) -> publisher.publish(
					OutboxMessage.builder().eventType("text").destination("orders").payload(new byte[1]).build())));
		try {
			Awaitility.await().until(() -> mongo.pendingFaults() == 0);
			assertThat(mongo.openTransactions()).isOne();
		}
		finally {
			release.countDown();
		}
		publishing.join();
		assertThat(side.stored()).hasSize(1);
	}

}
