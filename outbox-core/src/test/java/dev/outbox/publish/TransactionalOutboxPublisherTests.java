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

package dev.outbox.publish;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import dev.outbox.InvalidMessageException;
import dev.outbox.OutboxMessage;
import dev.outbox.PublisherClosedException;
import dev.outbox.TransactionRequiredException;
import dev.outbox.TransactionRequiredException.Reason;
import dev.outbox.UnknownEventTypeException;
import dev.outbox.publish.TestEvents.OrderPlaced;
import dev.outbox.store.StoreTransactions.State;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TransactionalOutboxPublisherTests extends PublisherHarness {

	@Test
	void allEventsOfATransactionAreWrittenByOneStatementAfterTheFlushAndJustBeforeTheCommit() {
		this.transaction.executeWithoutResult((status) -> {
			publish("a");
			publish("b");
			this.publisher.publishAll(List.of(new OrderPlaced("c"), new OrderPlaced("d")));
			assertThat(this.database.log).isEmpty();
		});
		assertThat(this.database.log.subList(0, 2)).containsExactly("flush", "append 4");
		assertThat(this.database.log).endsWith("commit").doesNotContain("append 0", "rollback");
		assertThat(stored()).isEqualTo("a b c d");
		assertThat(this.told).containsExactly("wake a b c d", "stored a b c d");
	}

	@Test
	void aTransactionWithoutEventsIsLeftAlone() {
		this.transaction.executeWithoutResult((status) -> {
		});
		assertThat(this.database.log).containsExactly("commit");
		assertThat(this.told).isEmpty();
	}

	@Test
	void nothingIsStoredOrToldAfterARollback() {
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			publish("a");
			throw new IllegalStateException("business");
		}));
		assertThat(this.database.log).containsExactly("rollback");
		assertThat(this.told).isEmpty();
	}

	@Test
	void aFailedInsertRollsTheTransactionBack() {
		this.database.failure = new IllegalStateException("disk full");
		assertThatIllegalStateException()
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> publish("a")))
			.withMessage("disk full");
		assertThat(this.database.log).containsExactly("flush", "append 1", "rollback");
	}

	// Rule 20 of the engine: the buffer and Spring's callbacks

	@Test
	void eventsThatAFlushPublishesAreStoredToo() {
		AtomicInteger flushes = new AtomicInteger();
		this.database.onFlush = () -> {
			if (flushes.incrementAndGet() <= 3) {
				publish("flushed-" + flushes);
			}
		};
		this.transaction.executeWithoutResult((status) -> publish("a"));
		assertThat(stored()).isEqualTo("a flushed-1 flushed-2 flushed-3");
	}

	@Test
	void whatIsPublishedInACallbackBeforeTheCommitIsIncluded() {
		this.transaction.executeWithoutResult((status) -> {
			beforeCommit(() -> publish("b"));
			publish("a");
		});
		assertThat(stored()).isEqualTo("a b");
		assertThat(this.database.log).contains("append 2");
	}

	@Test
	void whatIsPublishedAfterTheDrainButBeforeTheCommitIsWrittenAtOnce() {
		this.transaction.executeWithoutResult((status) -> {
			publish("a");
			beforeCommit(() -> publish("b"));
			beforeCompletion(() -> publish("c"));
		});
		assertThat(stored()).isEqualTo("a b c");
		assertThat(this.told).containsExactly("wake a b c", "stored a b c");
	}

	@Test
	void theFirstEventOfATransactionMayComeFromACallbackBeforeTheCommit() {
		this.transaction.executeWithoutResult((status) -> beforeCommit(() -> publish("a")));
		this.transaction.executeWithoutResult((status) -> beforeCompletion(() -> publish("b")));
		assertThat(stored()).isEqualTo("a b");
		assertThat(this.told).hasSize(4);
	}

	@Test
	void aTransactionInsideOfACallbackBeforeTheCommitStoresItsEvents() {
		this.transaction.executeWithoutResult(
				(status) -> beforeCommit(() -> requiresNew().executeWithoutResult((inner) -> publish("a"))));
		assertThat(stored()).isEqualTo("a");
	}

	@ParameterizedTest
	@CsvSource({ "true,true", "true,false", "false,true", "false,false" })
	void publishingAfterTheCommitThrowsInsteadOfLosingTheEvent(boolean firstEvent, boolean completion) {
		List<Throwable> thrown = new ArrayList<>();
		this.transaction.executeWithoutResult((status) -> {
			if (!firstEvent) {
				publish("a");
			}
			Runnable late = () -> {
				try {
					publish("late");
				}
				catch (RuntimeException ex) {
					thrown.add(ex);
				}
			};
			if (completion) {
				afterCompletion(late);
			}
			else {
				afterCommit(late);
			}
		});
		assertThat(thrown).singleElement().isInstanceOfSatisfying(TransactionRequiredException.class, (ex) -> {
			assertThat(ex.reason()).isEqualTo(Reason.ENDED);
			assertThat(ex).hasMessageContaining("REQUIRES_NEW").hasMessageContaining("OrderPlaced");
		});
		assertThat(stored()).isEqualTo(firstEvent ? "" : "a");
	}

	@Test
	void afterCompletionEventsAreRefusedEvenIfTheStoreStillSeesATransaction() {
		List<Reason> reasons = new ArrayList<>();
		this.transaction.executeWithoutResult((status) -> afterCompletion(() -> {
			this.database.forced = State.ACTIVE;
			reasons.add(reason("late"));
		}));
		assertThat(reasons).containsExactly(Reason.ENDED);
	}

	@Test
	void aNewTransactionInsideOfACallbackAfterTheCommitTakesEvents() {
		this.transaction.executeWithoutResult((status) -> {
			publish("a");
			afterCommit(() -> requiresNew().executeWithoutResult((inner) -> publish("b")));
			afterCompletion(() -> requiresNew().executeWithoutResult((inner) -> publish("c")));
		});
		assertThat(stored()).isEqualTo("a b c");
	}

	@Test
	void aRolledBackSavepointRemovesOnlyTheEventsOfTheInnerTransaction() {
		this.transaction.executeWithoutResult((status) -> {
			publish("a");
			nested().executeWithoutResult((inner) -> {
				publish("b");
				inner.setRollbackOnly();
			});
			publish("c");
			nested().executeWithoutResult((inner) -> publish("d"));
		});
		assertThat(stored()).isEqualTo("a c d");
	}

	@Test
	void aSavepointThatIsOlderThanTheFirstEventRemovesAllOfThem() {
		this.transaction.executeWithoutResult((status) -> {
			Object savepoint = status.createSavepoint();
			publish("a");
			status.rollbackToSavepoint(savepoint);
			publish("b");
			Object second = status.createSavepoint();
			publish("c");
			status.rollbackToSavepoint(second);
			publish("d");
			status.rollbackToSavepoint(second);
		});
		assertThat(stored()).isEqualTo("b");
	}

	@Test
	void aSavepointAfterTheDrainRemovesWhatWasWrittenAtOnce() {
		this.transaction.executeWithoutResult((status) -> {
			publish("a");
			beforeCommit(() -> nested().executeWithoutResult((inner) -> {
				publish("b");
				inner.setRollbackOnly();
			}));
			beforeCompletion(() -> publish("c"));
		});
		assertThat(stored()).isEqualTo("a c");
		assertThat(this.told).contains("wake a c");
	}

	@Test
	void aRollbackToASavepointThatIsOlderThanTheDrainIsRefused() {
		this.transaction.executeWithoutResult((status) -> {
			publish("a");
			Object savepoint = status.createSavepoint();
			beforeCommit(() -> assertThatExceptionOfType(dev.outbox.OutboxException.class)
				.isThrownBy(() -> status.rollbackToSavepoint(savepoint)));
		});
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void aSuspendedTransactionKeepsItsEventsToItself() {
		this.transaction.executeWithoutResult((status) -> {
			publish("a");
			requiresNew().executeWithoutResult((inner) -> publish("b"));
			assertThat(stored()).isEqualTo("b");
			requiresNew().executeWithoutResult((inner) -> {
				publish("c");
				inner.setRollbackOnly();
			});
			propagation(TransactionDefinition.PROPAGATION_NOT_SUPPORTED)
				.executeWithoutResult((inner) -> assertThat(reason("d")).isEqualTo(Reason.NONE));
			publish("e");
		});
		assertThat(stored()).isEqualTo("b a e");
	}

	@Test
	void anInnerTransactionOutlivesARollbackOfTheOuterOne() {
		this.transaction.executeWithoutResult((status) -> {
			publish("a");
			requiresNew().executeWithoutResult((inner) -> publish("b"));
			status.setRollbackOnly();
		});
		assertThat(stored()).isEqualTo("b");
	}

	// Validation, transactions, identity

	@Test
	void withoutTransactionNothingIsStored() {
		assertThat(reason("a")).isEqualTo(Reason.NONE);
		assertThat(this.database.log).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "READ_ONLY,readOnly", "FOREIGN,transaction manager", "ENDED,REQUIRES_NEW",
			"NONE,outbox.write.require-transaction" })
	void aTransactionThatCannotTakeEventsIsRefusedWithTheRemedy(State state, String remedy) {
		this.transaction.executeWithoutResult((status) -> {
			this.database.forced = state;
			assertThatExceptionOfType(TransactionRequiredException.class).isThrownBy(() -> publish("a"))
				.withMessageContaining(remedy)
				.withMessageContaining("has not been stored");
			this.database.forced = null;
		});
		assertThat(this.database.log).containsExactly("commit");
	}

	@Test
	void aTransactionThatNeverCallsBackIsRefused() {
		this.database.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
		this.transaction.executeWithoutResult((status) -> assertThat(reason("a")).isEqualTo(Reason.NOT_SYNCHRONIZED));
	}

	@Test
	void aTransactionOfItsOwnIsOpenedIfNoneIsRequired() {
		TransactionalOutboxPublisher own = publisher(this.database, true);
		own.publishAll(List.of(new OrderPlaced("a"), new OrderPlaced("b")));
		assertThat(stored()).isEqualTo("a b");
		assertThat(this.database.log).contains("append 2", "commit");
		this.transaction.executeWithoutResult((status) -> {
			own.publish(new OrderPlaced("c"));
			status.setRollbackOnly();
		});
		assertThat(stored()).isEqualTo("a b");
	}

	@Test
	void aForeignTransactionIsRefusedEvenIfNoneIsRequired() {
		TransactionalOutboxPublisher own = publisher(this.database, true);
		this.database.forced = State.FOREIGN;
		assertThatExceptionOfType(TransactionRequiredException.class)
			.isThrownBy(() -> own.publish(new OrderPlaced("a")));
		assertThat(this.database.log).isEmpty();
	}

	@Test
	void ofSeveralEventsAllArePublishedOrNone() {
		this.transaction.executeWithoutResult((status) -> {
			publish("a");
			assertThatExceptionOfType(UnknownEventTypeException.class)
				.isThrownBy(() -> this.publisher.publishAll(List.of(new OrderPlaced("b"), new Object())));
			assertThatExceptionOfType(InvalidMessageException.class)
				.isThrownBy(() -> this.publisher.publishAll(Arrays.asList(new OrderPlaced("c"), null)));
		});
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void anIterableIsIteratedOnce() {
		AtomicInteger iterations = new AtomicInteger();
		List<OrderPlaced> events = List.of(new OrderPlaced("a"), new OrderPlaced("b"));
		Iterable<OrderPlaced> once = () -> {
			assertThat(iterations.incrementAndGet()).isEqualTo(1);
			return events.iterator();
		};
		List<UUID> ids = this.transaction.execute((status) -> this.publisher.publishAll(once));
		assertThat(this.database.committed).extracting((event) -> event.event().id()).isEqualTo(ids);
	}

	@Test
	@SuppressWarnings("NullAway")
	void nullIsRefused() {
		this.transaction.executeWithoutResult((status) -> assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> this.publisher.publish((Object) null))
			.extracting(InvalidMessageException::reason)
			.isEqualTo(InvalidMessageException.Reason.NO_EVENT));
	}

	@Test
	void aClosedPublisherRefusesEventsButFinishesTransactions() {
		this.transaction.executeWithoutResult((status) -> {
			publish("a");
			this.publisher.close();
			assertThatExceptionOfType(PublisherClosedException.class).isThrownBy(() -> publish("b"));
		});
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void anIdempotencyKeyThatWasUsedReturnsTheFirstId() {
		OutboxMessage message = OutboxMessage.builder().payload(new OrderPlaced("a")).idempotencyKey("once").build();
		this.transaction.executeWithoutResult((status) -> {
			UUID first = this.publisher.publish(message);
			assertThat(this.publisher.publish(message)).isEqualTo(first);
		});
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void aRetryWithTheSameIdIsADuplicateToo() {
		OutboxMessage message = OutboxMessage.builder()
			.id(UUID.randomUUID())
			.payload(new OrderPlaced("a"))
			.idempotencyKey("once")
			.build();
		this.transaction
			.executeWithoutResult((status) -> this.publisher.publishAll(List.of(message, message, message)));
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void anIdempotencyKeyIsFreeAgainAfterARollbackToASavepoint() {
		OutboxMessage message = OutboxMessage.builder().payload(new OrderPlaced("a")).idempotencyKey("once").build();
		this.transaction.executeWithoutResult((status) -> {
			nested().executeWithoutResult((inner) -> {
				this.publisher.publish(message);
				inner.setRollbackOnly();
			});
			this.publisher.publish(message);
		});
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void anEventThatIsCapturedAndPublishedIsStoredOnce() {
		OrderPlaced event = new OrderPlaced("a");
		this.transaction.executeWithoutResult((status) -> {
			UUID id = this.publisher.publish(event);
			assertThat(this.publisher.publishAll(List.of(event), true, Map.of())).containsExactly(id);
		});
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void anEventThatIsPublishedTwiceIsStoredTwice() {
		OrderPlaced event = new OrderPlaced("a");
		this.transaction.executeWithoutResult((status) -> {
			this.publisher.publishAll(List.of(event, event));
			this.publisher.publishAll(List.of(event, event), true, Map.of());
			this.publisher.publish(new OrderPlaced("a"));
		});
		assertThat(stored()).isEqualTo("a a a");
	}

	@Test
	void aCaptureThatIsRolledBackToASavepointCountsNoMore() {
		OrderPlaced event = new OrderPlaced("a");
		this.transaction.executeWithoutResult((status) -> {
			this.publisher.publishAll(List.of(event), true, Map.of());
			nested().executeWithoutResult((inner) -> {
				this.publisher.publish(event);
				inner.setRollbackOnly();
			});
			this.publisher.publish(event);
		});
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void whatHooksThrowAfterTheCommitDoesNotReachTheCaller() {
		TransactionalOutboxPublisher broken = new TransactionalOutboxPublisher(this.database, this.database,
				this.records, new dev.outbox.store.Partitions(64), (events) -> {
					throw new AssertionError("wake-up");
				}, List.of(), null);
		this.transaction.executeWithoutResult((status) -> broken.publish(new OrderPlaced("a")));
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void theRelayIsWokenEvenIfAnotherCallbackFailsAfterTheCommit() {
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			afterCommit(() -> {
				throw new IllegalStateException("another callback");
			});
			publish("a");
		}));
		assertThat(this.told).containsExactly("wake a", "stored a");
	}

	private Reason reason(String key) {
		try {
			publish(key);
		}
		catch (TransactionRequiredException ex) {
			return ex.reason();
		}
		throw new AssertionError("was accepted");
	}

}
