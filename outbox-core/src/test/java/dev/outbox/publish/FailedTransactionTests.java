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

import java.util.List;

import dev.outbox.OutboxException;
import dev.outbox.OutboxMessage;
import dev.outbox.publish.TestEvents.OrderPlaced;
import dev.outbox.store.EventStore.Damage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What becomes of a transaction in which the store has failed, and somebody goes on.
 */
class FailedTransactionTests extends PublisherHarness {

	/**
	 * The store says what a failure has done to the transaction. A rollback to a
	 * savepoint makes up for a part that was written, not for a transaction that is gone.
	 */
	@ParameterizedTest
	@CsvSource({ "NONE, false, true", "PARTLY_WRITTEN, false, false", "PARTLY_WRITTEN, true, true",
			"ROLLED_BACK, false, false", "ROLLED_BACK, true, false" })
	void aTransactionCommitsAfterAFailureOnlyIfNothingIsLeftOfIt(Damage damage, boolean savepoint, boolean commits) {
		this.database.damage = damage;
		OutboxMessage message = OutboxMessage.builder().payload(new OrderPlaced("b")).idempotencyKey("once").build();
		Throwable failure = catchThrowable(() -> this.transaction.executeWithoutResult((status) -> {
			publish("a");
			Object before = status.createSavepoint();
			this.database.failure = new IllegalStateException("deadlock");
			assertThatIllegalStateException().isThrownBy(() -> this.publisher.publish(message));
			this.database.failure = null;
			if (savepoint) {
				status.rollbackToSavepoint(before);
			}
		}));
		assertThat(failure == null).isEqualTo(commits);
		assertThat(stored()).isEqualTo(commits ? "a" : "");
		if (!commits) {
			assertThat(failure).hasMessageContaining("Cannot commit").hasMessageContaining("deadlock");
		}
	}

	/**
	 * The second one undoes neither the first nor what it has left behind.
	 */
	@ParameterizedTest
	@CsvSource({ "PARTLY_WRITTEN, PARTLY_WRITTEN", "PARTLY_WRITTEN, ROLLED_BACK", "ROLLED_BACK, PARTLY_WRITTEN" })
	void aRollbackToASavepointMakesUpOnlyForWhatFailedAfterIt(Damage first, Damage second) {
		OutboxMessage message = OutboxMessage.builder().payload(new OrderPlaced("b")).idempotencyKey("once").build();
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				publish("a");
				this.database.failure = new IllegalStateException("deadlock");
				this.database.damage = first;
				assertThatIllegalStateException().isThrownBy(() -> this.publisher.publish(message));
				Object between = status.createSavepoint();
				this.database.damage = second;
				assertThatIllegalStateException().isThrownBy(() -> this.publisher.publish(message));
				this.database.failure = null;
				status.rollbackToSavepoint(between);
			}))
			.withMessageContaining("Cannot commit");
		assertThat(stored()).isEmpty();
	}

	/**
	 * Who publishes both again is told that the first one is there already.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aKeyIsNotClaimedForAnEventThatIsNotStored(boolean savepoint) {
		OutboxMessage claimed = OutboxMessage.builder().payload(new OrderPlaced("b")).idempotencyKey("once").build();
		OutboxMessage refused = OutboxMessage.builder().payload(new OrderPlaced("c")).idempotencyKey("refused").build();
		this.database.refusedKey = "refused";
		Throwable failure = catchThrowable(() -> this.transaction.executeWithoutResult((status) -> {
			publish("a");
			Object before = status.createSavepoint();
			assertThatIllegalStateException().isThrownBy(() -> this.publisher.publishAll(List.of(claimed, refused)));
			if (savepoint) {
				status.rollbackToSavepoint(before);
			}
		}));
		assertThat(failure == null).isEqualTo(savepoint);
		assertThat(stored()).isEqualTo(savepoint ? "a" : "");
	}

	/**
	 * The next event must not wait for a commit that is running already.
	 */
	@ParameterizedTest
	@EnumSource(Damage.class)
	void whatIsPublishedAfterAFailureThatALateCallbackSwallowsIsNotLost(Damage damage) {
		this.database.damage = damage;
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				publish("a");
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCommit(boolean readOnly) {
						FailedTransactionTests.this.database.failure = new IllegalStateException("too long");
						assertThatIllegalStateException().isThrownBy(() -> publish("b"));
						FailedTransactionTests.this.database.failure = null;
						assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> publish("c"));
					}

				});
			}))
			.withMessageContaining("Cannot commit");
		assertThat(stored()).isEmpty();
	}

	/**
	 * By then the events of the transaction are written, and nobody writes again.
	 */
	@Test
	void aFailureThatALateCallbackSwallowsKeepsTheTransactionFromCommitting() {
		this.database.damage = Damage.ROLLED_BACK;
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				publish("a");
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCommit(boolean readOnly) {
						FailedTransactionTests.this.database.failure = new IllegalStateException("deadlock");
						assertThatIllegalStateException().isThrownBy(() -> publish("b"));
						FailedTransactionTests.this.database.failure = null;
					}

				});
			}))
			.withMessageContaining("Cannot commit");
		assertThat(stored()).isEmpty();
	}

}
