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
import java.util.List;
import java.util.function.Consumer;

import dev.outbox.OutboxRecord;
import dev.outbox.listener.OutboxListener;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Partitions;
import dev.outbox.store.StoreTransactions;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A publisher on a {@link TestDatabase}.
 */
class PublisherHarness {

	final TestDatabase database = new TestDatabase();

	final OutboxRecordFactory records = TestEvents.factory();

	final List<String> told = new ArrayList<>();

	final TransactionalOutboxPublisher publisher = publisher(this.database, false);

	final TransactionTemplate transaction = new TransactionTemplate(this.database);

	TransactionalOutboxPublisher publisher(StoreTransactions transactions, boolean own) {
		return new TransactionalOutboxPublisher(this.database, transactions, this.records, new Partitions(64),
				(events) -> this.told.add("wake " + keys(events.stream().map(NewEvent::event).toList())),
				List.of(new OutboxListener() {

					@Override
					public void onStored(List<OutboxRecord> events) {
						PublisherHarness.this.told.add("stored " + keys(events));
					}

				}), own ? new TransactionTemplate(this.database) : null);
	}

	TransactionTemplate propagation(int behavior) {
		TransactionTemplate template = new TransactionTemplate(this.database);
		template.setPropagationBehavior(behavior);
		return template;
	}

	TransactionTemplate nested() {
		return propagation(TransactionDefinition.PROPAGATION_NESTED);
	}

	TransactionTemplate requiresNew() {
		return propagation(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
	}

	void publish(String key) {
		this.publisher.publish(new TestEvents.OrderPlaced(key));
	}

	/**
	 * Keys of the rows that were committed, in their order.
	 */
	String stored() {
		return keys(this.database.committed.stream().map(NewEvent::event).toList());
	}

	static String keys(List<OutboxRecord> events) {
		return String.join(" ", events.stream().map(OutboxRecord::key).toList());
	}

	static void beforeCommit(Runnable callback) {
		register((synchronization) -> synchronization.beforeCommit = callback);
	}

	static void beforeCompletion(Runnable callback) {
		register((synchronization) -> synchronization.beforeCompletion = callback);
	}

	static void afterCommit(Runnable callback) {
		register((synchronization) -> synchronization.afterCommit = callback);
	}

	static void afterCompletion(Runnable callback) {
		register((synchronization) -> synchronization.afterCompletion = callback);
	}

	private static void register(Consumer<Callbacks> consumer) {
		Callbacks callbacks = new Callbacks();
		consumer.accept(callbacks);
		TransactionSynchronizationManager.registerSynchronization(callbacks);
	}

	private static final class Callbacks implements TransactionSynchronization {

		private static final Runnable NOTHING = () -> {
		};

		private Runnable beforeCommit = NOTHING;

		private Runnable beforeCompletion = NOTHING;

		private Runnable afterCommit = NOTHING;

		private Runnable afterCompletion = NOTHING;

		@Override
		public void beforeCommit(boolean readOnly) {
			this.beforeCommit.run();
		}

		@Override
		public void beforeCompletion() {
			this.beforeCompletion.run();
		}

		@Override
		public void afterCommit() {
			this.afterCommit.run();
		}

		@Override
		public void afterCompletion(int status) {
			this.afterCompletion.run();
		}

	}

}
