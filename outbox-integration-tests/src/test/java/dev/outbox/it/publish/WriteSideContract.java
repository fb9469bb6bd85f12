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
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.outbox.EventSerializationException;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.TransactionRequiredException;
import dev.outbox.TransactionRequiredException.Reason;
import dev.outbox.it.publish.Events.OrderPlaced;
import dev.outbox.it.publish.Events.Unserializable;
import dev.outbox.it.store.Ability;
import dev.outbox.publish.OutboxTemplate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What the write side promises, whatever writes the business rows.
 */
abstract class WriteSideContract extends MessageContract {

	// W1

	@Test
	void theOrderAndItsEventAreStoredTogetherOrNotAtAll() {
		transaction().executeWithoutResult((status) -> place("o-1"));
		assertThatIllegalStateException().isThrownBy(() -> transaction().executeWithoutResult((status) -> {
			place("o-2");
			throw new IllegalStateException("business");
		}));
		assertThat(side().orders()).containsExactly("o-1");
		assertThat(side().keys()).containsExactly("o-1");
	}

	@Test
	void theOrdersRowIsWrittenBeforeItsEventTakesANumber() {
		transaction().executeWithoutResult((status) -> {
			publisher().publish(new OrderPlaced("o-1"));
			saveOrder("o-1");
		});
		assertThat(side().keys()).containsExactly("o-1");
	}

	@Test
	void allEventsOfATransactionAreWrittenByOneStatement() {
		transaction().executeWithoutResult((status) -> IntStream.range(0, 5).forEach((i) -> place("o-" + i)));
		assertThat(side().statements()).containsExactly(5L);
		assertThat(side().keys()).containsExactly("o-0", "o-1", "o-2", "o-3", "o-4");
	}

	// W2

	@Test
	void outsideATransactionNothingIsStoredUnlessTheOutboxOpensOne() {
		assertThatExceptionOfType(TransactionRequiredException.class)
			.isThrownBy(() -> publisher().publish(new OrderPlaced("a")))
			.withMessageContaining("outbox.write.require-transaction")
			.extracting(TransactionRequiredException::reason)
			.isEqualTo(Reason.NONE);
		assertThat(side().keys()).isEmpty();
		ownPublisher().publish(new OrderPlaced("b"));
		assertThat(side().keys()).containsExactly("b");
	}

	@Test
	void aReadOnlyTransactionIsRefused() {
		TransactionTemplate readOnly = transaction();
		readOnly.setReadOnly(true);
		assertThatExceptionOfType(TransactionRequiredException.class)
			.isThrownBy(() -> readOnly.executeWithoutResult((status) -> publisher().publish(new OrderPlaced("a"))))
			.extracting(TransactionRequiredException::reason)
			.isEqualTo(Reason.READ_ONLY);
	}

	// W3, trap 11

	@Test
	void aThousandCallbacksThatThrowLeakNoConnection() {
		OutboxTemplate template = side().template(publisher(), transaction());
		for (int i = 0; i < 1000; i++) {
			String id = "o-" + i;
			assertThatIllegalStateException().isThrownBy(() -> template.execute((tx) -> {
				saveOrder(id);
				tx.publish(new OrderPlaced(id));
				throw new IllegalStateException("business");
			}));
		}
		assertThat(side().connectionsInUse()).isZero();
		template.execute((tx) -> {
			saveOrder("o-last");
			return new OrderPlaced("o-last");
		});
		assertThat(side().keys()).containsExactly("o-last");
		assertThat(side().orders()).containsExactly("o-last");
	}

	// W4

	@Test
	void aThousandEventsOfAOneShotIterableAreAThousandRowsInTheirOrder() {
		List<OrderPlaced> events = IntStream.range(0, 1000).mapToObj((i) -> new OrderPlaced("k-" + i)).toList();
		Iterable<OrderPlaced> once = onlyOnce(events);
		List<UUID> ids = new ArrayList<>();
		transaction().executeWithoutResult((status) -> ids.addAll(publisher().publishAll(once)));
		assertThat(side().stored()).extracting(OutboxRecord::id).isEqualTo(ids);
		assertThat(side().keys()).isEqualTo(events.stream().map(OrderPlaced::orderId).toList());
		assertThat(side().statements()).containsExactly(1000L);
	}

	@Test
	void aFailureAtTheFiveHundredthEventStoresNone() {
		List<Object> events = new ArrayList<>();
		IntStream.range(0, 500).forEach((i) -> events.add(new OrderPlaced("k-" + i)));
		events.add(new Unserializable());
		transaction().executeWithoutResult((status) -> assertThatExceptionOfType(EventSerializationException.class)
			.isThrownBy(() -> publisher().publishAll(events)));
		assertThat(side().keys()).isEmpty();
	}

	// W10

	@Test
	void listenersAreToldAfterTheCommitWhenOthersSeeTheRow() {
		transaction().executeWithoutResult((status) -> {
			place("o-1");
			assertThat(side().told).isEmpty();
		});
		assertThat(side().told).extracting(OutboxRecord::key).containsExactly("o-1");
	}

	// W13

	@Test
	void anEventForLaterWaitsInATableOfItsOwn() {
		Instant due = Instant.parse("2100-01-01T00:00:00Z");
		transaction().executeWithoutResult((status) -> {
			publisher().publish(OutboxMessage.builder().payload(new OrderPlaced("later")).deliverAt(due).build());
			publisher().publish(new OrderPlaced("now"));
			publisher().publish(
					OutboxMessage.builder().payload(new OrderPlaced("soon")).deliverAfter(Duration.ofHours(1)).build());
		});
		assertThat(side().keys()).containsExactly("now");
		assertThat(side().scheduled()).containsExactly("soon", "later");
		assertThat(side().scheduledFor(due)).containsExactly("later");
	}

	@Test
	void anIdempotencyKeyStoresOneEventAndReturnsItsId() {
		UUID first = transaction().execute((status) -> publisher().publish(once("a")));
		UUID second = transaction().execute((status) -> publisher().publish(once("b")));
		transaction().executeWithoutResult((status) -> {
			publisher().publish(new OrderPlaced("c"));
			publisher().publish(new OrderPlaced("c"));
		});
		assertThat(second).isEqualTo(first);
		assertThat(side().keys()).containsExactly("a", "c", "c");
	}

	@Test
	void anIdempotencyKeyIsFreeAfterARollback() {
		transaction().executeWithoutResult((status) -> {
			publisher().publish(once("a"));
			status.setRollbackOnly();
		});
		transaction().executeWithoutResult((status) -> publisher().publish(once("b")));
		assertThat(side().keys()).containsExactly("b");
	}

	@Test
	void twoConcurrentTransactionsWithTheSameIdempotencyKeyStoreOneEvent() throws Exception {
		Ability.WAITING_CLAIMS.assumeIn(side().abilities());
		CountDownLatch claimed = new CountDownLatch(1);
		CountDownLatch commit = new CountDownLatch(1);
		CompletableFuture<UUID> first = CompletableFuture.supplyAsync(() -> transaction().execute((status) -> {
			UUID id = publisher().publish(once("a"));
			claimed.countDown();
			await(commit);
			return id;
		}));
		await(claimed);
		CompletableFuture<UUID> second = CompletableFuture
			.supplyAsync(() -> transaction().execute((status) -> publisher().publish(once("b"))));
		Awaitility.await().until(side()::aTransactionWaits);
		commit.countDown();
		assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo(first.get(60, TimeUnit.SECONDS));
		assertThat(side().keys()).containsExactly("a");
	}

	// T1, T2

	@Test
	void aNamedTransactionStoresItsEventsInTheOrderOfTheCallsOrNone() {
		OutboxTemplate template = side().template(publisher(), transaction());
		template.inTransaction("tx-001", (tx) -> {
			tx.publish(new OrderPlaced("a"));
			tx.publish(new OrderPlaced("b"));
			assertThat(side().keys()).isEmpty();
			return tx.publish(new OrderPlaced("c"));
		});
		assertThatIllegalStateException().isThrownBy(() -> template.inTransaction("tx-002", (tx) -> {
			tx.publish(new OrderPlaced("d"));
			tx.publish(new OrderPlaced("e"));
			throw new IllegalStateException("third");
		}));
		assertThat(side().keys()).containsExactly("a", "b", "c");
		assertThat(side().stored()).allSatisfy((event) -> assertThat(event.headers()).containsEntry("tx_id", "tx-001"));
	}

	@Test
	void aSingleEventIsPublishedInATransactionOfItsOwnOrTheCallers() {
		OutboxTemplate template = side().template(publisher(), transaction());
		UUID id = template.publishTransactional(new OrderPlaced("a"));
		transaction().executeWithoutResult((status) -> {
			template.publishTransactional(new OrderPlaced("b"));
			status.setRollbackOnly();
		});
		assertThat(side().stored()).extracting(OutboxRecord::id).containsExactly(id);
	}

	@Test
	void aTransactionOfItsOwnOutlivesTheRollbackOfTheOuterOne() {
		transaction().executeWithoutResult((status) -> {
			place("o-1");
			requiresNew().executeWithoutResult((inner) -> place("o-2"));
			status.setRollbackOnly();
		});
		requiresNew().executeWithoutResult((status) -> {
			place("o-3");
			requiresNew().executeWithoutResult((inner) -> {
				place("o-4");
				inner.setRollbackOnly();
			});
		});
		assertThat(side().keys()).containsExactly("o-2", "o-3");
		assertThat(side().orders()).containsExactly("o-2", "o-3");
	}

	// Rule 20 of the engine

	@Test
	void publishingAfterTheCommitThrowsAndNamesTheRemedy() {
		List<Throwable> thrown = new ArrayList<>();
		transaction().executeWithoutResult((status) -> {
			saveOrder("o-1");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					publisher().publish(new OrderPlaced("o-1"));
				}

				@Override
				public void beforeCompletion() {
					publisher().publish(new OrderPlaced("o-1"));
				}

				@Override
				public void afterCommit() {
					late();
					requiresNew().executeWithoutResult((inner) -> publisher().publish(new OrderPlaced("new")));
				}

				@Override
				public void afterCompletion(int completion) {
					late();
				}

				private void late() {
					try {
						publisher().publish(new OrderPlaced("late"));
					}
					catch (TransactionRequiredException ex) {
						thrown.add(ex);
					}
				}

			});
		});
		assertThat(thrown).hasSize(2).allSatisfy((ex) -> assertThat(ex).hasMessageContaining("REQUIRES_NEW"));
		assertThat(side().keys()).containsExactly("o-1", "o-1", "new");
	}

	@Test
	void theFirstEventMayComeFromTheVeryEndOfATransaction() {
		transaction().executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						assertThatExceptionOfType(TransactionRequiredException.class)
							.isThrownBy(() -> publisher().publish(new OrderPlaced("late")))
							.extracting(TransactionRequiredException::reason)
							.isEqualTo(Reason.ENDED);
					}

				}));
		assertThat(side().keys()).isEmpty();
	}

	private static <T> Iterable<T> onlyOnce(List<T> elements) {
		Iterator<T> iterator = elements.iterator();
		return () -> iterator;
	}

	private static OutboxMessage once(String key) {
		return OutboxMessage.builder().payload(new OrderPlaced(key)).idempotencyKey("once").build();
	}

	static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
