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
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.AuditStore;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.ClusterStore;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.RelayStore;
import dev.outbox.store.SharedBacklogStore;
import dev.outbox.test.contract.StoreHarness;
import dev.outbox.test.contract.Transaction;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The stores of one database, empty and with numbers that begin with 1, transactions that
 * a test keeps open as long as it likes, and what a test does to the database itself.
 * Tables, or collections, are named without their prefix, as {@code event} or
 * {@code dead_letter}.
 */
abstract class DatabaseHarness extends StoreHarness {

	// What a store consists of

	abstract RelayStore archivingRelay();

	abstract SharedBacklogStore sharedBacklog();

	/**
	 * Lets what the instances share be of the future, as if the clock had been set back.
	 */
	abstract void makeSharedBacklogYounger(Duration time);

	abstract AuditStore audit();

	abstract ClusterStore cluster();

	abstract ForwardStore forwards();

	abstract BacklogStore backlog();

	abstract HousekeepingStore housekeeping();

	abstract ArchiveStore archive();

	abstract TransactionTemplate transaction();

	@Override
	public final PlatformTransactionManager transactionManager() {
		return Objects.requireNonNull(transaction().getTransactionManager());
	}

	abstract Set<Ability> abilities();

	/**
	 * Skips the test where the store cannot do that.
	 */
	final void assume(Ability ability) {
		ability.assumeIn(abilities());
	}

	// Transactions

	@Override
	public abstract Transaction begin();

	/**
	 * Begins a transaction of a session whose time zone neither the JVM nor the server
	 * has, where sessions have one.
	 */
	abstract Transaction beginInForeignTimeZone();

	/**
	 * Begins a transaction that has read which idempotency keys there are.
	 */
	abstract Transaction beginByReadingClaims();

	/**
	 * Lets the lease of an instance expire, and begins a transaction that has renewed it.
	 */
	abstract Transaction beginRenewal(UUID instance);

	/**
	 * Returns whether a transaction waits for another one. Need not be right where there
	 * is no way to find out.
	 */
	abstract boolean aTransactionWaits();

	/**
	 * Returns how the store refuses an event with an empty key.
	 */
	abstract Refusal refusal();

	// What is in the database

	abstract long count(String table);

	/**
	 * Returns the greatest number of an event that waits.
	 */
	abstract long lastNumber();

	/**
	 * Returns the keys of all events that wait, as the database has them.
	 */
	abstract List<String> keys();

	/**
	 * Returns how many of the events that wait were created then, as the database
	 * compares times.
	 */
	abstract long createdAt(Instant time);

	/**
	 * Returns the payloads of all events that are due then, as the database compares
	 * times.
	 */
	abstract List<@Nullable String> scheduledFor(Instant time);

	/**
	 * Returns how many idempotency keys were claimed within this time before now.
	 */
	abstract long claimedWithin(Duration time);

	/**
	 * Returns all events in the archive that say when they came there, in the order in
	 * which they did.
	 */
	abstract List<Archived> archived();

	/**
	 * Returns when the only event that waits failed first, in any form.
	 */
	abstract @Nullable Object firstFailedAt();

	/**
	 * Returns why the only event that waits failed last.
	 */
	abstract @Nullable Object lastError();

	/**
	 * Returns how many instances have a lease that lasts longer than this.
	 */
	abstract long instancesThatLiveFor(Duration time);

	/**
	 * Returns the keys of what is kept, ordered by the number in which it died or was
	 * archived, or else by key.
	 */
	abstract List<String> kept(Kept what);

	// What is changed by hand

	/**
	 * Removes all that a table holds.
	 */
	abstract void clear(String table);

	/**
	 * Lets an empty table of events begin with 1 again.
	 */
	abstract void restartNumbers();

	/**
	 * Lets all events that wait have failed so long ago, and be due again since then.
	 */
	abstract void makeFailuresOlder(Duration age);

	/**
	 * Lets an event have been created so long ago.
	 */
	abstract void makeOlder(long number, Duration age);

	/**
	 * Lets all idempotency keys have been claimed so long ago.
	 */
	abstract void makeClaimsOlder(Duration age);

	/**
	 * Lets all events in the archive have come there at this time.
	 */
	abstract void setArchivedAt(Instant time);

	/**
	 * Makes the options of an event in the archive unreadable.
	 */
	abstract void damageArchived(String payload);

	/**
	 * Takes the options of all events in the archive away.
	 */
	abstract void repairArchived();

	/**
	 * Makes the headers of all dead letters unreadable.
	 */
	abstract void damageDeadLetters();

	/**
	 * Lets all leases have expired, and all partitions have this epoch.
	 */
	abstract void expireLeases(long epoch);

	/**
	 * Blocks a key by a dead letter that is not there.
	 */
	abstract void block(Destination destination, String key);

	/**
	 * Adds one of each that is kept for some time, with this number, which is its key as
	 * well. The dead letter blocks it, or does not.
	 */
	abstract void addKept(int number, Duration age, boolean blocksKey);

	/**
	 * Adds an event that has been failing for nine days, and one that is due tomorrow.
	 */
	abstract void addWaiting();

	/**
	 * An event in the archive.
	 */
	record Archived(long seq, String key, String payload) {

	}

	/**
	 * How a store refuses an event.
	 *
	 * @param cause what the driver throws
	 * @param says what the message of that has to contain
	 * @param reported what the message of the store has to contain
	 */
	record Refusal(Class<? extends Exception> cause, String says, String reported) {

	}

}
