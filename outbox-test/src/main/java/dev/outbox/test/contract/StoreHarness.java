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

package dev.outbox.test.contract;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.EventStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Partitions;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;

/**
 * A store that is to be tested: empty, and with {@value #PARTITIONS} partitions. Extend
 * it, and return what an application would have as beans; all of them mean the same
 * events.
 */
public abstract class StoreHarness {

	/**
	 * How many partitions the store has.
	 */
	public static final int PARTITIONS = 64;

	/**
	 * Where most events of the tests go.
	 */
	public static final Destination ORDERS = new Destination("test", "orders");

	private static final Set<Integer> ALL = IntStream.range(0, PARTITIONS).boxed().collect(Collectors.toSet());

	/**
	 * Returns the write side, which takes part in the transactions of
	 * {@link #transactionManager()}.
	 * @return the store
	 */
	public abstract EventStore eventStore();

	/**
	 * Returns what begins the transactions of an application.
	 * @return the transaction manager
	 */
	public abstract PlatformTransactionManager transactionManager();

	/**
	 * Returns what the relay reads and settles with.
	 * @return the store
	 */
	public abstract RelayStore relay();

	/**
	 * Returns who owns which partitions.
	 * @return the store
	 */
	public abstract LeaseStore leases();

	/**
	 * Returns what was given up.
	 * @return the store
	 */
	public abstract DeadLetterStore deadLetters();

	/**
	 * Returns what is held back.
	 * @return the store
	 */
	public abstract HoldStore holds();

	/**
	 * Begins a transaction of an application, beside those that are open. Up to 20 are
	 * open at a time, besides what the store uses itself: a pool needs 30 connections.
	 * @return the transaction
	 */
	public Transaction begin() {
		return new SpringTransaction(transactionManager(), eventStore());
	}

	/**
	 * Begins a scan of all events.
	 * @return the scan
	 */
	public final Scan scan() {
		return scan(Set.of(), null);
	}

	/**
	 * Begins a scan of some destinations.
	 * @param excluded names of destinations to leave out
	 * @param only name of the one to read, {@code null} for all others
	 * @return the scan
	 */
	public final Scan scan(Set<String> excluded, @Nullable String only) {
		return new Scan(relay(), new ReadScope("test", ALL, excluded, only));
	}

	/**
	 * Lets an instance join and take all partitions.
	 * @param key a key
	 * @return the claim on the partition of that key
	 */
	public final Claim claim(String key) {
		UUID owner = UUID.randomUUID();
		LeaseStore leases = leases();
		leases.join(owner, "test", Set.of("test"), Duration.ofMinutes(5));
		leases.take(owner, "test", PARTITIONS);
		int part = partition(key);
		Long epoch = leases.observe(owner).owned().getOrDefault("test", Map.of()).get(part);
		if (epoch == null) {
			throw new AssertionError("The only instance could not take partition " + part);
		}
		return new Claim(owner, "test", part, epoch);
	}

	/**
	 * Writes events of one key and commits.
	 * @param key their key
	 * @param payloads their payloads
	 */
	public final void insert(String key, String... payloads) {
		try (Transaction transaction = begin()) {
			for (String payload : payloads) {
				transaction.insert(key, payload);
			}
			transaction.commit();
		}
	}

	/**
	 * Writes an event and commits.
	 * @param destination where it goes
	 * @param key its key
	 * @param payload its payload
	 */
	public final void insertTo(Destination destination, String key, String payload) {
		try (Transaction transaction = begin()) {
			transaction.append(List.of(event(destination, key, payload.getBytes(StandardCharsets.UTF_8), null)));
			transaction.commit();
		}
	}

	/**
	 * Returns the number of the dead letter that came last.
	 * @return its number
	 */
	public final long lastDeadLetter() {
		List<DeadLetter> letters = deadLetters().list(DeadLetterFilter.all(), 0, 1000);
		return letters.get(letters.size() - 1).number();
	}

	/**
	 * Returns the partition of a key.
	 * @param key the key
	 * @return the partition
	 */
	public static int partition(String key) {
		return new Partitions(PARTITIONS).partitionOf(key, new UUID(0, 0));
	}

	/**
	 * Makes an event that is due, to {@link #ORDERS}.
	 * @param key its key
	 * @param payload its payload
	 * @return the event, which has not been stored
	 */
	public static NewEvent event(String key, String payload) {
		return event(ORDERS, key, payload.getBytes(StandardCharsets.UTF_8), null);
	}

	/**
	 * Makes an event.
	 * @param destination where it goes
	 * @param key its key
	 * @param payload its payload
	 * @param deliverAt when it is due, {@code null} for at once
	 * @return the event, which has not been stored
	 */
	public static NewEvent event(Destination destination, String key, byte[] payload, @Nullable Instant deliverAt) {
		return event("order.placed", destination, key, payload, deliverAt);
	}

	/**
	 * Makes an event.
	 * @param type its logical type
	 * @param destination where it goes
	 * @param key its key
	 * @param payload its payload
	 * @param deliverAt when it is due, {@code null} for at once
	 * @return the event, which has not been stored
	 */
	public static NewEvent event(String type, Destination destination, String key, byte[] payload,
			@Nullable Instant deliverAt) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), key, "order", key, type, 1, destination, Map.of(),
				"text/plain", Map.of(), payload, Instant.parse("2026-11-21T10:15:30Z"));
		return new NewEvent(event, partition(key), deliverAt);
	}

}
