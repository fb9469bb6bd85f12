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
import java.util.UUID;

import dev.outbox.UnknownEventTypeException;
import dev.outbox.publish.TestEvents.OrderPlaced;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class OutboxTemplateTests extends PublisherHarness {

	private final OutboxTemplate template = new OutboxTemplate(this.publisher, this.records, this.transaction);

	@Test
	void anEventThatTheCallbackReturnsIsPublished() {
		OrderPlaced event = this.template.execute((tx) -> new OrderPlaced("a"));
		assertThat(event).isEqualTo(new OrderPlaced("a"));
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void eventsThatTheCallbackReturnsArePublishedInTheirOrder() {
		this.template.execute((tx) -> List.of(new OrderPlaced("a"), new OrderPlaced("b")));
		assertThat(stored()).isEqualTo("a b");
	}

	@Test
	void otherResultsAreOnlyReturned() {
		assertThat(this.template.<Integer>execute((tx) -> 42)).isEqualTo(42);
		assertThat(this.template.<List<Integer>>execute((tx) -> List.of(42))).containsExactly(42);
		assertThat(stored()).isEmpty();
	}

	@Test
	void aListInWhichOnlySomeAreEventsIsRefused() {
		assertThatExceptionOfType(UnknownEventTypeException.class)
			.isThrownBy(() -> this.template.execute((tx) -> List.of(new OrderPlaced("a"), 42)));
		assertThat(stored()).isEmpty();
	}

	@Test
	void anEventThatIsPublishedAndReturnedIsStoredOnce() {
		this.template.execute((tx) -> {
			OrderPlaced event = new OrderPlaced("a");
			tx.publish(event);
			return event;
		});
		assertThat(stored()).isEqualTo("a");
	}

	@Test
	void aMessageAndBusinessCodeShareATransaction() {
		this.template.execute(new OrderPlaced("b"), (tx) -> tx.publish(new OrderPlaced("a")));
		assertThat(stored()).isEqualTo("a b");
		assertThatIllegalStateException().isThrownBy(() -> this.template.execute(new OrderPlaced("c"), (tx) -> {
			throw new IllegalStateException("business");
		}));
		assertThat(stored()).isEqualTo("a b");
	}

	@Test
	void theEventsOfANamedTransactionCarryItsIdInTheOrderOfTheCalls() {
		this.template.inTransaction("tx-001", (tx) -> {
			tx.publish(new OrderPlaced("a"));
			tx.publishAll(List.of(new OrderPlaced("b"), new OrderPlaced("c")));
			return new OrderPlaced("d");
		});
		assertThat(stored()).isEqualTo("a b c d");
		assertThat(this.database.committed)
			.allSatisfy((event) -> assertThat(event.event().headers()).containsEntry("tx_id", "tx-001"));
	}

	@Test
	void aNamedTransactionStoresAllOrNothing() {
		assertThatIllegalStateException().isThrownBy(() -> this.template.inTransaction("tx-001", (tx) -> {
			tx.publish(new OrderPlaced("a"));
			tx.publish(new OrderPlaced("b"));
			throw new IllegalStateException("third");
		}));
		assertThat(stored()).isEmpty();
	}

	@Test
	void aTransactionThatIsToRollBackStoresNothing() {
		this.template.execute((tx) -> {
			tx.setRollbackOnly();
			return new OrderPlaced("a");
		});
		assertThat(stored()).isEmpty();
	}

	@Test
	void aSingleEventIsPublishedInATransactionOfItsOwn() {
		UUID id = this.template.publishTransactional(new OrderPlaced("a"));
		assertThat(this.database.committed).singleElement().extracting((event) -> event.event().id()).isEqualTo(id);
	}

	/**
	 * Trap 11.
	 */
	@Test
	void aThousandCallbacksThatThrowLeakNothing() {
		for (int i = 0; i < 1000; i++) {
			assertThatIllegalStateException().isThrownBy(() -> this.template.execute((tx) -> {
				tx.publish(new OrderPlaced("a"));
				throw new IllegalStateException("business");
			}));
		}
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
		assertThat(stored()).isEmpty();
	}

}
