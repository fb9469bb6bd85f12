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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.OutboxException;
import dev.outbox.store.EventStore;
import dev.outbox.store.EventStore.Damage;
import dev.outbox.store.NewEvent;
import dev.outbox.store.StoreTransactions;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The events of one transaction. They are collected until the transaction is about to
 * commit, then written by one statement; what is published later, but still before the
 * commit, is written at once. Bound to the transaction's thread like any resource of it.
 */
final class TransactionBuffer implements TransactionSynchronization {

	private final Object resourceKey;

	private final EventStore store;

	private final StoreTransactions transactions;

	private final CommitHooks hooks;

	private final List<Entry> entries = new ArrayList<>();

	/**
	 * Entries of each object that was published, for objects are published and captured.
	 */
	private final Map<Object, Deque<Entry>> published = new IdentityHashMap<>();

	private final Map<Object, Mark> savepoints = new IdentityHashMap<>();

	private int operations;

	private int claims;

	private int written;

	private boolean direct;

	private boolean reported;

	/**
	 * Why the transaction must not commit.
	 */
	private @Nullable RuntimeException failure;

	/**
	 * Number of the first operation that has failed. A rollback to an older savepoint
	 * undoes it, and all later ones.
	 */
	private int failedAt;

	TransactionBuffer(Object resourceKey, EventStore store, StoreTransactions transactions, CommitHooks hooks) {
		this.resourceKey = resourceKey;
		this.store = store;
		this.transactions = transactions;
		this.hooks = hooks;
	}

	/**
	 * Joins the transaction of the calling thread.
	 * @param direct whether it is too late for a callback before the commit
	 */
	void join(boolean direct) {
		this.direct = direct;
		TransactionSynchronizationManager.registerSynchronization(this);
		// Callbacks that run after ours may publish, fail, and go on.
		this.transactions.checkBeforeCommit(this::checkAtTheEnd);
		TransactionSynchronizationManager.bindResource(this.resourceKey, this);
	}

	/**
	 * Looks for the same object, published the other way: an event that is captured and
	 * published explicitly is one event.
	 * @return the id of the event, or {@code null} if it is not there
	 */
	@Nullable UUID match(Object source, boolean captured) {
		for (Entry entry : this.published.getOrDefault(source, new ArrayDeque<>())) {
			if (entry.captured != captured && entry.matchedAt == 0) {
				entry.matchedAt = ++this.operations;
				return entry.event.event().id();
			}
		}
		return null;
	}

	void add(Object source, boolean captured, NewEvent event) {
		this.operations++;
		Entry entry = new Entry(source, captured, event);
		this.entries.add(entry);
		this.published.computeIfAbsent(source, (key) -> new ArrayDeque<>(1)).add(entry);
	}

	/**
	 * Claims an idempotency key.
	 */
	Optional<UUID> claim(String idempotencyKey, UUID id) {
		try {
			Optional<UUID> holder = this.store.claim(idempotencyKey, id);
			this.claims += holder.isEmpty() ? 1 : 0;
			return holder;
		}
		catch (RuntimeException ex) {
			failed(ex, this.store.damage(ex));
			throw ex;
		}
	}

	/**
	 * Forgets the events of a call that has failed. Keys that it has claimed stay
	 * claimed, without their events.
	 */
	void abandon(Object beginning, Throwable failure) {
		if (this.claims > mark(beginning).claims()) {
			failed((failure instanceof RuntimeException ex) ? ex : new IllegalStateException(failure),
					Damage.PARTLY_WRITTEN);
		}
		undo(beginning);
	}

	private void failed(RuntimeException ex, Damage damage) {
		this.operations++;
		if (damage == Damage.ROLLED_BACK && this.failedAt != Integer.MAX_VALUE) {
			this.failure = ex;
			this.failedAt = Integer.MAX_VALUE;
		}
		else if (damage != Damage.NONE && this.failure == null) {
			this.failure = ex;
			this.failedAt = this.operations;
		}
	}

	/**
	 * Is called when all events of one call have been added.
	 */
	void added() {
		if (this.direct) {
			writeAll();
		}
	}

	@Override
	public void beforeCommit(boolean readOnly) {
		writeAll();
		this.direct = true;
	}

	/**
	 * Writes what is pending. The flush comes first, so that the events take their
	 * sequence numbers while the row locks of the business change are held; it may
	 * publish further events.
	 */
	private void writeAll() {
		check();
		boolean later = this.direct;
		this.direct = false;
		try {
			this.transactions.flush();
			while (this.written < this.entries.size()) {
				List<NewEvent> pending = events(this.written);
				append(pending);
				this.written += pending.size();
				this.transactions.flush();
			}
		}
		finally {
			this.direct = later;
		}
	}

	/**
	 * By then all is written, or somebody has swallowed why it is not.
	 */
	private void checkAtTheEnd() {
		check();
		if (this.written < this.entries.size()) {
			throw new OutboxException("Cannot commit: " + (this.entries.size() - this.written)
					+ " published event(s) could not be written, and a callback has gone on without them. The"
					+ " transaction rolls back, and nothing is stored. Let the failure of publish end the transaction");
		}
	}

	private void check() {
		if (this.failure != null) {
			throw new OutboxException("Cannot commit: storing events has failed before in this transaction ("
					+ this.failure.getMessage() + "), and the database would commit a part of it. The transaction rolls"
					+ " back, and nothing is stored. Do not go on after such a failure, but repeat the transaction",
					this.failure);
		}
	}

	private void append(List<NewEvent> events) {
		try {
			this.store.append(events);
		}
		catch (RuntimeException ex) {
			// Events that are due later are written by another statement than the rest.
			Damage damage = this.store.damage(ex);
			failed(ex, (damage != Damage.NONE) ? damage : Damage.PARTLY_WRITTEN);
			throw ex;
		}
	}

	private List<NewEvent> events(int from) {
		return this.entries.subList(from, this.entries.size()).stream().map(Entry::event).toList();
	}

	@Override
	public void savepoint(Object savepoint) {
		this.savepoints.put(savepoint, new Mark(this.entries.size(), this.written, this.operations, this.claims));
	}

	@Override
	public void savepointRollback(Object savepoint) {
		undo(savepoint);
		if (this.failedAt != Integer.MAX_VALUE && this.failedAt > mark(savepoint).operations()) {
			this.failure = null;
			this.failedAt = 0;
		}
	}

	/**
	 * A savepoint that was set before the first event is not known here.
	 */
	private Mark mark(Object savepoint) {
		return this.savepoints.getOrDefault(savepoint, Mark.START);
	}

	/**
	 * Forgets the events since a savepoint, or since a mark of our own.
	 */
	void undo(Object savepoint) {
		Mark mark = mark(savepoint);
		if (this.direct && mark.written() < mark.size()) {
			throw new OutboxException("Cannot roll back to a savepoint that was set before the events of the"
					+ " transaction were written: " + (mark.size() - mark.written()) + " older events would be lost."
					+ " Roll back the whole transaction, or to the savepoint before the commit begins.");
		}
		List<Entry> undone = this.entries.subList(mark.size(), this.entries.size());
		undone.forEach((entry) -> this.published.getOrDefault(entry.source, new ArrayDeque<>()).remove(entry));
		undone.clear();
		this.entries.forEach((entry) -> entry.matchedAt = (entry.matchedAt > mark.operations()) ? 0 : entry.matchedAt);
		this.written = Math.min(this.written, mark.size());
	}

	/**
	 * Forgets a mark of our own.
	 */
	void forget(Object savepoint) {
		this.savepoints.remove(savepoint);
	}

	@Override
	public void suspend() {
		TransactionSynchronizationManager.unbindResourceIfPossible(this.resourceKey);
	}

	@Override
	public void resume() {
		TransactionSynchronizationManager.bindResource(this.resourceKey, this);
	}

	@Override
	public void afterCommit() {
		report();
	}

	@Override
	public void afterCompletion(int status) {
		TransactionSynchronizationManager.unbindResourceIfPossible(this.resourceKey);
		// When another callback has failed after the commit, afterCommit was skipped.
		if (status == STATUS_COMMITTED) {
			report();
		}
	}

	private void report() {
		if (!this.reported && this.written > 0) {
			this.reported = true;
			this.hooks.committed(events(0));
		}
	}

	private static final class Entry {

		private final Object source;

		private final boolean captured;

		private final NewEvent event;

		/**
		 * Number of the operation that published the object the other way, 0 for none.
		 */
		private int matchedAt;

		Entry(Object source, boolean captured, NewEvent event) {
			this.source = source;
			this.captured = captured;
			this.event = event;
		}

		NewEvent event() {
			return this.event;
		}

	}

	private record Mark(int size, int written, int operations, int claims) {

		private static final Mark START = new Mark(0, 0, 0, 0);

	}

}
