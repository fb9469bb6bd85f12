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

package dev.outbox.it.relay;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import dev.outbox.it.store.Ability;
import dev.outbox.test.contract.Transaction;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.RelayStore;
import org.jspecify.annotations.Nullable;

/**
 * The stores of one database, which a test can cut off to let a relay die, and what a
 * test does to the database itself. Tables, or collections, are named without their
 * prefix, as {@code event} or {@code dead_letter}.
 */
abstract class TestStores implements AutoCloseable {

	private AtomicBoolean cut = new AtomicBoolean();

	private final AtomicInteger polls = new AtomicInteger();

	private final AtomicInteger rereads = new AtomicInteger();

	final RelayStore relay() {
		return cuttable(RelayStore.class, relayStore());
	}

	final LeaseStore leases() {
		return cuttable(LeaseStore.class, leaseStore());
	}

	abstract RelayStore relayStore();

	abstract LeaseStore leaseStore();

	abstract DeadLetterStore deadLetters();

	abstract HoldStore holds();

	abstract Set<Ability> abilities();

	/**
	 * Returns how many connections are in use, outside of transactions of tests.
	 */
	abstract int connectionsInUse();

	// Transactions

	/**
	 * Begins a transaction of an application.
	 */
	abstract Transaction begin();

	/**
	 * Begins a transaction that keeps others from writing to a table, where there are
	 * {@link Ability#LOCKS}; else one that does not.
	 */
	abstract Transaction beginLocking(String table);

	/**
	 * Begins a transaction that keeps others from removing the events that wait.
	 */
	abstract Transaction beginLockingEvents();

	/**
	 * Lets an event of an open transaction claim to be of an older one, where there are
	 * {@link Ability#TRANSACTION_NUMBERS}.
	 */
	abstract void makeTransactionOlder(Transaction transaction, String key);

	// What is in the database

	abstract long count(String table);

	/**
	 * Returns the events that wait, in the order of their numbers.
	 */
	abstract List<Row> events();

	abstract long ownedPartitions();

	/**
	 * Returns a question that is answered with yes once every instance has renewed its
	 * lease more than once since now.
	 */
	abstract BooleanSupplier heartbeats();

	// What is changed by hand

	abstract void clear();

	abstract void clear(String table);

	/**
	 * Lets all events of a destination have failed once, and be tried again after a time.
	 */
	abstract void delay(String destination, Duration time);

	/**
	 * Lets all events be tried again after a time.
	 */
	abstract void retryIn(Duration time);

	/**
	 * Lets all partitions have another epoch.
	 */
	abstract void raiseEpochs();

	/**
	 * Lets the partitions below a number belong to somebody else.
	 */
	abstract void giveAway(int partitions);

	/**
	 * Lets the database refuse to record why an event has failed, or not any more.
	 */
	abstract void refuseErrors(boolean refuse);

	/**
	 * Makes the headers or options of events unreadable: they say {@code 3000000000}
	 * where no such number can be.
	 */
	abstract void damage(String column, List<String> payloads);

	/**
	 * Makes the headers or options of all dead letters readable.
	 */
	abstract void repairDeadLetters(String column);

	/**
	 * Ends all connections but the own one.
	 */
	abstract void cutConnections();

	/**
	 * Returns signals that never come.
	 * @param listening whether they claim that they would
	 */
	final CommitSignals signals(boolean listening) {
		return new CommitSignals() {

			@Override
			public void listen(Runnable onSignal) {
			}

			@Override
			public boolean isListening() {
				return listening;
			}

			@Override
			public void signal() {
			}

			@Override
			public void close() {
			}

		};
	}

	/**
	 * Returns a question that is answered with yes once the tail and what is before it
	 * have both been read more than once since now.
	 */
	final BooleanSupplier reads() {
		int pollsBefore = this.polls.get();
		int rereadsBefore = this.rereads.get();
		return () -> this.polls.get() > pollsBefore + 1 && this.rereads.get() > rereadsBefore + 1;
	}

	private Object counted(Object result, Object[] args) {
		if (result instanceof ReadResult && args[0] instanceof ReadRequest request) {
			((request.upTo() == Long.MAX_VALUE) ? this.polls : this.rereads).incrementAndGet();
		}
		return result;
	}

	/**
	 * Lets all stores handed out so far fail, as if their process were gone.
	 */
	final void cutOff() {
		this.cut.set(true);
	}

	final void connect() {
		this.cut = new AtomicBoolean();
	}

	private <T> T cuttable(Class<T> type, T store) {
		AtomicBoolean own = this.cut;
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
				if (own.get() && !method.getName().equals("start") && !method.getName().equals("merge")) {
					throw new IllegalStateException("cut off");
				}
				try {
					return counted(method.invoke(store, args), args);
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

	@Override
	public abstract void close();

	/**
	 * An event that waits.
	 */
	record Row(int part, @Nullable String key, String transport, int attempts, int crashes) {

	}

}
