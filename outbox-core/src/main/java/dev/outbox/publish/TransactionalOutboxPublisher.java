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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.OutboxRecord;
import dev.outbox.PublisherClosedException;
import dev.outbox.listener.OutboxListener;
import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Partitions;
import dev.outbox.store.StoreTransactions;
import dev.outbox.store.WakeUp;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Publishes events in the transaction of the calling thread.
 */
public final class TransactionalOutboxPublisher implements OutboxPublisher, AutoCloseable {

	private final EventStore store;

	private final StoreTransactions transactions;

	private final TransactionCheck check;

	private final OutboxRecordFactory records;

	private final Partitions partitions;

	private final CommitHooks hooks;

	private final @Nullable TransactionOperations ownTransaction;

	private volatile boolean closed;

	/**
	 * Creates a publisher.
	 * @param store stores the events
	 * @param transactions knows the transactions of the store
	 * @param records prepares the events
	 * @param partitions assigns events to partitions
	 * @param wakeUp is told what was committed
	 * @param listeners are told what was stored
	 * @param ownTransaction runs what is published outside a transaction in one of its
	 * own, on the store's resource; {@code null} to refuse it
	 */
	public TransactionalOutboxPublisher(EventStore store, StoreTransactions transactions, OutboxRecordFactory records,
			Partitions partitions, WakeUp wakeUp, List<OutboxListener> listeners,
			@Nullable TransactionOperations ownTransaction) {
		this.store = store;
		this.transactions = transactions;
		this.check = new TransactionCheck(transactions);
		this.records = records;
		this.partitions = partitions;
		this.hooks = new CommitHooks(wakeUp, listeners);
		this.ownTransaction = ownTransaction;
	}

	@Override
	public UUID publish(Object event) {
		return publishAll(Collections.singletonList(event), false, Map.of()).get(0);
	}

	@Override
	public UUID publish(OutboxMessage message) {
		return publish((Object) message);
	}

	@Override
	public List<UUID> publishAll(Iterable<?> events) {
		return publishAll(events, false, Map.of());
	}

	/**
	 * Publishes events.
	 * @param captured whether they were not published by a call of this publisher. An
	 * object that is published both ways in one transaction is stored once
	 * @param headers headers to add to each event
	 */
	List<UUID> publishAll(Iterable<?> events, boolean captured, Map<String, Object> headers) {
		if (this.closed) {
			throw new PublisherClosedException(OutboxRecordFactory.describe(events));
		}
		if (this.ownTransaction != null && this.check.isOutside()) {
			return this.ownTransaction.execute((status) -> publishInTransaction(events, captured, headers));
		}
		return publishInTransaction(events, captured, headers);
	}

	private List<UUID> publishInTransaction(Iterable<?> events, boolean captured, Map<String, Object> headers) {
		this.check.require(events);
		List<Publication> publications = new ArrayList<>();
		for (Object event : events) {
			publications.add(prepare(event, headers));
		}
		TransactionBuffer buffer = buffer();
		Object beginning = new Object();
		buffer.savepoint(beginning);
		try {
			List<UUID> ids = new ArrayList<>(publications.size());
			publications.forEach((publication) -> ids.add(store(publication, captured, buffer)));
			buffer.added();
			return ids;
		}
		catch (RuntimeException | Error ex) {
			buffer.abandon(beginning, ex);
			throw ex;
		}
		finally {
			buffer.forget(beginning);
		}
	}

	private Publication prepare(@Nullable Object event, Map<String, Object> headers) {
		if (event == null) {
			throw new InvalidMessageException(Reason.NO_EVENT,
					"Cannot publish null. Nothing has been stored. Publish an event or an OutboxMessage.");
		}
		return new Publication(event, this.records.create(event, headers).orElse(null));
	}

	private UUID store(Publication publication, boolean captured, TransactionBuffer buffer) {
		PreparedEvent prepared = publication.prepared();
		if (prepared == null) {
			return this.records.idOf(publication.event());
		}
		UUID twin = buffer.match(publication.event(), captured);
		if (twin != null) {
			return twin;
		}
		OutboxRecord event = prepared.record();
		if (prepared.idempotencyKey() != null) {
			Optional<UUID> first = buffer.claim(prepared.idempotencyKey(), event.id());
			if (first.isPresent()) {
				return first.get();
			}
		}
		int part = this.partitions.partitionOf(event.key(), event.id());
		buffer.add(publication.event(), captured, new NewEvent(event, part, prepared.deliverAt()));
		return event.id();
	}

	private TransactionBuffer buffer() {
		if (TransactionSynchronizationManager.getResource(this) instanceof TransactionBuffer buffer) {
			return buffer;
		}
		TransactionBuffer buffer = new TransactionBuffer(this, this.store, this.transactions, this.hooks);
		buffer.join(TransactionCheck.isBeforeCommitRunning());
		return buffer;
	}

	/**
	 * Refuses all further events. Those of transactions that have not ended yet are still
	 * written when they commit.
	 */
	@Override
	public void close() {
		this.closed = true;
	}

	/**
	 * One event of a call.
	 *
	 * @param event what was published
	 * @param prepared what is to be stored, {@code null} if a filter has left it out
	 */
	private record Publication(Object event, @Nullable PreparedEvent prepared) {

	}

}
